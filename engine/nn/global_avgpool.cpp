#include "engine/nn/global_avgpool.hpp"

#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/nn/planes.hpp"

namespace engine::nn {

void GlobalAvgPool::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  const std::size_t area = std::size_t(shape_.h) * std::size_t(shape_.w);
  each_plane(*pass.pool, x.n, shape_.c, x.size(), [&](std::size_t plane) {
    y.data[plane] = kernels::sum(x.data + plane * area, area) / f32(area);
  });
}

void GlobalAvgPool::backward(const Pass& pass, BatchIn, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  const std::size_t area = std::size_t(shape_.h) * std::size_t(shape_.w);
  each_plane(*pass.pool, dy.n, shape_.c, dx.size(), [&](std::size_t plane) {
    kernels::fill(dx.data + plane * area, dy.data[plane] / f32(area), area);
  });
}

}  // namespace engine::nn
