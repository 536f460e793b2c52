// y = x s with s = 1 / (1 + exp(-x)), elementwise (Elfwing et al. 2018); dx = dy s (1 + x (1 - s)).
// -inf gives NaN, as in PyTorch. x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class SiLU final : public Layer {
 public:
  explicit SiLU(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
