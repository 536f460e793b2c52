#include "engine/nn/maxpool2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>

#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

namespace {

constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
constexpr f32 kInf = std::numeric_limits<f32>::infinity();

}  // namespace

TEST_CASE("maxpool2d: 2x2 on 3x5, worked by hand; what does not fill a window is left out",
          "[nn]") {
  nn::MaxPool2d layer({.kernel = 2, .stride = 2}, {1, 3, 5});
  CHECK(layer.output() == Shape{1, 1, 2});
  test::LayerRun run(layer, {1, 3, 5}, 1);
  CHECK(test::near(run.forward({1, 5, -3, -1, 90, 4, 2, -8, -9, 90, 90, 90, 90, 90, 90}),
                   Floats{5, -1}, 0));
  CHECK(
      test::near(run.backward({10, 20}), Floats{0, 10, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0));
}

TEST_CASE("maxpool2d: overlapping windows add their gradients", "[nn]") {
  nn::MaxPool2d layer({.kernel = 2, .stride = 1}, {1, 2, 3});
  test::LayerRun run(layer, {1, 2, 3}, 1);
  CHECK(test::near(run.forward({1, 9, 2, 3, 4, 5}), Floats{9, 9}, 0));
  CHECK(test::near(run.backward({1, 10}), Floats{0, 11, 0, 0, 0, 0}, 0));
}

TEST_CASE("maxpool2d: padding never wins, not even over negative values", "[nn]") {
  nn::MaxPool2d layer({.kernel = 2, .stride = 2, .padding = 1}, {1, 2, 2});
  CHECK(layer.output() == Shape{1, 2, 2});
  test::LayerRun run(layer, {1, 2, 2}, 1);
  CHECK(test::near(run.forward({-1, -2, -3, -kInf}), Floats{-1, -2, -3, -kInf}, 0));
  CHECK(test::near(run.backward({1, 2, 3, 4}), Floats{1, 2, 3, 4}, 0));
}

TEST_CASE("maxpool2d: of equals the first wins; NaN wins over all", "[nn]") {
  nn::MaxPool2d layer({.kernel = 2, .stride = 2}, {1, 2, 4});
  test::LayerRun run(layer, {1, 2, 4}, 1);
  const Floats y = run.forward({7, 7, 1, kNaN, 7, 7, kInf, 2});
  CHECK(test::same_bits(y, Floats{7, kNaN}));
  CHECK(test::near(run.backward({1, 2}), Floats{1, 0, 0, 2, 0, 0, 0, 0}, 0));
}

TEST_CASE("maxpool2d: gradients match central differences on ragged shapes", "[nn][grad]") {
  struct Case {
    spec::MaxPool2d spec;
    Shape in;
    int batch;
  };
  const auto c = GENERATE(
      Case{{1, 1, 0}, {1, 1, 1}, 1}, Case{{2, 2, 0}, {3, 4, 4}, 2}, Case{{2, 2, 0}, {5, 5, 3}, 3},
      Case{{3, 2, 1}, {2, 7, 6}, 1}, Case{{3, 1, 1}, {2, 4, 5}, 2}, Case{{2, 3, 1}, {1, 8, 7}, 2},
      Case{{3, 3, 0}, {17, 3, 5}, 1}, Case{{5, 2, 2}, {1, 6, 9}, 2}, Case{{2, 1, 0}, {1, 2, 9}, 9});
  const bool training = GENERATE(true, false);
  nn::MaxPool2d layer(c.spec, c.in);
  const auto report = test::grad_check(
      layer, c.in,
      {.batch = c.batch, .seed = 8, .training = training, .inputs = test::Inputs::grid});
  CAPTURE(c.spec.kernel, c.spec.stride, c.spec.padding, c.in.c, c.in.h, c.in.w, c.batch, training,
          report.text());
  CHECK(report.ok());
}

TEST_CASE("maxpool2d: threads change no bit; a batch is its samples", "[nn]") {
  const Shape in{19, 43, 37};
  const int batch = 5;
  nn::MaxPool2d layer({.kernel = 2, .stride = 2}, in);
  const Floats x = test::normals(std::size_t(batch) * in.size(), 1);
  const std::size_t size = layer.output().size();
  const Floats dy = test::normals(std::size_t(batch) * size, 2);
  test::LayerRun one(layer, in, batch, 1);
  const Floats y = one.forward(x), dx = one.backward(dy);
  for (int threads : {2, 3}) {
    test::LayerRun many(layer, in, batch, threads);
    CAPTURE(threads);
    CHECK(test::same_bits(many.forward(x), y));
    CHECK(test::same_bits(many.backward(dy), dx));
  }
  for (int n = 0; n < batch; ++n) {
    test::LayerRun single(layer, in, 1);
    CAPTURE(n);
    CHECK(test::same_bits(single.forward(slice(x, std::size_t(n) * in.size(), in.size())),
                          slice(y, std::size_t(n) * size, size)));
    CHECK(test::same_bits(single.backward(slice(dy, std::size_t(n) * size, size)),
                          slice(dx, std::size_t(n) * in.size(), in.size())));
  }
}

TEST_CASE("maxpool2d: predicting gives the values of training", "[nn]") {
  const Shape in{3, 9, 7};
  nn::MaxPool2d layer({.kernel = 3, .stride = 2, .padding = 1}, in);
  test::LayerRun run(layer, in, 2);
  const Floats x = test::normals(2 * in.size(), 6);
  const Floats y = run.forward(x, true);
  CHECK(test::same_bits(run.forward(x, false), y));
}
