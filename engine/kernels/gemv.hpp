// The product for few samples: y(n) = bias(n) + sum over k of x(k) b(n, k), the same order and bits
// as gemm_nt. There the lanes run along the samples, and with one sample would be empty; here they
// run along n, on blocks of b that are transposed in registers. Four inputs in a row that are zero,
// as most of a drawing's are, are left out: for finite b that changes no sum (-0 aside).
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

// Up to so many, one product a sample beats a tile of four lanes or more.
inline constexpr int kGemvSamples = 3;

// Rows of b: n >= 0 of k >= 1 floats. bias may be null.
void gemv(const f32* b, const f32* x, const f32* bias, f32* y, int n, int k);

}  // namespace engine::kernels
