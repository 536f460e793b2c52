// y(n, o) = b(o) + sum over c of x(n, c) * W(o, c), where * is cross-correlation, as in PyTorch.
//   x (N, C, H, W), W (O, C/G, K, K), b (O), y (N, O, H', W'), H' = floor((H + 2P - K) / S) + 1
// Square kernel, stride S >= 1, padding 0 <= P < K with zeros. Of G groups, group g sums over the
// channels [g C/G, (g+1) C/G) alone and gives the outputs [g O/G, (g+1) O/G). Gradients of W and b
// are summed over a fixed number of shards of the batch (kernels/conv2d.hpp).
#pragma once
#include "engine/kernels/conv2d.hpp"
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class Conv2d final : public Layer {
 public:
  Conv2d(const spec::Conv2d& spec, Shape input);  // spec.in of 0, or input.c

  Shape output() const override;
  Memory memory(int batch) const override;
  std::vector<TensorInfo> tensors() const override;
  void bind(std::span<const Bound> tensors) override;
  bool rectifies() const override { return true; }
  bool gates() const override { return true; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  kernels::Conv2dPlan plan_;
  bool has_bias_;
  Bound weight_, bias_;
};

}  // namespace engine::nn
