// The windows of a pooling: one plane (H, W) to (H', W'), H' = (H + 2P - K) / S + 1, rounded down.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

struct PoolShape {
  // 2 padding <= kernel <= h + 2 padding and w + 2 padding
  int h = 1, w = 1, kernel = 1, stride = 1, padding = 0;
  int out_h() const { return (h + 2 * padding - kernel) / stride + 1; }
  int out_w() const { return (w + 2 * padding - kernel) / stride + 1; }
};

}  // namespace engine::kernels
