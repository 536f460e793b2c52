// Gradient clipping by the norm of all gradients together (Pascanu et al. 2013), PyTorch's
// clip_grad_norm_ with norm 2:
//
//   norm = sqrt(sum of g^2);  c = limit / (norm + 1e-6);  if c < 1, g *= c
//
// The squares are summed in ranges of fixed size, each in the 16 lanes of kernels/reduce.hpp, then
// over the ranges in the same way, so the bits do not depend on the number of threads. A norm that
// is not finite makes the gradients NaN or 0, as in PyTorch: the trainer notices the former.
#pragma once
#include <span>

#include "engine/core/arena.hpp"
#include "engine/core/pool.hpp"

namespace engine::train {

class GradientClip {
 public:
  explicit GradientClip(std::size_t parameters);

  // Gives the norm before clipping. `limit` 0 only measures. Allocates nothing.
  f32 clip(Pool& pool, std::span<f32> gradients, f32 limit);

 private:
  std::size_t parameters_ = 0;
  Arena partial_;  // sums of squares, one for each range
};

}  // namespace engine::train
