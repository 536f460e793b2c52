// Layers without weights that look at one value or one list: hand-worked values, gradients, edges.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>

#include "engine/nn/factory.hpp"
#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

namespace {

constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();
constexpr f32 kInf = std::numeric_limits<f32>::infinity();

struct Run {
  Floats y, dx;
};

Run run(const spec::Layer& layer, Shape shape, int batch, const Floats& x, const Floats& dy) {
  const auto made = nn::make_layer(layer, shape, 0);
  test::LayerRun run(*made, shape, batch);
  Floats y = run.forward(x);
  return {y, run.backward(dy)};
}

}  // namespace

TEST_CASE("relu: worked by hand, with its edges", "[nn]") {
  const auto [y, dx] =
      run(spec::ReLU{}, {6, 1, 1}, 1, {-2, 0, 0.5f, kInf, -kInf, kNaN}, {1, 2, 3, 4, 5, 6});
  CHECK(test::same_bits(y, Floats{0, 0, 0.5f, kInf, 0, kNaN}));
  CHECK(test::same_bits(slice(dx, 0, 5), Floats{0, 0, 3, 4, 0}));
}

TEST_CASE("sigmoid: worked by hand, with its edges", "[nn]") {
  // python3 -c "import math; [print(1/(1+math.exp(-x))) for x in (-2, 0, 0.5, 3)]"
  const auto [y, dx] =
      run(spec::Sigmoid{}, {6, 1, 1}, 1, {-2, 0, 0.5f, 3, kInf, -kInf}, {1, 2, -3, 4, 5, 6});
  CHECK(test::near(y, Floats{0.1192029f, 0.5f, 0.6224593f, 0.9525741f, 1, 0}, 1e-6));
  CHECK(test::near(dx, Floats{0.1049936f, 0.5f, -0.7050111f, 0.1807067f, 0, 0}, 1e-6));
}

TEST_CASE("tanh: worked by hand, with its edges", "[nn]") {
  // python3 -c "import math; [print(math.tanh(x)) for x in (-2, 0.5, 3)]"
  const auto [y, dx] =
      run(spec::Tanh{}, {6, 1, 1}, 1, {-2, 0, 0.5f, 3, kInf, -kInf}, {1, 2, -3, 4, 5, 6});
  CHECK(test::near(y, Floats{-0.9640276f, 0, 0.4621172f, 0.9950548f, 1, -1}, 1e-6));
  CHECK(test::near(dx, Floats{0.0706508f, 2, -2.3593433f, 0.0394641f, 0, 0}, 1e-6));
}

TEST_CASE("leaky relu: worked by hand, with its edges", "[nn]") {
  const auto [y, dx] = run(spec::LeakyReLU{.negative_slope = 0.25f}, {6, 1, 1}, 1,
                           {-2, 0, 0.5f, kInf, -kInf, kNaN}, {1, 2, 3, 4, 5, 6});
  CHECK(test::same_bits(y, Floats{-0.5f, 0, 0.5f, kInf, -kInf, kNaN}));
  CHECK(test::same_bits(slice(dx, 0, 5), Floats{0.25f, 0.5f, 3, 4, 1.25f}));
}

TEST_CASE("gelu: worked by hand, with its edges", "[nn]") {
  // python3 -c "from math import *; [print(x/2*(1+erf(x/sqrt(2))),
  //   d*((1+erf(x/sqrt(2)))/2+x*exp(-x*x/2)/sqrt(2*pi))) for x,d in ((-2,1),(0,2),(.5,-3),(3,4))]"
  const auto [y, dx] =
      run(spec::GELU{}, {6, 1, 1}, 1, {-2, 0, 0.5f, 3, 100, kInf}, {1, 2, -3, 4, 5, 6});
  CHECK(test::near(y, Floats{-0.0455003f, 0, 0.3457312f, 2.9959503f, 100, kInf}, 1e-6));
  CHECK(test::near(slice(dx, 0, 5), Floats{-0.0852318f, 1, -2.6024844f, 4.0477819f, 5}, 1e-6));
}

TEST_CASE("silu: worked by hand, with its edges", "[nn]") {
  // python3 -c "from math import exp; s=lambda x: 1/(1+exp(-x)); [print(x*s(x),
  //   d*s(x)*(1+x*(1-s(x)))) for x,d in ((-2,1),(0,2),(.5,-3),(3,4))]"
  const auto [y, dx] =
      run(spec::SiLU{}, {6, 1, 1}, 1, {-2, 0, 0.5f, 3, 100, -100}, {1, 2, -3, 4, 5, 6});
  CHECK(test::near(y, Floats{-0.2384058f, 0, 0.3112297f, 2.8577224f, 100, 0}, 1e-6));
  CHECK(test::near(dx, Floats{-0.0907843f, 1, -2.2198836f, 4.3524166f, 5, 0}, 1e-6));
}

TEST_CASE("softmax: worked by hand", "[nn]") {
  // python3 -c "import math; x=(1,2,3); s=sum(map(math.exp,x)); [print(math.exp(v)/s) for v in x]"
  const auto [y, dx] =
      run(spec::Softmax{}, {3, 1, 1}, 2, {1, 2, 3, 1001, 1002, 1003}, {0, -1, 0, 2, 2, 2});
  CHECK(test::near(
      y, Floats{0.0900306f, 0.2447285f, 0.6652410f, 0.0900306f, 0.2447285f, 0.6652410f}, 1e-6));
  // y (dy - sum(dy y)): the sums are -0.2447285 and 2
  CHECK(test::near(dx, Floats{0.0220330f, -0.1848365f, 0.1628034f, 0, 0, 0}, 1e-6));
}

TEST_CASE("log-softmax: worked by hand", "[nn]") {
  // python3 -c "import math; x=(1,2,3); [print(v-math.log(sum(map(math.exp,x)))) for v in x]"
  const auto [y, dx] =
      run(spec::LogSoftmax{}, {3, 1, 1}, 2, {1, 2, 3, 1001, 1002, 1003}, {0, -1, 0, 1, 1, 1});
  CHECK(test::near(
      y, Floats{-2.4076059f, -1.4076059f, -0.4076059f, -2.4076059f, -1.4076059f, -0.4076059f},
      1e-6));
  // dy - softmax * sum(dy)
  CHECK(test::near(
      dx, Floats{0.0900306f, -0.7552715f, 0.6652410f, 0.7299082f, 0.2658145f, -0.9957228f}, 1e-6));
}

TEST_CASE("flatten: the same numbers, a flat shape", "[nn]") {
  const Floats x = test::normals(12, 3), dy = test::normals(12, 4);
  const auto made = nn::make_layer(spec::Flatten{}, {2, 1, 3}, 0);
  CHECK(made->output() == Shape{6, 1, 1});
  CHECK(made->passes_through(true));
  CHECK(made->passes_through(false));
  const auto [y, dx] = run(spec::Flatten{}, {2, 1, 3}, 2, x, dy);
  CHECK(test::same_bits(y, x));
  CHECK(test::same_bits(dx, dy));
}

TEST_CASE("pointwise layers: gradients match central differences", "[nn][grad]") {
  const auto layer =
      GENERATE(spec::Layer(spec::ReLU{}), spec::Layer(spec::Sigmoid{}), spec::Layer(spec::Tanh{}),
               spec::Layer(spec::Flatten{}), spec::Layer(spec::LogSoftmax{}),
               spec::Layer(spec::Softmax{}), spec::Layer(spec::LeakyReLU{.negative_slope = 0.2f}),
               spec::Layer(spec::GELU{}), spec::Layer(spec::SiLU{}));
  const auto shape = GENERATE(Shape{1, 1, 1}, Shape{3, 1, 1}, Shape{17, 1, 1}, Shape{2, 3, 5});
  const int batch = GENERATE(1, 3);
  const bool training = GENERATE(true, false);
  const bool row = std::holds_alternative<spec::LogSoftmax>(layer) ||
                   std::holds_alternative<spec::Softmax>(layer);
  if (row && !shape.flat()) return;
  const auto made = nn::make_layer(layer, shape, 0);
  const bool kink =
      std::holds_alternative<spec::ReLU>(layer) || std::holds_alternative<spec::LeakyReLU>(layer);
  const auto inputs = kink ? test::Inputs::grid : test::Inputs::normal;
  const auto report = test::grad_check(
      *made, shape, {.batch = batch, .seed = 11, .training = training, .inputs = inputs});
  CAPTURE(layer.index(), shape.c, shape.h, shape.w, batch, training, report.text());
  CHECK(report.ok());
}

TEST_CASE("pointwise layers: threads and batches change no bit", "[nn]") {
  const auto layer =
      GENERATE(spec::Layer(spec::ReLU{}), spec::Layer(spec::Sigmoid{}), spec::Layer(spec::Tanh{}),
               spec::Layer(spec::Flatten{}), spec::Layer(spec::LeakyReLU{}),
               spec::Layer(spec::GELU{}), spec::Layer(spec::SiLU{}), spec::Layer(spec::Softmax{}));
  const Shape shape{5, 97, 61};  // several tasks, the last one short
  const int batch = 3;
  const Floats x = test::normals(std::size_t(batch) * shape.size(), 1),
               dy = test::normals(x.size(), 2);
  const auto made = nn::make_layer(layer, shape, 0);
  test::LayerRun one(*made, shape, batch, 1);
  const Floats y = one.forward(x), dx = one.backward(dy);
  for (int threads : {2, 3}) {
    test::LayerRun many(*made, shape, batch, threads);
    CAPTURE(layer.index(), threads);
    CHECK(test::same_bits(many.forward(x), y));
    CHECK(test::same_bits(many.backward(dy), dx));
  }
  for (int n = 0; n < batch; ++n) {
    test::LayerRun single(*made, shape, 1);
    const std::size_t at = std::size_t(n) * shape.size();
    CAPTURE(layer.index(), n);
    CHECK(test::same_bits(single.forward(slice(x, at, shape.size())), slice(y, at, shape.size())));
    CHECK(
        test::same_bits(single.backward(slice(dy, at, shape.size())), slice(dx, at, shape.size())));
  }
}
