#include "engine/core/arena.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <utility>

using engine::Arena;

TEST_CASE("an arena is aligned, of the asked size and all zeros", "[core]") {
  for (const std::size_t n : {1u, 15u, 16u, 17u, 1000u}) {
    CAPTURE(n);
    Arena a(n);
    CHECK(a.size() == n);
    CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % 64 == 0);
    CHECK(std::all_of(a.span().begin(), a.span().end(), [](float v) { return v == 0; }));
    a.span().back() = 1;
  }
}

TEST_CASE("an empty arena holds nothing", "[core]") {
  CHECK(Arena().data() == nullptr);
  CHECK(Arena(0).size() == 0);
}

TEST_CASE("moving an arena hands over its block", "[core]") {
  Arena a(8), b(4);
  a.data()[3] = 7;
  const float* block = a.data();
  b = std::move(a);
  CHECK(b.data() == block);
  CHECK(b.size() == 8);
  Arena c(std::move(b));
  CHECK(c.data()[3] == 7);
  CHECK(b.data() == nullptr);  // NOLINT(bugprone-use-after-move)
  CHECK(b.size() == 0);
}

TEST_CASE("aligned() rounds up to whole lines", "[core]") {
  CHECK(Arena::aligned(0) == 0);
  CHECK(Arena::aligned(1) == 16);
  CHECK(Arena::aligned(16) == 16);
  CHECK(Arena::aligned(17) == 32);
}
