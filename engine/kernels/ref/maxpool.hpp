// Plain twin of maxpool.hpp's forward: any kernel, stride and padding by the definition. Same
// values and indices.
#pragma once
#include "engine/kernels/maxpool.hpp"

namespace engine::kernels::ref {

void maxpool(const PoolShape& shape, const f32* x, f32* y, u32* index);

}  // namespace engine::kernels::ref
