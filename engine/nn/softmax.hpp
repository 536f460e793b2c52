// y = exp(x) / sum exp(x) over all features of a sample;  dx = y (dy - sum(dy y)).  x, y (N, K).
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class Softmax final : public Layer {
 public:
  explicit Softmax(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
