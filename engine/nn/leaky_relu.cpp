#include "engine/nn/leaky_relu.hpp"

#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {

void LeakyReLU::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  run_ranges(*pass.pool, x.size(), [&](std::size_t at, std::size_t n) {
    kernels::leaky_relu(x.data + at, slope_, y.data + at, n);
  });
}

void LeakyReLU::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  run_ranges(*pass.pool, x.size(), [&](std::size_t at, std::size_t n) {
    kernels::leaky_relu_backward(x.data + at, slope_, dy.data + at, dx.data + at, n);
  });
}

}  // namespace engine::nn
