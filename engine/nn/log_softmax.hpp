// y = x - log(sum exp(x)) over all features of a sample;  dx = dy - exp(y) sum(dy).  x, y (N, K).
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class LogSoftmax final : public Layer {
 public:
  explicit LogSoftmax(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
