// Max-pooling of one plane (H, W) to (H', W'), H' = (H + 2P - K) / S + 1. Padding never wins. The
// winner is the first of equals in scan order; a NaN beats everything, and the last NaN the others,
// as in PyTorch. The twins in ref/maxpool.hpp give the same values and indices.
#pragma once
#include "engine/kernels/pool_shape.hpp"

namespace engine::kernels {

// y (H', W') assigned; index (H', W'), unless null: where in x each y came from.
void maxpool(const PoolShape& shape, const f32* x, f32* y, u32* index);
// dx (H, W) assigned: the sum of the dy whose winner it was, added in the order of y.
void maxpool_backward(const PoolShape& shape, const f32* dy, const u32* index, f32* dx);

}  // namespace engine::kernels
