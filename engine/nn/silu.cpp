#include "engine/nn/silu.hpp"

#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {

void SiLU::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  run_ranges(*pass.pool, x.size(),
             [&](std::size_t at, std::size_t n) { kernels::silu(x.data + at, y.data + at, n); });
}

void SiLU::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  run_ranges(*pass.pool, x.size(), [&](std::size_t at, std::size_t n) {
    kernels::silu_backward(x.data + at, dy.data + at, dx.data + at, n);
  });
}

}  // namespace engine::nn
