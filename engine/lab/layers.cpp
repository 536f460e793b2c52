#include "engine/lab/layers.hpp"

#include <cmath>
#include <utility>
#include <xtensor/xmath.hpp>
#include <xtensor/xvectorize.hpp>
#include <xtensor/xview.hpp>

#include "engine/core/check.hpp"

namespace engine::lab {
namespace {

// The mean over the batch, the first dimension, in order of samples.
Array batch_mean(const Array& per_sample) {
  Array mean = xt::view(per_sample, 0);
  for (std::size_t n = 1; n < per_sample.shape(0); ++n) mean += xt::view(per_sample, n);
  mean /= double(per_sample.shape(0));
  return mean;
}

Array uniform(std::size_t rows, std::size_t columns, double bound, Rng& rng) {
  Array a = xt::zeros<double>({rows, columns});
  for (double& value : a) value = bound * (2 * double(rng.uniform()) - 1);
  return a;
}

}  // namespace

Linear::Linear(Array w, Array b) : w_(std::move(w)), b_(std::move(b)) {
  ENSURE(w_.dimension() == 2 && b_.dimension() == 2, "W is (in, out), b is (1, out)");
  ENSURE(b_.shape(0) == 1 && b_.shape(1) == w_.shape(1), "b has one value for each output");
}

Linear::Linear(int in, int out, Rng& rng) {
  const double bound = 1 / std::sqrt(double(in));
  w_ = uniform(std::size_t(in), std::size_t(out), bound, rng);
  b_ = uniform(1, std::size_t(out), bound, rng);
}

Array Linear::forward(const Array& x) {
  x_ = x;
  return matmul(x, w_) + b_;
}

Array Linear::backward(const Array& dy) {
  ENSURE(dy.dimension() == 2 && x_.dimension() == 2 && dy.shape(0) == x_.shape(0),
         "backward comes after forward");
  // dL/dW of sample n is the outer product of its x and its dL/dy.
  dw_ = xt::view(x_, xt::all(), xt::all(), xt::newaxis()) *
        xt::view(dy, xt::all(), xt::newaxis(), xt::all());
  db_ = xt::view(dy, xt::all(), xt::newaxis(), xt::all());
  return matmul(dy, Array(xt::transpose(w_)));
}

void Linear::update(double rate) {
  ENSURE(dw_.dimension() == 3, "update comes after backward");
  w_ -= rate * batch_mean(dw_);
  b_ -= rate * batch_mean(db_);
}

Array ReLU::forward(const Array& x) {
  x_ = x;
  return xt::maximum(x, 0.0);
}

Array ReLU::backward(const Array& dy) { return xt::where(x_ > 0.0, dy, 0.0); }

Array Sigmoid::forward(const Array& x) {
  y_ = x;
  for (double& value : y_) value = 1 / (1 + exponential(-value));
  return y_;
}

Array Sigmoid::backward(const Array& dy) { return dy * y_ * (1.0 - y_); }

Array SE::forward(const Array& x, const Array& y) {
  ENSURE(x.shape() == y.shape(), "predictions and targets have one shape");
  difference_ = x - y;
  return xt::square(difference_);
}

Array SE::backward() const { return 2.0 * difference_; }

}  // namespace engine::lab
