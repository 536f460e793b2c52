// y = tanh(x), elementwise; dx = dy (1 - y^2). x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class Tanh final : public Layer {
 public:
  explicit Tanh(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
