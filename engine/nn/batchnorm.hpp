// What BatchNorm1d and BatchNorm2d (Ioffe and Szegedy 2015) share, which is all but their shapes.
//   y = (x - mean) / sqrt(variance + eps) * weight + bias, per channel
//   x, y (N, C, H, W), H = W = 1 for a list; weight, bias (C)
// Training: mean and (biased) variance over N, H, W of this batch; then
//   running_mean = (1 - momentum) running_mean + momentum mean,
// and running_var likewise with the unbiased variance.
// Otherwise the running statistics are used, and backward treats them as constants. One value a
// channel (N H W = 1) has no unbiased variance: running_var then takes the biased one (PyTorch
// refuses such a batch). The kind of the last pass must be the same in forward and backward.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class BatchNorm : public Layer {
 public:
  Shape output() const override { return shape_; }
  Memory memory(int batch) const override;
  std::vector<TensorInfo> tensors() const override;  // weight, bias, running_mean, running_var
  void bind(std::span<const Bound> tensors) override;
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 protected:
  BatchNorm(int channels, f32 momentum, f32 eps, Shape input);  // channels of 0, or input.c

 private:
  Shape shape_;
  f32 momentum_, eps_;
  Bound weight_, bias_, running_mean_, running_var_;
};

}  // namespace engine::nn
