// Plain twins of avgpool.hpp: any kernel, stride and padding by the definition. Same bits.
#pragma once
#include "engine/kernels/avgpool.hpp"

namespace engine::kernels::ref {

void avgpool(const PoolShape& shape, const f32* x, f32* y);
void avgpool_backward(const PoolShape& shape, const f32* dy, f32* dx);

}  // namespace engine::kernels::ref
