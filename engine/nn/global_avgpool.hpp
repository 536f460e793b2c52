// y(n, c) = the mean of the plane x(n, c) (Lin et al. 2014);  dx = dy / (H W) at every place.
//   x (N, C, H, W), y (N, C, 1, 1), as PyTorch's AdaptiveAvgPool2d(1). Sums in the order of
// kernels/reduce.hpp.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class GlobalAvgPool final : public Layer {
 public:
  explicit GlobalAvgPool(Shape input) : shape_(input) {}

  Shape output() const override { return {shape_.c, 1, 1}; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
};

}  // namespace engine::nn
