// Plain twins of reduce.hpp: 16 lanes and a fold, written out. Same bits.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels::ref {

f32 sum(const f32* x, std::size_t n);
f32 sum_squares(const f32* x, std::size_t n);
f32 dot(const f32* a, const f32* b, std::size_t n);
f32 sum_squared_deviations(const f32* x, f32 mean, std::size_t n);
f32 dot_deviations(const f32* a, const f32* x, f32 mean, std::size_t n);

}  // namespace engine::kernels::ref
