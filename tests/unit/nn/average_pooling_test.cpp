// AvgPool2d and GlobalAvgPool: hand-worked values, gradients, threads.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/nn/avgpool2d.hpp"
#include "engine/nn/factory.hpp"
#include "engine/nn/global_avgpool.hpp"
#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

TEST_CASE("avgpool2d: 2x2 on 3x5, worked by hand; what does not fill a window is left out",
          "[nn]") {
  nn::AvgPool2d layer({.kernel = 2, .stride = 2}, {1, 3, 5});
  CHECK(layer.output() == Shape{1, 1, 2});
  test::LayerRun run(layer, {1, 3, 5}, 1);
  CHECK(test::near(run.forward({1, 5, -3, -1, 90, 4, 2, -8, -9, 90, 90, 90, 90, 90, 90}),
                   Floats{3, -5.25f}, 0));
  CHECK(test::near(run.backward({4, 8}), Floats{1, 1, 2, 2, 0, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0}, 0));
}

TEST_CASE("avgpool2d: overlapping windows add their gradients", "[nn]") {
  nn::AvgPool2d layer({.kernel = 2, .stride = 1}, {1, 2, 3});
  test::LayerRun run(layer, {1, 2, 3}, 1);
  CHECK(test::near(run.forward({1, 9, 2, 3, 3, 6}), Floats{4, 5}, 0));
  CHECK(test::near(run.backward({4, 40}), Floats{1, 11, 10, 1, 11, 10}, 0));
}

TEST_CASE("avgpool2d: the zeros of the padding count, as PyTorch counts them", "[nn]") {
  nn::AvgPool2d layer({.kernel = 3, .stride = 2, .padding = 1}, {1, 2, 2});
  CHECK(layer.output() == Shape{1, 1, 1});
  test::LayerRun run(layer, {1, 2, 2}, 1);
  CHECK(test::near(run.forward({9, 18, 27, 36}), Floats{10}, 0));
  CHECK(test::near(run.backward({18}), Floats{2, 2, 2, 2}, 0));
}

TEST_CASE("global average pooling: worked by hand", "[nn]") {
  nn::GlobalAvgPool layer({2, 2, 3});
  CHECK(layer.output() == Shape{2, 1, 1});
  test::LayerRun run(layer, {2, 2, 3}, 1);
  CHECK(test::near(run.forward({1, 2, 3, 4, 5, 9, -1, -1, -1, -1, -1, -1}), Floats{4, -1}, 0));
  CHECK(test::near(run.backward({6, -12}), Floats{1, 1, 1, 1, 1, 1, -2, -2, -2, -2, -2, -2}, 0));
}

TEST_CASE("average pooling: gradients match central differences on ragged shapes", "[nn][grad]") {
  struct Case {
    spec::Layer layer;
    Shape in;
    int batch;
  };
  const auto c = GENERATE(
      Case{spec::AvgPool2d{1, 1, 0}, {1, 1, 1}, 1}, Case{spec::AvgPool2d{2, 2, 0}, {3, 4, 4}, 2},
      Case{spec::AvgPool2d{2, 2, 0}, {5, 5, 9}, 3}, Case{spec::AvgPool2d{3, 2, 1}, {2, 7, 6}, 1},
      Case{spec::AvgPool2d{3, 1, 1}, {2, 4, 5}, 2}, Case{spec::AvgPool2d{2, 3, 1}, {1, 8, 7}, 2},
      Case{spec::AvgPool2d{5, 2, 2}, {1, 6, 9}, 2}, Case{spec::AvgPool2d{2, 1, 0}, {1, 2, 9}, 9},
      Case{spec::GlobalAvgPool{}, {1, 1, 1}, 1}, Case{spec::GlobalAvgPool{}, {3, 5, 7}, 2},
      Case{spec::GlobalAvgPool{}, {17, 1, 3}, 1});
  const bool training = GENERATE(true, false);
  const auto layer = nn::make_layer(c.layer, c.in, 0);
  const auto report =
      test::grad_check(*layer, c.in, {.batch = c.batch, .seed = 8, .training = training});
  CAPTURE(c.layer.index(), c.in.c, c.in.h, c.in.w, c.batch, training, report.text());
  CHECK(report.ok());
}

TEST_CASE("average pooling: threads change no bit; a batch is its samples", "[nn]") {
  const auto spec = GENERATE(spec::Layer(spec::AvgPool2d{}), spec::Layer(spec::AvgPool2d{3, 1, 1}),
                             spec::Layer(spec::GlobalAvgPool{}));
  const Shape in{61, 43, 37};
  const int batch = 7;
  const auto layer = nn::make_layer(spec, in, 0);
  const Floats x = test::normals(std::size_t(batch) * in.size(), 1);
  const std::size_t size = layer->output().size();
  const Floats dy = test::normals(std::size_t(batch) * size, 2);
  test::LayerRun one(*layer, in, batch, 1);
  const Floats y = one.forward(x), dx = one.backward(dy);
  for (int threads : {2, 3}) {
    test::LayerRun many(*layer, in, batch, threads);
    CAPTURE(spec.index(), threads);
    CHECK(test::same_bits(many.forward(x), y));
    CHECK(test::same_bits(many.backward(dy), dx));
  }
  for (int n = 0; n < batch; n += 3) {
    test::LayerRun single(*layer, in, 1);
    CAPTURE(spec.index(), n);
    CHECK(test::same_bits(single.forward(slice(x, std::size_t(n) * in.size(), in.size())),
                          slice(y, std::size_t(n) * size, size)));
    CHECK(test::same_bits(single.backward(slice(dy, std::size_t(n) * size, size)),
                          slice(dx, std::size_t(n) * in.size(), in.size())));
  }
}
