#include "engine/kernels/avgpool.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "engine/kernels/ref/avgpool.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

const std::vector<PoolShape> kShapes = {{1, 1, 1, 1, 0},   {2, 2, 2, 2, 0},  {28, 28, 2, 2, 0},
                                        {14, 9, 2, 2, 0},  {7, 25, 2, 2, 0}, {5, 6, 3, 1, 1},
                                        {9, 8, 3, 2, 1},   {6, 7, 2, 1, 0},  {5, 5, 2, 3, 1},
                                        {11, 10, 4, 3, 2}, {3, 40, 2, 2, 1}, {1, 2, 2, 1, 1}};

std::size_t area(int h, int w) { return std::size_t(h * w); }

}  // namespace

TEST_CASE("average-pooling gives the bits of the plain loops, forward and backward", "[kernels]") {
  for (const PoolShape& s : kShapes) {
    CAPTURE(s.h, s.w, s.kernel, s.stride, s.padding);
    const std::size_t in = area(s.h, s.w), out = area(s.out_h(), s.out_w());
    test::Padded x(in, 1, 1), y(out, 2, 2), dy(out, 3, 3), dx(in, 1, 4);
    x.span()[0] = -0.0f;  // 0 + -0 is 0
    dy.span()[0] = -0.0f;
    std::vector<f32> want(out), dx_want(in);
    avgpool(s, x.data(), y.data());
    ref::avgpool(s, x.data(), want.data());
    REQUIRE(test::same_bits(y.span(), want));
    avgpool_backward(s, dy.data(), dx.data());
    ref::avgpool_backward(s, dy.data(), dx_want.data());
    REQUIRE(test::same_bits(dx.span(), dx_want));
    REQUIRE((x.untouched() && y.untouched() && dy.untouched() && dx.untouched()));
  }
}

TEST_CASE("average-pooling worked by hand: the zeros of the padding count", "[kernels]") {
  // Windows of 2 x 2 with a ring of zeros: each corner of x stands alone in one.
  const PoolShape s{2, 2, 2, 2, 1};
  const std::vector<f32> x = {4, 8, -12, 16}, dy = {1, 2, 3, 4};
  std::vector<f32> y(4), dx(4);
  avgpool(s, x.data(), y.data());
  CHECK(y == std::vector<f32>{1, 2, -3, 4});
  avgpool_backward(s, dy.data(), dx.data());
  CHECK(dx == std::vector<f32>{0.25f, 0.5f, 0.75f, 1});
}
