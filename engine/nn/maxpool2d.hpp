// y(n, c, i, j) = the largest x in the K x K window whose corner is (i S - P, j S - P).
//   x (N, C, H, W), y (N, C, H', W') with H' = (H + 2P - K) / S + 1, rounded down; 0 <= P <= K / 2.
// Padding never wins. Of equals the first in scan order wins; a NaN wins over all, as in PyTorch. A
// training forward saves the winner's index within its plane for each output; backward adds dy to
// that place.
#pragma once
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class MaxPool2d final : public Layer {
 public:
  MaxPool2d(const spec::MaxPool2d& spec, Shape input);

  Shape output() const override { return out_; }
  Memory memory(int batch) const override;
  bool gates() const override { return true; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  int kernel_, stride_, padding_;
  Shape in_, out_;
};

}  // namespace engine::nn
