// Sums over n consecutive floats. The order is part of the contract: element i goes to lane i mod
// 16, each lane adds left to right from 0, then the lanes fold 8+8, 4+4, 2+2, 1+1. Every target,
// whatever its width, returns the bits of the twin in ref/reduce.hpp. No alignment is needed; n ==
// 0 gives 0.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

f32 sum(const f32* x, std::size_t n);
f32 sum_squares(const f32* x, std::size_t n);                             // sum of x x
f32 dot(const f32* a, const f32* b, std::size_t n);                       // sum of a b
f32 sum_squared_deviations(const f32* x, f32 mean, std::size_t n);        // sum of (x - mean)^2
f32 dot_deviations(const f32* a, const f32* x, f32 mean, std::size_t n);  // sum of a (x - mean)

// n >= 1. The first of equals; a NaN beats everything, and the first NaN the others, as in PyTorch.
f32 maximum(const f32* x, std::size_t n);
std::size_t argmax(const f32* x, std::size_t n);
bool all_finite(const f32* x, std::size_t n);  // neither NaN nor infinite

}  // namespace engine::kernels
