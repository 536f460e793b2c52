#include "engine/data/dataset.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

using namespace engine;

TEST_CASE("dataset: pixels become f32 by one formula, with both ends exact", "[data]") {
  CHECK(data::pixel_value(0) == 0.0f);
  CHECK(data::pixel_value(255) == 1.0f);
  CHECK(data::pixel_value(51) == 51 * 0.003921568859368563f);  // 1/255 as a float
  for (u32 i = 1; i < 256; ++i) {
    CAPTURE(i);
    CHECK(data::pixel_value(u8(i)) > data::pixel_value(u8(i - 1)));
  }
}

TEST_CASE("dataset: a batch holds the images of its ids, in their order", "[data]") {
  data::Images images{2, 3, {}, {5, 6, 7}};
  for (u8 i = 0; i < 18; ++i) images.pixels.push_back(i);
  const std::array<u32, 4> ids{2, 0, 2, 1};
  std::array<f32, 24> x;
  std::array<u8, 4> labels;
  x.fill(-1);
  data::assemble(images, ids, x, labels);
  CHECK(labels == std::array<u8, 4>{7, 5, 7, 6});
  for (std::size_t n = 0; n < 4; ++n) {
    for (std::size_t i = 0; i < 6; ++i)
      CHECK(x[n * 6 + i] == data::pixel_value(u8(ids[n] * 6 + i)));
  }
  data::assemble(images, {}, {}, {});
}

TEST_CASE("dataset: FashionMNIST has ten names in the order of its labels", "[data]") {
  REQUIRE(data::fashion_mnist_names().size() == 10);
  CHECK(data::fashion_mnist_names()[0] == "T-shirt/top");
  CHECK(data::fashion_mnist_names()[9] == "Ankle boot");
}

#ifndef __EMSCRIPTEN__  // reads files

TEST_CASE("dataset: FashionMNIST's own files, where they are installed", "[data]") {
  if (!std::filesystem::exists(data::kFashionMnistFolder))
    SKIP("dataset-fashion-mnist is not installed");
  const auto dataset = data::load_fashion_mnist();
  REQUIRE(dataset.ok());
  CHECK(dataset->train.count() == 60'000);
  CHECK(dataset->test.count() == 10'000);
  CHECK(dataset->train.area() == 784);
  for (u8 label = 0; label < 10; ++label) {
    CHECK(std::count(dataset->train.labels.begin(), dataset->train.labels.end(), label) == 6'000);
    CHECK(std::count(dataset->test.labels.begin(), dataset->test.labels.end(), label) == 1'000);
  }
  CHECK(dataset->train.labels[0] == 9);  // the first image is an ankle boot
}

#endif
