// y = x (1 + erf(x / sqrt(2))) / 2, elementwise (Hendrycks and Gimpel 2016): the exact form,
// PyTorch's default. Its derivative is the normal distribution below x, plus x times its density.
// -inf gives NaN, as in PyTorch. x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class GELU final : public Layer {
 public:
  explicit GELU(Shape input) : shape_(input) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
