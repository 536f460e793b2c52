#include "engine/train/clip.hpp"

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::train {
namespace {

constexpr f32 kEpsilon = 1e-6f;  // PyTorch's, torch/nn/utils/clip_grad.py

}  // namespace

GradientClip::GradientClip(std::size_t parameters)
    : parameters_(parameters), partial_((parameters + nn::kRange - 1) / nn::kRange) {}

f32 GradientClip::clip(Pool& pool, std::span<f32> gradients, f32 limit) {
  ENSURE(gradients.size() == parameters_, "clipping was made for another block");
  nn::run_ranges(pool, gradients.size(), [&](std::size_t at, std::size_t n) {
    partial_.data()[at / nn::kRange] = kernels::sum_squares(gradients.data() + at, n);
  });
  const f32 norm = math::sqrt(kernels::sum(partial_.data(), partial_.size()));
  const f32 factor = limit / (norm + kEpsilon);
  if (limit == 0 || factor >= 1) return norm;  // false for NaN
  nn::run_ranges(pool, gradients.size(), [&](std::size_t at, std::size_t n) {
    kernels::scale(gradients.data() + at, factor, n);
  });
  return norm;
}

}  // namespace engine::train
