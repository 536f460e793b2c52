// y = max(x, 0), elementwise; dx = dy where y > 0, else 0. NaN stays NaN. x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class ReLU final : public Layer {
 public:
  explicit ReLU(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
