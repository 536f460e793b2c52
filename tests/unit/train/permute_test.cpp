#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <numeric>

#include "engine/data/permutation.hpp"
#include "engine/train/examples.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;

namespace {

constexpr int kH = 9, kW = 7, kClasses = 3;
constexpr u32 kSeed = 5;

std::vector<f32> ordered(u32 seed, std::size_t area) {
  std::vector<f32> x(area), scratch(area);
  std::iota(x.begin(), x.end(), 0.0f);
  data::Permutation(seed, area).apply(x, scratch);
  return x;
}

// The images as Permutation would have them.
data::Images permuted(data::Images images) {
  const std::vector<f32> order = ordered(kSeed, images.area());
  const std::vector<u8> before = images.pixels;
  for (std::size_t at = 0; at < before.size(); at += images.area()) {
    for (std::size_t i = 0; i < images.area(); ++i)
      images.pixels[at + i] = before[at + std::size_t(order[i])];
  }
  return images;
}

u64 trained(const data::Images& images, const spec::Train& config) {
  Pool pool(2);
  auto trainer = train::Trainer::create(test::toy_network(kH, kW, kClasses), config, images, pool);
  REQUIRE(trainer.ok());
  while ((*trainer)->step() != train::Trainer::Did::finished_run) {
  }
  return (*trainer)->network().weight_hash();
}

}  // namespace

TEST_CASE("permutation: every pixel comes once, in an order that its seed fixes", "[data]") {
  const std::vector<f32> none = ordered(0, 63), one = ordered(kSeed, 63);
  CHECK(std::ranges::is_sorted(none));
  CHECK_FALSE(std::ranges::is_sorted(one));
  CHECK(one == ordered(kSeed, 63));
  CHECK(one != ordered(kSeed + 1, 63));
  std::vector<f32> sorted = one;
  std::ranges::sort(sorted);
  CHECK(sorted == none);
}

TEST_CASE("permutation: of a batch, each image is permuted within itself", "[data]") {
  constexpr std::size_t kImages = 3, kArea = 63;
  const std::vector<f32> order = ordered(kSeed, kArea);
  std::vector<f32> x(kImages * kArea), scratch(kArea);
  std::iota(x.begin(), x.end(), 0.0f);
  const data::Permutation permutation(kSeed, kArea);
  permutation.apply(x, scratch);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    const std::size_t first = i / kArea * kArea;
    CHECK(x[i] == f32(first) + order[i % kArea]);
  }
  permutation.apply({}, scratch);  // no images
}

TEST_CASE("a run with permuted pixels is a run on images that were permuted before", "[train]") {
  const data::Images images = test::toy_images(61, kH, kW, kClasses, 3);
  spec::Train config = test::toy_config();
  config.augment = {};  // augmentation comes first, where shapes still have a meaning
  const u64 plain = trained(images, config), before = trained(permuted(images), config);
  config.permute = kSeed;
  const u64 within = trained(images, config);
  CHECK(within == before);
  CHECK(within != plain);
}

TEST_CASE("augmented images are permuted too, in training as on the sheet", "[train]") {
  const data::Images images = test::toy_images(61, kH, kW, kClasses, 3);
  spec::Train config = test::toy_config();
  const u64 plain = trained(images, config);
  const std::vector<u8> varied = train::examples(images, config, 2, 9, 1);
  config.permute = kSeed;
  CHECK(trained(images, config) != plain);
  const std::vector<u8> sheet = train::examples(images, config, 2, 9, 1);
  const std::vector<f32> order = ordered(kSeed, images.area());
  REQUIRE(sheet.size() == varied.size());
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    CAPTURE(i);
    CHECK(sheet[i] == varied[std::size_t(order[i])]);
  }
}
