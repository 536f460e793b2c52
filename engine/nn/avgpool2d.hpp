// y(n, c, i, j) = the mean of x in the K x K window whose corner is (i S - P, j S - P).
//   x (N, C, H, W), y (N, C, H', W') with H' = (H + 2P - K) / S + 1, rounded down; 0 <= P <= K / 2.
// The zeros of the padding count: PyTorch's count_include_pad = True. dx = the sum of dy / K^2 over
// the windows that hold x.
#pragma once
#include "engine/kernels/avgpool.hpp"
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class AvgPool2d final : public Layer {
 public:
  AvgPool2d(const spec::AvgPool2d& spec, Shape input);

  Shape output() const override { return {channels_, shape_.out_h(), shape_.out_w()}; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  template <class F>
  void each(const Pass& pass, int n, const F& f) const;

  int channels_;
  kernels::PoolShape shape_;
};

}  // namespace engine::nn
