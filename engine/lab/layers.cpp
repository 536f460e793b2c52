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
  const std::size_t size = mean.size();
  for (std::size_t n = 1; n < per_sample.shape(0); ++n) {
    const double* sample = per_sample.data() + n * size;
    for (std::size_t i = 0; i < size; ++i) mean.data()[i] += sample[i];
  }
  mean /= double(per_sample.shape(0));
  return mean;
}

// (N, in) and (N, out) to (N, in, out): dL/dW of a sample is the outer product of its x and its
// dL/dy. Plain loops: this is where the lab's training spends its time.
Array outer(const Array& x, const Array& dy) {
  const std::size_t count = x.shape(0), in = x.shape(1), out = dy.shape(1);
  Array product = Array::from_shape({count, in, out});
  double* to = product.data();
  for (std::size_t row = 0; row < count * in; ++row) {
    const double value = x.data()[row];
    const double* gradient = dy.data() + row / in * out;
    for (std::size_t l = 0; l < out; ++l) *to++ = value * gradient[l];
  }
  return product;
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

void Linear::assign(const Array& w, const Array& b) {
  ENSURE(w.shape() == w_.shape() && b.shape() == b_.shape(), "parameters of another shape");
  w_ = w;
  b_ = b;
}

Array Linear::forward(const Array& x) {
  x_ = x;
  return matmul(x, w_) + b_;
}

Array Linear::backward(const Array& dy) {
  ENSURE(dy.dimension() == 2 && x_.dimension() == 2 && dy.shape(0) == x_.shape(0),
         "backward comes after forward");
  dw_ = Array();  // the old ones go first: they are the largest arrays of a run
  dw_ = outer(x_, dy);
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
