// Plain twins of winograd.hpp, tile by tile from the formulas. Same bits.
#pragma once
#include "engine/core/view.hpp"
#include "engine/kernels/conv2d_shape.hpp"

namespace engine::kernels::ref {

void winograd(const Conv2dShape& s, BatchIn x, const f32* w, const f32* b, BatchOut y);
void winograd_input_gradient(const Conv2dShape& s, BatchIn dy, const f32* w, BatchOut dx);
// Samples [first, last), a shard: dw (O, C, 3, 3) assigned.
void winograd_weight_gradient(const Conv2dShape& s, BatchIn x, BatchIn dy, int first, int last,
                              f32* dw);

}  // namespace engine::kernels::ref
