// y (N, C H W, 1, 1) = x (N, C, H, W): the same numbers in the same order. A network hands x on
// instead of copying it.
#pragma once
#include "engine/nn/layer.hpp"

namespace engine::nn {

class Flatten final : public Layer {
 public:
  explicit Flatten(Shape input) : features_(int(input.size())) {}

  Shape output() const override { return {features_, 1, 1}; }
  bool passes_through(bool) const override { return true; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  int features_;
};

}  // namespace engine::nn
