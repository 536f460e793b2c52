#include "tests/support/toy_images.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/spec/infer.hpp"

using namespace engine;

TEST_CASE("toy images carry their label as the place of a bright band", "[support]") {
  const data::Images images = test::toy_images(40, 9, 7, 3, 5);
  REQUIRE(images.count() == 40);
  REQUIRE(images.pixels.size() == 40 * 9 * 7);
  bool seen[3] = {};
  for (u32 i = 0; i < images.count(); ++i) {
    const int label = images.labels[i];
    CAPTURE(i, label);
    REQUIRE(label < 3);
    seen[label] = true;
    for (int y = 0; y < 9; ++y)
      CHECK((images.image(i)[std::size_t(y) * 7] >= 190) == (y / 3 == label));
  }
  CHECK((seen[0] && seen[1] && seen[2]));
  CHECK(images == test::toy_images(40, 9, 7, 3, 5));
  CHECK_FALSE(images == test::toy_images(40, 9, 7, 3, 6));
}

TEST_CASE("the toy network and its configuration are accepted", "[support]") {
  CHECK(spec::infer(test::toy_network(9, 7, 3)).ok());
  CHECK(spec::check(test::toy_config()).ok());
}
