#include "engine/lab/array.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>

#include "tests/support/near.hpp"

using namespace engine::lab;

TEST_CASE("lab exponential agrees with the C library's to 2 ulp", "[lab]") {
  constexpr double kUlp = 2.220446049250313e-16;
  for (int i = -7000; i <= 7090; ++i) {
    const double x = i * 0.1 + 0.0137;
    const double want = std::exp(x);
    CAPTURE(x);
    CHECK(test::near(exponential(x), want, 0, 2 * kUlp));
  }
}

TEST_CASE("lab exponential at its edges", "[lab]") {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  CHECK(exponential(0) == 1);
  CHECK(exponential(-0.0) == 1);
  CHECK(exponential(710) == kInf);
  CHECK(exponential(kInf) == kInf);
  CHECK(exponential(-kInf) == 0);
  CHECK(exponential(-800) == 0);
  CHECK(std::isnan(exponential(std::numeric_limits<double>::quiet_NaN())));
  CHECK(test::near(exponential(709.7), std::exp(709.7), 0, 1e-15));
  CHECK(test::near(exponential(-740), std::exp(-740), 1e-323));  // denormal
}

TEST_CASE("lab matmul: worked by hand, not square", "[lab]") {
  const Array a{{1, 2, 3}, {4, 5, 6}};
  const Array b{{1, -1}, {0, 2}, {10, 0.5}};
  const Array c = matmul(a, b);
  CHECK(c == Array{{31, 4.5}, {64, 9}});
  const Array three = 3 * xt::ones<double>({1, 1});
  CHECK(matmul(three, three) == Array(9 * xt::ones<double>({1, 1})));
}
