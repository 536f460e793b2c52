#include "engine/core/math.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/core/types.hpp"
#include "tests/support/near.hpp"

using namespace engine;

namespace {

constexpr f32 kInf = std::numeric_limits<f32>::infinity();
constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
constexpr f32 kMax = std::numeric_limits<f32>::max();
constexpr f32 kTiniest = std::numeric_limits<f32>::denorm_min();

// The distance of two neighbouring floats at |v|.
double ulp(double v) {
  const f32 a = f32(std::abs(v));
  return double(std::nextafterf(a, kInf)) - double(a);
}

struct Worst {
  double ulps = 0;
  f32 at = 0;
};

// The largest error of f against want, in ulp of the true value, over every `step`-th float with
// low <= x <= high.
template <class F, class Want>
Worst worst_error(F f, Want want, f32 low, f32 high, u32 step) {
  Worst worst;
  const auto look = [&](f32 x) {
    const double truth = want(double(x)), error = std::abs(double(f(x)) - truth) / ulp(truth);
    if (std::isnan(error) || error > worst.ulps) worst = {error, x};  // a NaN sticks
  };
  for (u64 bits = 0; bits <= 0x7f800000u; bits += step) {
    const f32 x = std::bit_cast<f32>(u32(bits));
    if (x >= low && x <= high) look(x);
    if (-x >= low && -x <= high) look(-x);
  }
  return worst;
}

constexpr u32 kStep = 1009;  // 2 million floats a function

bool nan(f32 v) { return v != v; }

}  // namespace

TEST_CASE("exp is within 2 ulp wherever its value is a normal number", "[core]") {
  const Worst w = worst_error(
      math::exp, [](double x) { return std::exp(x); }, -87.3365402f, 88.7228317f, kStep);
  CAPTURE(w.at);
  CHECK(test::near(w.ulps, 0.0, 2.0));
}

TEST_CASE("exp at its ends", "[core]") {
  CHECK(math::exp(0) == 1.0f);
  CHECK(math::exp(-0.0f) == 1.0f);
  CHECK(math::exp(88.7228317f) < kInf);
  CHECK(math::exp(88.7228394f) == kInf);
  CHECK(math::exp(kMax) == kInf);
  CHECK(math::exp(kInf) == kInf);
  CHECK(math::exp(-87.3365402f) >= std::numeric_limits<f32>::min());
  CHECK(math::exp(-87.3365479f) == 0.0f);
  CHECK(math::exp(-kMax) == 0.0f);
  CHECK(math::exp(-kInf) == 0.0f);
  CHECK(nan(math::exp(kNaN)));
}

TEST_CASE("log is within 2 ulp for all positive numbers, denormal ones too", "[core]") {
  const Worst w =
      worst_error(math::log, [](double x) { return std::log(x); }, kTiniest, kMax, kStep);
  CAPTURE(w.at);
  CHECK(test::near(w.ulps, 0.0, 2.0));
  const Worst near_one =
      worst_error(math::log, [](double x) { return std::log(x); }, 0.7f, 1.5f, 7);
  CAPTURE(near_one.at);
  CHECK(test::near(near_one.ulps, 0.0, 2.0));
}

TEST_CASE("log at its ends", "[core]") {
  CHECK(math::log(1) == 0.0f);
  CHECK(math::log(0) == -kInf);
  CHECK(math::log(-0.0f) == -kInf);
  CHECK(nan(math::log(-1)));
  CHECK(nan(math::log(-kTiniest)));
  CHECK(nan(math::log(-kInf)));
  CHECK(math::log(kInf) == kInf);
  CHECK(nan(math::log(kNaN)));
}

TEST_CASE("tanh is within 4 ulp, odd, and reaches 1", "[core]") {
  const Worst w = worst_error(math::tanh, [](double x) { return std::tanh(x); }, -20, 20, kStep);
  CAPTURE(w.at);
  CHECK(test::near(w.ulps, 0.0, 4.0));
  for (f32 x = 0.001f; x < 30; x *= 1.07f) REQUIRE(math::tanh(-x) == -math::tanh(x));
  CHECK(std::signbit(math::tanh(-0.0f)));
  CHECK(math::tanh(kInf) == 1.0f);
  CHECK(math::tanh(-kInf) == -1.0f);
  CHECK(math::tanh(kMax) == 1.0f);
  CHECK(nan(math::tanh(kNaN)));
}

TEST_CASE("sigmoid is within 4 ulp wherever its value is a normal number", "[core]") {
  const Worst w = worst_error(
      math::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -87.33f, 100, kStep);
  CAPTURE(w.at);
  CHECK(test::near(w.ulps, 0.0, 4.0));
}

TEST_CASE("sigmoid at its ends", "[core]") {
  CHECK(math::sigmoid(0) == 0.5f);
  CHECK(math::sigmoid(kInf) == 1.0f);
  CHECK(math::sigmoid(-kInf) == 0.0f);
  CHECK(math::sigmoid(-kMax) == 0.0f);
  CHECK(math::sigmoid(-88) == 0.0f);
  CHECK(nan(math::sigmoid(kNaN)));
}

TEST_CASE("erf is within 3 ulp, odd, and reaches 1", "[core]") {
  const Worst w = worst_error(math::erf, [](double x) { return std::erf(x); }, -6, 6, kStep);
  CAPTURE(w.at);
  CHECK(test::near(w.ulps, 0.0, 3.0));
  const Worst at_the_join =
      worst_error(math::erf, [](double x) { return std::erf(x); }, 0.9f, 0.95f, 1);
  CAPTURE(at_the_join.at);
  CHECK(test::near(at_the_join.ulps, 0.0, 3.0));
  for (f32 x = 0.001f; x < 30; x *= 1.07f) REQUIRE(math::erf(-x) == -math::erf(x));
  CHECK(std::signbit(math::erf(-0.0f)));
  CHECK(math::erf(4) == 1.0f);
  CHECK(math::erf(kMax) == 1.0f);
  CHECK(math::erf(kInf) == 1.0f);
  CHECK(math::erf(-kInf) == -1.0f);
  CHECK(nan(math::erf(kNaN)));
}

TEST_CASE("sin and cos are within 2e-7 up to 1000", "[core]") {
  double worst_sin = 0, worst_cos = 0;
  for (int i = -4000000; i <= 4000000; i += 3) {
    const f32 x = f32(i) * 2.5e-4f;
    const double s = std::abs(math::sin(x) - std::sin(double(x))),
                 c = std::abs(math::cos(x) - std::cos(double(x)));
    if (std::isnan(s) || s > worst_sin) worst_sin = s;
    if (std::isnan(c) || c > worst_cos) worst_cos = c;
  }
  CHECK(test::near(worst_sin, 0.0, 2e-7));
  CHECK(test::near(worst_cos, 0.0, 2e-7));
  CHECK(math::sin(0) == 0.0f);
  CHECK(math::cos(0) == 1.0f);
  CHECK(nan(math::sin(kNaN)));
  CHECK(nan(math::cos(kInf)));
}

TEST_CASE("sqrt is correctly rounded", "[core]") {
  for (u32 bits = 0; bits < 0x7f800000u; bits += 65537) {
    const f32 x = std::bit_cast<f32>(bits);
    REQUIRE(math::sqrt(x) ==
            f32(std::sqrt(double(x))));  // double has enough digits for this to round once
  }
  CHECK(nan(math::sqrt(-1)));
  CHECK(math::sqrt(kInf) == kInf);
}
