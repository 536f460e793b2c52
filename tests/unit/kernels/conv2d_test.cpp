#include "engine/kernels/conv2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/kernels/ref/conv2d.hpp"
#include "tests/support/conv_case.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

using Floats = std::vector<f32>;

using Case = test::ConvCase;

// c, h, w, o, kernel, stride, padding, groups
const std::vector<Case> kCases = {
    {1, {1, 1, 1, 1, 1, 1, 0}},       {1, {1, 5, 4, 1, 3, 1, 1}},
    {2, {1, 28, 28, 10, 3, 2, 1}},    {3, {2, 7, 9, 5, 3, 1, 1}},
    {9, {3, 8, 5, 7, 3, 2, 1}},       {2, {4, 6, 6, 9, 5, 1, 0}},
    {2, {2, 9, 7, 3, 5, 2, 2}},       {1, {3, 6, 8, 4, 1, 1, 0}},
    {2, {3, 7, 8, 4, 1, 2, 0}},       {2, {2, 10, 11, 3, 2, 3, 0}},
    {1, {2, 11, 10, 17, 3, 3, 2}},    {2, {1, 3, 2, 2, 4, 1, 3}},
    {1, {2, 2, 2, 3, 5, 1, 4}},       {1, {1, 2, 3, 2, 6, 4, 5}},
    {2, {2, 13, 4, 33, 4, 2, 1}},     {17, {1, 6, 6, 2, 3, 1, 1}},
    {5, {16, 14, 14, 20, 3, 1, 1}},   {2, {2, 8, 8, 3, 7, 1, 3}},
    {8, {5, 1, 12, 6, 1, 1, 0}},      {1, {2, 12, 3, 4, 3, 5, 1}},
    {2, {4, 7, 6, 6, 3, 1, 1, 2}},    {3, {6, 9, 8, 9, 3, 2, 1, 3}},
    {9, {5, 6, 7, 5, 3, 1, 1, 5}},    {1, {3, 5, 5, 6, 3, 1, 1, 3}},
    {2, {6, 8, 5, 3, 2, 1, 0, 3}},    {2, {4, 9, 7, 4, 5, 1, 2, 4}},
    {3, {3, 10, 9, 3, 3, 2, 1, 3}},   {1, {2, 12, 11, 2, 9, 1, 4, 2}},
    {11, {34, 3, 4, 68, 1, 1, 0, 2}}, {2, {40, 6, 6, 20, 3, 1, 1, 20}},
    {1, {7, 1, 1, 7, 1, 1, 0, 7}},    {2, {2, 4, 5, 2, 4, 1, 3, 2}},
    {12, {3, 14, 14, 3, 3, 1, 1, 3}},
};

struct Everything {
  Floats y, dx, dw, db;
};

Everything run(const Case& c, Pool& pool, const Tiles& t, bool plain) {
  const Conv2dPlan plan(c.s, t);
  test::poison_scratch(pool, plan.worker_floats());
  test::Padded shared(plan.shared_floats(c.n), 0, 9);
  test::ConvTensors tensors(c);
  test::Padded db(std::size_t(c.s.o), 1, 8);
  if (plain) {
    ref::conv2d(c.s, tensors.xs, tensors.w.data(), tensors.b.data(), tensors.ys);
    ref::conv2d_input_gradient(c.s, tensors.dys, tensors.w.data(), tensors.dxs);
    ref::conv2d_weight_gradient(c.s, tensors.xs, tensors.dys, tensors.dw.data(), db.data());
  } else {
    plan.forward(pool, tensors.xs, tensors.w.data(), tensors.b.data(), tensors.ys, shared.data());
    plan.input_gradient(pool, tensors.dys, tensors.w.data(), tensors.dxs, shared.data());
    plan.weight_gradient(pool, {nullptr, tensors.xs.n}, tensors.xs, tensors.dys, tensors.dw.data(),
                         db.data(), shared.data());
  }
  REQUIRE((shared.untouched() && tensors.untouched() && db.untouched()));
  return {test::values_of(tensors.y), test::values_of(tensors.dx), test::values_of(tensors.dw),
          test::values_of(db)};
}

}  // namespace

TEST_CASE("convolutions give the bits of the plain loops for every variant and any threads",
          "[kernels]") {
  for (const int threads : {1, 3}) {
    Pool pool(threads);
    for (const Case& c : kCases) {
      const Everything want = run(c, pool, tiles(), true);
      for (const Tiles* t : tiles_here()) {
        CAPTURE(t->name, threads, c.n, c.s.c, c.s.h, c.s.w, c.s.o, c.s.kernel, c.s.stride,
                c.s.padding, c.s.groups);
        const Everything got = run(c, pool, *t, false);
        REQUIRE(test::same_bits(got.y, want.y));
        REQUIRE(test::same_bits(got.dx, want.dx));
        REQUIRE(test::same_bits(got.dw, want.dw));
        REQUIRE(test::same_bits(got.db, want.db));
      }
    }
  }
}

TEST_CASE("a gate does to y and dx what the ReLU beside the convolution would", "[kernels]") {
  Pool pool(2);
  for (const Case& c : kCases) {
    CAPTURE(c.n, c.s.c, c.s.h, c.s.w, c.s.o, c.s.kernel, c.s.stride, c.s.padding, c.s.groups);
    const Conv2dPlan plan(c.s);
    pool.reserve_scratch(plan.worker_floats());
    Arena shared(plan.shared_floats(c.n));
    const std::size_t in = c.ins(), out = c.outs();
    const Floats x = test::random_floats(in, 1), w = test::random_floats(c.weights(), 2),
                 dy = test::random_floats(out, 3);
    const BatchIn xs{x.data(), c.n, c.in()}, dys{dy.data(), c.n, c.out()};
    Floats y(out), gated_y(out), dx(in), gated_dx(in);
    plan.forward(pool, xs, w.data(), nullptr, {y.data(), c.n, c.out()}, shared.data());
    plan.forward(pool, xs, w.data(), nullptr, {gated_y.data(), c.n, c.out()}, shared.data(),
                 {true, nullptr});
    plan.input_gradient(pool, dys, w.data(), {dx.data(), c.n, c.in()}, shared.data());
    plan.input_gradient(pool, dys, w.data(), {gated_dx.data(), c.n, c.in()}, shared.data(),
                        {false, x.data()});
    relu(y.data(), y.data(), out);
    relu_backward(x.data(), dx.data(), dx.data(), in);
    REQUIRE(test::same_bits(gated_y, y));
    REQUIRE(test::same_bits(gated_dx, dx));
  }
}

TEST_CASE("a convolution worked by hand", "[kernels]") {
  // x = 1..9 (3 x 3), W = [1 2; 3 4], b = 10: y(0, 0) = 10 + 1 + 4 + 12 + 20.
  const Conv2dShape s{1, 3, 3, 1, 2, 1, 0};
  const Conv2dPlan plan(s);
  Pool pool(1);
  pool.reserve_scratch(plan.worker_floats());
  Arena shared(plan.shared_floats(1));
  const Floats x = {1, 2, 3, 4, 5, 6, 7, 8, 9}, w = {1, 2, 3, 4}, b = {10}, dy = {1, 0, 0, 2};
  Floats y(4), dx(9), dw = {100, 100, 100, 100}, db = {5};
  plan.forward(pool, {x.data(), 1, {1, 3, 3}}, w.data(), b.data(), {y.data(), 1, {1, 2, 2}},
               shared.data());
  CHECK(y == Floats{47, 57, 77, 87});
  plan.input_gradient(pool, {dy.data(), 1, {1, 2, 2}}, w.data(), {dx.data(), 1, {1, 3, 3}},
                      shared.data());
  CHECK(dx == Floats{1, 2, 0, 3, 4 + 2, 4, 0, 6, 8});
  plan.weight_gradient(pool, {nullptr, 1}, {x.data(), 1, {1, 3, 3}}, {dy.data(), 1, {1, 2, 2}},
                       dw.data(), db.data(), shared.data());
  CHECK(dw == Floats{100 + 1 + 10, 100 + 2 + 12, 100 + 4 + 16, 100 + 5 + 18});
  CHECK(db == Floats{8});
}

TEST_CASE("a depthwise convolution worked by hand: each channel has a kernel of its own",
          "[kernels]") {
  const Conv2dShape s{2, 1, 3, 2, 1, 1, 0, 2};
  const Conv2dPlan plan(s);
  Pool pool(1);
  pool.reserve_scratch(plan.worker_floats());
  Arena shared(plan.shared_floats(1));
  const Floats x = {1, 2, 3, 4, 5, 6}, w = {10, 100}, b = {1, 2}, dy = {1, 0, 2, 0, 3, 0};
  Floats y(6), dx(6), dw = {1000, 2000}, db = {5, 6};
  plan.forward(pool, {x.data(), 1, {2, 1, 3}}, w.data(), b.data(), {y.data(), 1, {2, 1, 3}},
               shared.data());
  CHECK(y == Floats{11, 21, 31, 402, 502, 602});
  plan.input_gradient(pool, {dy.data(), 1, {2, 1, 3}}, w.data(), {dx.data(), 1, {2, 1, 3}},
                      shared.data());
  CHECK(dx == Floats{10, 0, 20, 0, 300, 0});
  plan.weight_gradient(pool, {nullptr, 1}, {x.data(), 1, {2, 1, 3}}, {dy.data(), 1, {2, 1, 3}},
                       dw.data(), db.data(), shared.data());
  CHECK(dw == Floats{1000 + 1 + 6, 2000 + 15});
  CHECK(db == Floats{8, 9});
}

TEST_CASE("without bias a convolution starts from zero and gives no bias gradient", "[kernels]") {
  const Conv2dShape s{2, 4, 4, 3, 3, 1, 1};
  const Conv2dPlan plan(s);
  Pool pool(1);
  pool.reserve_scratch(plan.worker_floats());
  Arena shared(plan.shared_floats(2));
  const Floats x = test::random_floats(64, 1), w = test::random_floats(54, 2), zero(3);
  Floats with(96), without(96), dw(54);
  plan.forward(pool, {x.data(), 2, {2, 4, 4}}, w.data(), zero.data(), {with.data(), 2, {3, 4, 4}},
               shared.data());
  plan.forward(pool, {x.data(), 2, {2, 4, 4}}, w.data(), nullptr, {without.data(), 2, {3, 4, 4}},
               shared.data());
  CHECK(test::same_bits(without, with));
  plan.weight_gradient(pool, {nullptr, 2}, {x.data(), 2, {2, 4, 4}}, {with.data(), 2, {3, 4, 4}},
                       dw.data(), nullptr, shared.data());
  CHECK(dw[0] != 0.0f);
}

TEST_CASE("shards fold in a tree of powers of two", "[kernels]") {
  Floats sums = {1, 10, 100, 1000, 10000, 0.5f, 0.25f};
  fold_shards(sums.data(), 1, 7, 1);
  CHECK(sums[0] == 11111.75f);
  // (s0 + s4) + s2 + ... : with 1e8 the order shows. 5 shards: s0 + s4 first, then + s2, then + (s1
  // + s3).
  Floats order = {1e8f, 1, -1e8f, 3, 2};
  fold_shards(order.data(), 1, 5, 1);
  CHECK(order[0] == (((1e8f + 2.0f) + -1e8f) + (1.0f + 3.0f)));
}
