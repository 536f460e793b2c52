#include "engine/kernels/softmax.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/kernels/ref/softmax.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

constexpr f32 kInf = std::numeric_limits<f32>::infinity();
constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();

}  // namespace

TEST_CASE("softmax rows give the bits of their plain twins", "[kernels]") {
  for (const std::size_t rows : {1u, 3u}) {
    for (std::size_t columns = 1; columns <= 80; ++columns) {
      CAPTURE(rows, columns);
      const std::size_t n = rows * columns;
      test::Padded x(test::random_floats(n, 1, -20, 20), 1), dy(n, 2, 2), got(n, 3, 3);
      std::vector<f32> want(n), y(n);
      softmax_rows(x.data(), got.data(), rows, columns);
      ref::softmax_rows(x.data(), want.data(), rows, columns);
      REQUIRE(test::same_bits(got.span(), want));
      y = want;
      softmax_backward_rows(y.data(), dy.data(), got.data(), rows, columns);
      ref::softmax_backward_rows(y.data(), dy.data(), want.data(), rows, columns);
      REQUIRE(test::same_bits(got.span(), want));
      log_softmax_rows(x.data(), got.data(), rows, columns);
      ref::log_softmax_rows(x.data(), y.data(), rows, columns);
      REQUIRE(test::same_bits(got.span(), y));
      log_softmax_backward_rows(y.data(), dy.data(), got.data(), rows, columns);
      ref::log_softmax_backward_rows(y.data(), dy.data(), want.data(), rows, columns);
      REQUIRE(test::same_bits(got.span(), want));
      REQUIRE(got.untouched());
    }
  }
}

TEST_CASE("softmax is close to the same in double, and shifts do not matter", "[kernels]") {
  const std::vector<f32> x = {1, 2, 3, -4}, far = {1001, 1002, 1003, 996};
  double total = 0;
  for (f32 v : x) total += std::exp(double(v));
  std::vector<f32> p(4), log_p(4), want, log_want;
  for (f32 v : x) {
    want.push_back(f32(std::exp(double(v)) / total));
    log_want.push_back(f32(v - std::log(total)));
  }
  softmax_rows(x.data(), p.data(), 1, 4);
  CHECK(test::near(p, want, 0, 5e-7));
  log_softmax_rows(x.data(), log_p.data(), 1, 4);
  CHECK(test::near(log_p, log_want, 5e-7, 5e-7));
  std::vector<f32> q(4);
  softmax_rows(far.data(), q.data(), 1, 4);
  CHECK(test::same_bits(q, p));
}

TEST_CASE("a row with NaN or infinity gives NaN and leaves its neighbours alone", "[kernels]") {
  for (const f32 bad : {kNaN, kInf}) {
    const std::vector<f32> x = {0, bad, 0, 0, 0, 0};
    std::vector<f32> y(6);
    softmax_rows(x.data(), y.data(), 2, 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK((y[i] != y[i] || bad == kInf));
    CHECK(y[1] != y[1]);
    CHECK(
        test::near(std::vector<f32>(y.begin() + 3, y.end()), std::vector<f32>(3, 1.0f / 3), 1e-7));
    log_softmax_rows(x.data(), y.data(), 2, 3);
    CHECK(y[1] != y[1]);
    CHECK(test::near(y[5], -std::log(3.0), 1e-6));
  }
}
