// y = x W^T + b.  x (N, in), W (out, in), b (out), y (N, out). Any input shape is read as `in` flat
// features.
//   dx = dy W;  dW += dy^T x;  db += sum over n of dy
#pragma once
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class Linear final : public Layer {
 public:
  Linear(const spec::Linear& spec, Shape input);  // spec.in of 0, or input.size()

  Shape output() const override { return {out_, 1, 1}; }
  Memory memory(int batch) const override;
  std::vector<TensorInfo> tensors() const override;
  void bind(std::span<const Bound> tensors) override;
  bool gates() const override { return true; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  void gradients_of_team(const Pass& pass, BatchIn x, BatchIn dy) const;

  int in_, out_;
  bool has_bias_;
  Bound weight_, bias_;
};

}  // namespace engine::nn
