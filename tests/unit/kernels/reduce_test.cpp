#include "engine/kernels/reduce.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <vector>

#include "engine/kernels/ref/reduce.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

constexpr f32 kInf = std::numeric_limits<f32>::infinity();
constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();

test::Verdict same(f32 got, f32 want) {
  return test::same_bits(std::span(&got, 1), std::span(&want, 1));
}

}  // namespace

TEST_CASE("sums give the bits of sixteen lanes and their fold", "[kernels]") {
  for (std::size_t n = 0; n <= 80; ++n) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      CAPTURE(n, offset);
      const test::Padded p(n, offset, 1), q(n, 3 - offset, 2);
      const f32 *a = p.span().data(), *b = q.span().data();
      REQUIRE(same(sum(a, n), ref::sum(a, n)));
      REQUIRE(same(sum_squares(a, n), ref::sum_squares(a, n)));
      REQUIRE(same(dot(a, b, n), ref::dot(a, b, n)));
      REQUIRE(same(sum_squared_deviations(a, 0.3f, n), ref::sum_squared_deviations(a, 0.3f, n)));
      REQUIRE(same(dot_deviations(a, b, 0.3f, n), ref::dot_deviations(a, b, 0.3f, n)));
    }
  }
}

TEST_CASE("sums are right, not only equal to their twins", "[kernels]") {
  const std::vector<f32> a = {1, 2, 3, 4, 5}, b = {5, 4, 3, 2, 1};
  CHECK(sum(a.data(), 5) == 15);
  CHECK(sum_squares(a.data(), 5) == 55);
  CHECK(dot(a.data(), b.data(), 5) == 35);
  CHECK(sum_squared_deviations(a.data(), 3, 5) == 10);
  CHECK(dot_deviations(a.data(), b.data(), 3, 5) == -10);
  const std::vector<f32> x = test::random_floats(10007, 3);
  double want = 0;
  for (f32 v : x) want += v;
  CHECK(test::near(double(sum(x.data(), x.size())), want, 1e-3));
}

TEST_CASE("argmax takes the first of equals and the first NaN", "[kernels]") {
  const auto at = [](const std::vector<f32>& x) { return argmax(x.data(), x.size()); };
  CHECK(at({3}) == 0);
  CHECK(at({1, 5, 2, 5}) == 1);
  CHECK(at({-kInf, -kInf}) == 0);
  CHECK(at({1, kInf, kNaN, kNaN}) == 2);
  CHECK(at({kNaN, 7}) == 0);
  CHECK(maximum(std::vector<f32>{1, 5, 2}.data(), 3) == 5);
}

TEST_CASE("the maximum is the element that argmax names, to the bit", "[kernels]") {
  for (const std::vector<f32>& x : std::vector<std::vector<f32>>{{3},
                                                                 {1, 5, 2, 5},
                                                                 {0.0f, -0.0f},
                                                                 {-0.0f, 0.0f},
                                                                 {-kInf, -kInf},
                                                                 {1, kInf, kNaN},
                                                                 {kNaN, 7},
                                                                 {-1, kNaN, kInf},
                                                                 test::random_floats(37, 5)}) {
    const f32 got = maximum(x.data(), x.size()), want = x[argmax(x.data(), x.size())];
    CHECK(test::same_bits({&got, 1}, {&want, 1}));
  }
}

TEST_CASE("all_finite finds one bad element anywhere", "[kernels]") {
  for (std::size_t n = 0; n < 20; ++n) {
    const test::Padded good(n, 1, 1);  // NaN on both sides must not be looked at
    CHECK(all_finite(good.span().data(), n));
    for (std::size_t i = 0; i < n; ++i) {
      for (const f32 bad : {kNaN, kInf, -kInf}) {
        test::Padded p(n, 1, 1);
        p.data()[i] = bad;
        CAPTURE(n, i, bad);
        CHECK_FALSE(all_finite(p.data(), n));
      }
    }
  }
}
