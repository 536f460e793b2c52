#include "engine/nn/tanh.hpp"

#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {

void Tanh::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  run_ranges(*pass.pool, x.size(),
             [&](std::size_t at, std::size_t n) { kernels::tanh(x.data + at, y.data + at, n); });
}

void Tanh::backward(const Pass& pass, BatchIn, BatchIn y, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  run_ranges(*pass.pool, y.size(), [&](std::size_t at, std::size_t n) {
    kernels::tanh_backward(y.data + at, dy.data + at, dx.data + at, n);
  });
}

}  // namespace engine::nn
