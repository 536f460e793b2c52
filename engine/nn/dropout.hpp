// Inverted dropout (Srivastava et al. 2014): when training, y = x m with m = 0 with probability p,
// else 1 / (1 - p), so that the expected value stays; otherwise y = x. dx = dy m. x, y of any one
// shape.
//
// Element e of a sample takes 16 bits of the stream (seed, Purpose::dropout + layer index, epoch,
// sample): the low half of draw e / 2 for even e, else the high half. So a mask depends on neither
// the batch nor the threads. p is rounded to a multiple of 2^-16, and m's scale is that of the
// rounded p. p = 0 keeps all, p = 1 gives zeros.
#pragma once
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class Dropout final : public Layer {
 public:
  Dropout(const spec::Dropout& spec, Shape input, int index);  // p in 0..1

  Shape output() const override { return shape_; }
  Memory memory(int batch) const override;  // saved: m (N, C, H, W)
  bool passes_through(bool training) const override { return !training || dropped_ == 0; }
  void forward(const Pass& pass, BatchIn x, BatchOut y) const override;
  void backward(const Pass& pass, BatchIn x, BatchIn y, BatchIn dy, BatchOut dx) const override;

 private:
  void draw_mask(const Pass& pass, int n, f32* mask) const;

  Shape shape_;
  u32 index_;
  u32 dropped_;  // of 65,536 equal draws
  f32 scale_;
};

}  // namespace engine::nn
