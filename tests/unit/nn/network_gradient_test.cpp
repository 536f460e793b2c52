// Whole networks end to end: the gradient of the loss at every parameter and every input value
// against central differences of the loss.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/support/near.hpp"
#include "tests/support/networks.hpp"

using namespace engine;
using test::Floats;

namespace {

struct Tally {
  double worst = 0;  // the largest |got - want| / (1 + |want|); NaN stays
  std::string where;
  int compared = 0, kinks = 0;
};

struct Differences {
  double slope = 0;  // (f(v + h) - f(v - h)) / 2 h
  double bend = 0;   // (f(v + h) - 2 f(v) + f(v - h)) / h
};

Differences differences(f32& v, double h, auto&& f) {
  const f32 keep = v, up = f32(double(keep) + h), down = f32(double(keep) - h);
  const double middle = f();
  v = up;
  const double high = f();
  v = down;
  const double low = f();
  v = keep;
  return {(high - low) / (double(up) - double(down)), (high - 2 * middle + low) / h};
}

// The loss of a network with ReLU or max-pooling has kinks, which no choice of inputs avoids for
// all weights. Where f is smooth, the slopes at h and h / 2 agree to O(h^2), and the bend at h is
// twice that at h / 2 to O(h^3). A kink within h that changes the slope by D breaks one of the two
// by at least D / 8; such values are counted instead of compared. A wrong gradient cannot hide
// there: the differences do not depend on it.
void compare(f32& v, f32 got, const std::string& where, Tally& tally, auto&& f) {
  const double h = 1.0 / 128;
  const Differences wide = differences(v, h, f), narrow = differences(v, h / 2, f);
  if (std::abs(wide.slope - narrow.slope) > 1e-3 || std::abs(wide.bend - 2 * narrow.bend) > 1e-3) {
    ++tally.kinks;
    return;
  }
  const double want = (4 * narrow.slope - wide.slope) / 3;
  const double error = std::abs(double(got) - want) / (1 + std::abs(want));
  ++tally.compared;
  if (std::isnan(error) || error > tally.worst) {
    tally.worst = error;
    tally.where = where;
  }
}

}  // namespace

TEST_CASE("whole networks: gradients match central differences", "[nn][grad]") {
  const int batch = GENERATE(1, 3);
  for (const spec::Network& spec : test::small_networks()) {
    Pool pool;
    test::Training run(spec, pool, batch);
    run.gradients(7);
    const auto loss = [&] { return double(run.loss()); };
    Tally tally;
    for (nn::Tensor& tensor : run.network().tensors()) {
      const Floats grad(tensor.grad.begin(), tensor.grad.end());
      for (std::size_t i = 0; i < grad.size(); ++i) {
        compare(tensor.value[i], grad[i], tensor.name + "[" + std::to_string(i) + "]", tally, loss);
      }
    }
    CAPTURE(spec.name, batch, tally.worst, tally.where, tally.compared, tally.kinks);
    CHECK(tally.worst <= 3e-3);
    CHECK(tally.compared > 100);
    CHECK(tally.kinks < tally.compared / 10);
  }
}

TEST_CASE("whole networks: the gradient at the images and at a layer's input", "[nn][grad]") {
  for (const spec::Network& spec : test::small_networks()) {
    Pool pool;
    const int batch = 2;
    test::Training run(spec, pool, batch);
    run.gradients(7);
    run.loss();
    Floats dx(std::size_t(batch) * spec.input.size(), std::nanf(""));
    run.backward_to(-1, {dx.data(), batch, spec.input});
    Tally tally;
    for (std::size_t i = 0; i < dx.size(); ++i) {
      compare(run.x()[i], dx[i], "x[" + std::to_string(i) + "]", tally,
              [&] { return double(run.loss()); });
    }
    CAPTURE(spec.name, tally.worst, tally.where, tally.compared, tally.kinks);
    CHECK(tally.worst <= 3e-3);
    CHECK(tally.compared > 20);
    CHECK(tally.kinks < tally.compared / 10);
    // And at the last layer's input.
    const int last = int(spec.layers.size()) - 1;
    const Shape shape = run.network().facts().layers[std::size_t(last)].in;
    Floats top(std::size_t(batch) * shape.size(), std::nanf(""));
    run.loss();
    run.backward_to(last - 1, {top.data(), batch, shape});
    double sum = 0;
    for (f32 v : top) sum += std::abs(double(v));
    CHECK(std::isfinite(sum));
    CHECK(sum > 0);
  }
}

TEST_CASE("a batch of N adds up to N batches of 1", "[nn]") {
  Pool pool;
  // Without batch normalisation, whose statistics are the batch's.
  for (const spec::Network& spec : {test::small_networks()[0], test::small_networks()[2]}) {
    const int batch = 4;
    test::Training all(spec, pool, batch);
    const f32 mean = all.gradients(3);
    Floats sums(all.network().gradients().size(), 0.0f);
    f32 loss = 0;
    for (int n = 0; n < batch; ++n) {
      test::Training one(spec, pool, 1);
      loss += one.gradients_of(all, n);
      for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] += one.network().gradients()[i] / f32(batch);
    }
    CAPTURE(spec.name);
    CHECK(test::near(mean, loss / f32(batch), 1e-6));
    CHECK(test::near(std::span<const f32>(all.network().gradients()), sums, 1e-6, 1e-5));
  }
}
