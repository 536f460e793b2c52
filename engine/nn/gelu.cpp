#include "engine/nn/gelu.hpp"

#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {

void GELU::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  run_ranges(*pass.pool, x.size(),
             [&](std::size_t at, std::size_t n) { kernels::gelu(x.data + at, y.data + at, n); });
}

void GELU::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  run_ranges(*pass.pool, x.size(), [&](std::size_t at, std::size_t n) {
    kernels::gelu_backward(x.data + at, dy.data + at, dx.data + at, n);
  });
}

}  // namespace engine::nn
