#include "engine/train/examples.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>

#include "engine/sketch/studio.hpp"
#include "tests/support/toy_images.hpp"

namespace {

using namespace engine;

constexpr u32 kIndex = 2, kSeed = 9;

std::vector<u8> picture(const std::vector<u8>& sheet, std::size_t i, std::size_t area) {
  const auto first = sheet.begin() + std::ptrdiff_t(i * area);
  return {first, first + std::ptrdiff_t(area)};
}

std::vector<u8> bytes(const std::array<f32, sketch::kArea>& values) {
  std::vector<u8> pixels;
  for (f32 v : values) pixels.push_back(data::to_pixel(v));
  return pixels;
}

}  // namespace

TEST_CASE("examples: the kinds that are on take turns, each as a run would make it", "[train]") {
  const data::Images images = test::toy_images(4, 28, 28, 10, 1);
  const std::span<const u8> image = images.image(kIndex);
  const std::vector<u8> plain(image.begin(), image.end());
  spec::Train train;
  const auto alone = train::examples(images, train, kIndex, kSeed, 2);
  CHECK(picture(alone, 0, images.area()) == plain);
  CHECK(picture(alone, 1, images.area()) == plain);

  train.versions = 3;
  train.drawings = 1;
  train.nothings = 1;
  const auto sheet = train::examples(images, train, kIndex, kSeed, 8);
  REQUIRE(sheet.size() == 8 * images.area());
  sketch::Studio studio;
  std::array<f32, sketch::kArea> want{};
  for (u32 i = 0; i < 8; ++i) {
    CAPTURE(i);
    const sketch::Key key{kSeed, i, kIndex};
    if (i % 4 == 1) studio.version(image, key, want);
    if (i % 4 == 2) studio.garment(images.labels[kIndex], key, want);
    if (i % 4 == 3) studio.nothing(key, want);
    CHECK(picture(sheet, i, images.area()) == (i % 4 == 0 ? plain : bytes(want)));
  }
  CHECK(train::examples(images, train, kIndex, kSeed, 8) == sheet);
  CHECK(train::examples(images, train, kIndex, kSeed + 1, 8) != sheet);
}

TEST_CASE("examples: images of another size, or of classes without a drawing, are shown alone",
          "[train]") {
  spec::Train train;
  train.versions = 1;
  train.drawings = 1;
  train.nothings = 1;
  const data::Images small = test::toy_images(3, 9, 7, 3, 1);
  const auto sheet = train::examples(small, train, 1, kSeed, 4);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(std::ranges::equal(picture(sheet, i, small.area()), small.image(1)));
  train.versions = 0;
  train.nothings = 0;
  data::Images other = test::toy_images(3, 28, 28, 3, 1);
  other.labels[1] = 12;
  const auto unknown = train::examples(other, train, 1, kSeed, 2);
  CHECK(std::ranges::equal(picture(unknown, 1, other.area()), other.image(1)));
}

TEST_CASE("examples: drawings are augmented too", "[train]") {
  const data::Images images = test::toy_images(4, 28, 28, 10, 1);
  spec::Train train;
  train.drawings = 1;
  const auto plain = train::examples(images, train, kIndex, kSeed, 2);
  train.augment.erase = 1;
  train.augment.noise = 0.2f;
  const auto changed = train::examples(images, train, kIndex, kSeed, 2);
  CHECK(picture(plain, 1, images.area()) != picture(changed, 1, images.area()));
}
