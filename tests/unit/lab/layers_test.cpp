// The golden values of the lab's part 1, as its text prints them (NumPy, 8 decimals).
#include "engine/lab/layers.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>
#include <xtensor/xbuilder.hpp>

#include "tests/support/near.hpp"

using engine::Purpose;
using engine::Rng;
using namespace engine::lab;

namespace {

using Shape = std::vector<std::size_t>;
// Half a unit of the last printed digit.
constexpr double kPrinted = 0.5000001e-8;

Array linspace(double from, double to, std::size_t n, Shape shape) {
  Array a = xt::linspace<double>(from, to, n);
  a.reshape(shape);
  return a;
}

test::Verdict equals(const Array& got, const Shape& shape, const std::vector<double>& want,
                     double within = kPrinted) {
  if (Shape(got.shape().begin(), got.shape().end()) != shape) return {false, "another shape"};
  return test::near(std::span<const double>(got.data(), got.size()), want, within);
}

Linear golden_linear() { return {linspace(1, -1, 6, {3, 2}), linspace(-0.5, 0.5, 2, {1, 2})}; }

}  // namespace

TEST_CASE("lab linear: the printed example", "[lab]") {
  Linear linear = golden_linear();
  const Array x = linspace(-2, 2, 6, {2, 3});
  const Array dy = linspace(1, 2, 4, {2, 2});
  CHECK(equals(linear.forward(x), {2, 2}, {-2.5, -0.06, -1.06, -1.5}));
  CHECK(equals(linear.backward(dy), {2, 3},
               {1.8, -0.06666667, -1.93333333, 2.86666667, -0.06666667, -3}));
  CHECK(equals(
      linear.dw(), {2, 3, 2},
      {-2, -2.66666667, -1.2, -1.6, -0.4, -0.53333333, 0.66666667, 0.8, 2, 2.4, 3.33333333, 4}));
  CHECK(equals(linear.db(), {2, 1, 2}, {1, 1.33333333, 1.66666667, 2}));
  CHECK(x == linspace(-2, 2, 6, {2, 3}));
  CHECK(dy == linspace(1, 2, 4, {2, 2}));
}

TEST_CASE("lab linear: an update takes the mean of the samples' gradients", "[lab]") {
  Linear linear = golden_linear();
  linear.forward(linspace(-2, 2, 6, {2, 3}));
  linear.backward(linspace(1, 2, 4, {2, 2}));
  linear.update(0.3);
  // W - 0.3 (dW[0] + dW[1]) / 2 of the values above, by hand.
  CHECK(equals(linear.w(), {3, 2}, {1.2, 0.88, 0.08, -0.32, -1.04, -1.52}, 1e-12));
  CHECK(equals(linear.b(), {1, 2}, {-0.9, 0}, 1e-12));
}

TEST_CASE("lab linear: a batch of one, one input, one output", "[lab]") {
  Linear linear(linspace(2, 2, 1, {1, 1}), linspace(1, 1, 1, {1, 1}));
  CHECK(equals(linear.forward(linspace(3, 3, 1, {1, 1})), {1, 1}, {7}));
  CHECK(equals(linear.backward(linspace(5, 5, 1, {1, 1})), {1, 1}, {10}));
  CHECK(equals(linear.dw(), {1, 1, 1}, {15}));
  CHECK(equals(linear.db(), {1, 1, 1}, {5}));
}

TEST_CASE("lab linear: random parameters lie within 1/sqrt(in) and follow the seed", "[lab]") {
  Rng rng(7, Purpose::init);
  const Linear linear(16, 9, rng);
  Rng again(7, Purpose::init);
  const Linear same(16, 9, again);
  CHECK(linear.w() == same.w());
  CHECK(linear.b() == same.b());
  double lowest = 1, highest = -1;
  for (double w : linear.w()) lowest = std::min(lowest, w), highest = std::max(highest, w);
  CHECK(lowest >= -0.25);
  CHECK(lowest < -0.2);
  CHECK(highest <= 0.25);
  CHECK(highest > 0.2);
}

TEST_CASE("lab relu: the printed example", "[lab]") {
  ReLU relu;
  const Array x = linspace(-1, 1, 9, {9});
  CHECK(equals(relu.forward(x), {9}, {0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1}));
  CHECK(equals(relu.backward(x), {9}, {0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1}));
  CHECK(x == linspace(-1, 1, 9, {9}));
}

TEST_CASE("lab sigmoid: the printed example", "[lab]") {
  Sigmoid sigmoid;
  const Array x = linspace(-5, 5, 5, {5});
  const Array dy = linspace(-10, 10, 5, {5});
  CHECK(equals(sigmoid.forward(x), {5}, {0.00669285, 0.07585818, 0.5, 0.92414182, 0.99330715}));
  CHECK(equals(sigmoid.backward(dy), {5}, {-0.06648057, -0.35051858, 0, 0.35051858, 0.06648057}));
  CHECK(x == linspace(-5, 5, 5, {5}));
  CHECK(dy == linspace(-10, 10, 5, {5}));
}

TEST_CASE("lab squared error: the printed example", "[lab]") {
  SE se;
  const Array x = linspace(-5, 5, 9, {9});
  const Array y = 0.5 * x;
  CHECK(equals(se.forward(x, y), {9},
               {6.25, 3.515625, 1.5625, 0.390625, 0, 0.390625, 1.5625, 3.515625, 6.25}));
  CHECK(equals(se.backward(), {9}, {-5, -3.75, -2.5, -1.25, 0, 1.25, 2.5, 3.75, 5}));
  CHECK(x == linspace(-5, 5, 9, {9}));
}

TEST_CASE("lab activations take any number of dimensions", "[lab]") {
  const Shape shape{2, 1, 3, 2};
  const Array x = linspace(-2, 3.5, 12, shape);
  ReLU relu;
  Sigmoid sigmoid;
  CHECK(equals(relu.forward(x), shape, {0, 0, 0, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}));
  CHECK(equals(relu.backward(x), shape, {0, 0, 0, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5}));
  CHECK(sigmoid.forward(x).shape() == x.shape());
  CHECK(sigmoid.backward(x).shape() == x.shape());
}

TEST_CASE("lab network: gradients match central differences", "[lab][grad]") {
  Rng rng(3, Purpose::probe);
  Linear first(3, 4, rng), second(4, 1, rng);
  Sigmoid hidden, out;
  SE se;
  Array x = linspace(-1, 1.5, 6, {2, 3});
  const Array target = linspace(0, 1, 2, {2, 1});
  const auto loss = [&] {
    const Array y = out.forward(second.forward(hidden.forward(first.forward(x))));
    const Array error = se.forward(y, target);
    return error.data()[0] + error.data()[1];
  };
  loss();
  const Array dx = first.backward(hidden.backward(second.backward(out.backward(se.backward()))));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double keep = x.data()[i], h = 1e-4;
    x.data()[i] = keep + h;
    const double high = loss();
    x.data()[i] = keep - h;
    const double low = loss();
    x.data()[i] = keep;
    CAPTURE(i);
    CHECK(test::near(dx.data()[i], (high - low) / (2 * h), 1e-8));
  }
}
