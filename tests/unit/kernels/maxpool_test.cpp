#include "engine/kernels/maxpool.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/kernels/ref/maxpool.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

const std::vector<PoolShape> kShapes = {{1, 1, 1, 1, 0},   {2, 2, 2, 2, 0},  {28, 28, 2, 2, 0},
                                        {14, 9, 2, 2, 0},  {7, 25, 2, 2, 0}, {5, 6, 3, 1, 1},
                                        {9, 8, 3, 2, 1},   {6, 7, 2, 1, 0},  {5, 5, 2, 3, 1},
                                        {11, 10, 4, 3, 2}, {3, 40, 2, 2, 1}};

std::size_t area(int h, int w) { return std::size_t(h * w); }

}  // namespace

TEST_CASE("max-pooling gives the values and the winners of the plain loops", "[kernels]") {
  for (const PoolShape& s : kShapes) {
    for (const bool ties : {false, true}) {
      CAPTURE(s.h, s.w, s.kernel, s.stride, s.padding, ties);
      test::Padded x(area(s.h, s.w), 1, 1), y(area(s.out_h(), s.out_w()), 2, 2);
      for (f32& v : x.span())
        v = ties ? std::floor(v * 2) : v;  // -2, -1, 0, 1: many equals, and all may be negative
      std::vector<f32> want(area(s.out_h(), s.out_w()));
      std::vector<u32> index(want.size()), index_want(want.size());
      ref::maxpool(s, x.data(), want.data(), index_want.data());
      maxpool(s, x.data(), y.data(), index.data());
      REQUIRE(test::same_bits(y.span(), want));
      REQUIRE(index == index_want);
      maxpool(s, x.data(), y.data(), nullptr);
      REQUIRE(test::same_bits(y.span(), want));
      REQUIRE(y.untouched());
    }
  }
}

TEST_CASE("of equals the first wins, and a NaN beats everything", "[kernels]") {
  constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
  const PoolShape s{2, 8, 2, 2, 0};
  const std::vector<f32> x = {1, 1, 0, 2, kNaN, 9, -3, -2,  //
                              1, 1, 2, 1, 9,    9, -1, -1};
  std::vector<f32> y(4);
  std::vector<u32> index(4);
  maxpool(s, x.data(), y.data(), index.data());
  CHECK(y[0] == 1);
  CHECK(y[1] == 2);
  CHECK(y[2] != y[2]);
  CHECK(y[3] == -1);
  CHECK(index == std::vector<u32>{0, 3, 4, 14});
}

TEST_CASE("the gradient goes to the winners, and adds up where windows overlap", "[kernels]") {
  const PoolShape s{1, 3, 1, 1, 0};
  const std::vector<f32> dy = {1, 2, 3};
  const std::vector<u32> index = {2, 0, 2};
  test::Padded dx(3, 1, 1);
  maxpool_backward(s, dy.data(), index.data(), dx.data());
  CHECK(test::same_bits(dx.span(), std::vector<f32>{2, 0, 4}));
  CHECK(dx.untouched());
}
