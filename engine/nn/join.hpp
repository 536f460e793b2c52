// Layers that read several outputs. They have no parameters and keep nothing.
#pragma once
#include <span>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/view.hpp"

namespace engine::nn {

class Join {
 public:
  virtual ~Join() = default;
  Join() = default;
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;

  virtual Shape output() const = 0;
  // y = f(xs...), in the order of the spec's `from`.
  virtual void forward(Pool& pool, std::span<const BatchIn> xs, BatchOut y) const = 0;
  // dx (assigned) of the input number `which`.
  virtual void backward(Pool& pool, int which, BatchIn dy, BatchOut dx) const = 0;
};

// y = xs[0] + xs[1] + ..., from the left, all of one shape.
class Add final : public Join {
 public:
  explicit Add(Shape shape) : shape_(shape) {}

  Shape output() const override { return shape_; }
  void forward(Pool& pool, std::span<const BatchIn> xs, BatchOut y) const override;
  void backward(Pool& pool, int which, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

// The channels of all inputs, one after the other; height and width are the same.
class Concat final : public Join {
 public:
  explicit Concat(std::span<const Shape> shapes);

  Shape output() const override { return output_; }
  void forward(Pool& pool, std::span<const BatchIn> xs, BatchOut y) const override;
  void backward(Pool& pool, int which, BatchIn dy, BatchOut dx) const override;

 private:
  Shape output_;
  std::vector<std::size_t> offsets_;  // of each input in a sample of y
};

}  // namespace engine::nn
