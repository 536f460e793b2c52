#include "tests/support/near.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <vector>

using engine::f32;

namespace {

using Floats = std::vector<f32>;
using Doubles = std::vector<double>;
constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
constexpr f32 kInf = std::numeric_limits<f32>::infinity();

bool near_floats(const Floats& got, const Floats& want, double absolute, double relative = 0) {
  return test::near(got, want, absolute, relative).ok;
}

}  // namespace

TEST_CASE("near accepts what is within either tolerance", "[support]") {
  CHECK(near_floats({1, 2}, {1, 2}, 0));
  CHECK(near_floats({1.5f}, {1}, 0.5));
  CHECK(near_floats({110}, {100}, 0, 0.1));
  CHECK(near_floats({kInf}, {kInf}, 0));
  CHECK(test::near(Doubles{0.1}, Doubles{0.1}, 0).ok);
  CHECK(test::near(2.0, 2.5, 0.5).ok);
}

TEST_CASE("near refuses a difference, NaN, another length and another order", "[support]") {
  CHECK_FALSE(near_floats({1.5f}, {1}, 0.25));
  CHECK_FALSE(near_floats({120}, {100}, 0, 0.1));
  CHECK_FALSE(near_floats({1, 2, 9}, {1, 2, 3}, 1));
  CHECK_FALSE(near_floats({kNaN}, {1}, 1e9));
  CHECK_FALSE(near_floats({1}, {kNaN}, 1e9));
  CHECK_FALSE(near_floats({kNaN}, {kNaN}, 1e9));
  CHECK_FALSE(near_floats({kInf}, {-kInf}, 1e9));
  CHECK_FALSE(near_floats({1}, {kInf}, 0, 0.1));
  CHECK_FALSE(near_floats({-kInf}, {kInf}, 0, 0.1));
  CHECK_FALSE(near_floats({kInf}, {1}, 0, 0.1));
  CHECK_FALSE(near_floats({1, 2}, {1, 2, 3}, 1e9));
  CHECK_FALSE(near_floats({1, 2, 3}, {1, 2}, 1e9));
  CHECK_FALSE(near_floats({2, 1}, {1, 2}, 0.5));
  CHECK_FALSE(near_floats({-1}, {1}, 0.5));
  CHECK_FALSE(test::near(Doubles{1, 2}, Doubles{1, 3}, 0.5).ok);
  CHECK_FALSE(test::near(2.0, 2.5, 0.25).ok);
}

TEST_CASE("near names the first difference", "[support]") {
  const test::Verdict verdict = test::near(Floats{1, 5, 7}, Floats{1, 2, 3}, 0.5);
  CHECK(verdict.what == "at 1 of 3: got 5, want 2");
}

TEST_CASE("same_bits tells the signs of zero apart and knows NaN", "[support]") {
  CHECK(test::same_bits(Floats{0, 1, kNaN}, Floats{0, 1, kNaN}).ok);
  CHECK_FALSE(test::same_bits(Floats{0.0f}, Floats{-0.0f}).ok);
  CHECK_FALSE(test::same_bits(Floats{1}, Floats{1 + std::numeric_limits<f32>::epsilon()}).ok);
  CHECK_FALSE(test::same_bits(Floats{1}, Floats{kNaN}).ok);
  CHECK_FALSE(test::same_bits(Floats{1}, Floats{1, 2}).ok);
}
