#include "engine/core/grey.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace engine;

TEST_CASE("luma weighs green most and keeps black and white", "[core]") {
  const std::vector<u8> rgba = {0, 0,   0, 255, 255, 255, 255, 255, 255, 0,
                                0, 255, 0, 255, 0,   255, 0,   0,   255, 255};
  CHECK(grey_of(rgba) == std::vector<u8>{0, 255, 76, 150, 29});
}

TEST_CASE("a transparent ground is black under a light subject and white under a dark one",
          "[core]") {
  CHECK(grey_of(std::vector<u8>{0, 0, 0, 0, 250, 250, 250, 255}) == std::vector<u8>{0, 250});
  CHECK(grey_of(std::vector<u8>{0, 0, 0, 0, 10, 10, 10, 255}) == std::vector<u8>{255, 10});
  CHECK(grey_of(std::vector<u8>{9, 9, 9, 0}) == std::vector<u8>{255});
}

TEST_CASE("what is half transparent lies half way to the ground", "[core]") {
  const std::vector<u8> rgba = {0, 0, 0, 255, 100, 100, 100, 51};  // dark: on white, 1/5 of it
  CHECK(grey_of(rgba) == std::vector<u8>{0, 224});
}

TEST_CASE("no pixels give no grey", "[core]") { CHECK(grey_of({}).empty()); }
