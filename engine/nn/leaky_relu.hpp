// y = x where x > 0, else slope x, elementwise (Maas et al. 2013); dx = dy where x > 0, else slope
// dy. NaN stays NaN. x, y of any one shape.
#pragma once
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class LeakyReLU final : public Layer {
 public:
  LeakyReLU(const spec::LeakyReLU& spec, Shape input)
      : shape_(input), slope_(spec.negative_slope) {}

  Shape output() const override { return shape_; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  Shape shape_;
  f32 slope_;
};

}  // namespace engine::nn
