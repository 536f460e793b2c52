// Average-pooling of one plane (H, W) to (H', W'): the sum of a window, in scan order from 0, over
// K^2. The zeros of the padding count (count_include_pad = True, PyTorch's default). The twins in
// ref/avgpool.hpp return the same bits.
#pragma once
#include "engine/kernels/pool_shape.hpp"

namespace engine::kernels {

// y (H', W') assigned.
void avgpool(const PoolShape& shape, const f32* x, f32* y);
// dx (H, W) assigned: from 0, the dy / K^2 of the windows that hold it, added in the order of y.
void avgpool_backward(const PoolShape& shape, const f32* dy, f32* dx);

}  // namespace engine::kernels
