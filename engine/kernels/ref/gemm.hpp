// Plain twins of gemm.hpp: k = 0, 1, 2, ... from the start of each element. Same bits.
#pragma once
#include "engine/kernels/gemm.hpp"

namespace engine::kernels::ref {

void gemm_nt(GemmShape shape, const f32* a, const f32* b, const f32* bias, f32* c);
void gemm_nn(GemmShape shape, const f32* a, const f32* b, f32* c);
void gemm_tn_add(GemmShape shape, const f32* a, const f32* b, f32* c);

}  // namespace engine::kernels::ref
