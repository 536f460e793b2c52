// y = 1 / (1 + exp(-x)), elementwise; dx = dy y (1 - y). x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class Sigmoid final : public Layer {
 public:
  explicit Sigmoid(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
