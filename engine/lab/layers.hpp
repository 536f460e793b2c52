// Part 1 of the lab: the building blocks of a small network, written as one would with NumPy.
// forward() keeps what backward() needs; backward() takes dL/dy and gives dL/dx. No argument is
// ever changed.
//
// This is teaching code: it keeps the gradient of every sample, where engine/nn keeps their sum.
#pragma once
#include "engine/core/random.hpp"
#include "engine/lab/array.hpp"

namespace engine::lab {

class Layer {
 public:
  virtual ~Layer() = default;
  virtual Array forward(const Array& x) = 0;
  virtual Array backward(const Array& dy) = 0;  // after a forward
  // One step of gradient descent: each parameter minus rate times the mean over the batch of its
  // gradients.
  virtual void update(double rate) { static_cast<void>(rate); }
};

// y = x W + b.  x (N, in), W (in, out), b (1, out), y (N, out).
class Linear final : public Layer {
 public:
  Linear(Array w, Array b);
  // W and b uniform in +-1/sqrt(in).
  Linear(int in, int out, Rng& rng);

  Array forward(const Array& x) override;
  Array backward(const Array& dy) override;
  void update(double rate) override;

  void assign(const Array& w, const Array& b);  // other parameters of the same shapes

  const Array& w() const { return w_; }
  const Array& b() const { return b_; }
  // The gradients of each sample, since the last backward: dL/dW (N, in, out), dL/db (N, 1, out).
  const Array& dw() const { return dw_; }
  const Array& db() const { return db_; }

 private:
  Array w_, b_, dw_, db_;
  Array x_;
};

// y = max(x, 0), elementwise; dL/dx = dL/dy where x > 0, else 0.
class ReLU final : public Layer {
 public:
  Array forward(const Array& x) override;
  Array backward(const Array& dy) override;

 private:
  Array x_;
};

// y = 1 / (1 + exp(-x)), elementwise; dL/dx = dL/dy y (1 - y).
class Sigmoid final : public Layer {
 public:
  Array forward(const Array& x) override;
  Array backward(const Array& dy) override;

 private:
  Array y_;
};

// The squared error of predictions x against targets y, both of any one shape: (x - y)^2,
// elementwise. It ends a network, so its backward starts from nothing: dL/dx = 2 (x - y).
class SE {
 public:
  Array forward(const Array& x, const Array& y);
  Array backward() const;

 private:
  Array difference_;
};

}  // namespace engine::lab
