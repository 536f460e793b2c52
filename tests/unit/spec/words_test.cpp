#include "engine/spec/words.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace engine;

TEST_CASE("words: thousands are grouped", "[spec]") {
  CHECK(spec::grouped(0) == "0");
  CHECK(spec::grouped(999) == "999");
  CHECK(spec::grouped(1'000) == "1,000");
  CHECK(spec::grouped(467'818) == "467,818");
  CHECK(spec::grouped(~u64{0}) == "18,446,744,073,709,551,615");
}

TEST_CASE("words: shapes and numbers as a student writes them", "[spec]") {
  CHECK(spec::in_words(Shape{32, 14, 14}) == "32 x 14 x 14");
  CHECK(spec::in_words(Shape{1960, 1, 1}) == "1,960 values");
  CHECK(spec::in_words(Shape{1, 1, 1}) == "1 value");
  CHECK(spec::in_words(0.1f) == "0.1");
  CHECK(spec::in_words(28.0f) == "28");
}
