// Plain twins of conv2d.hpp, from the formulas alone. Same bits.
#pragma once
#include "engine/kernels/conv2d.hpp"

namespace engine::kernels::ref {

void conv2d(const Conv2dShape& s, BatchIn x, const f32* w, const f32* b, BatchOut y);
void conv2d_input_gradient(const Conv2dShape& s, BatchIn dy, const f32* w, BatchOut dx);
void conv2d_weight_gradient(const Conv2dShape& s, BatchIn x, BatchIn dy, f32* dw, f32* db);

}  // namespace engine::kernels::ref
