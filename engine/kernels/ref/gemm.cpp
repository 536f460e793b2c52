#include "engine/kernels/ref/gemm.hpp"

namespace engine::kernels::ref {

void gemm_nt(GemmShape s, const f32* a, const f32* b, const f32* bias, f32* c) {
  for (int i = 0; i < s.m; ++i) {
    for (int j = 0; j < s.n; ++j) {
      f32 sum = bias ? bias[j] : 0.0f;
      for (int k = 0; k < s.k; ++k) sum = sum + a[i * s.k + k] * b[j * s.k + k];
      c[i * s.n + j] = sum;
    }
  }
}

void gemm_nn(GemmShape s, const f32* a, const f32* b, f32* c) {
  for (int i = 0; i < s.m; ++i) {
    for (int j = 0; j < s.n; ++j) {
      f32 sum = 0;
      for (int k = 0; k < s.k; ++k) sum = sum + a[i * s.k + k] * b[k * s.n + j];
      c[i * s.n + j] = sum;
    }
  }
}

void gemm_tn_add(GemmShape s, const f32* a, const f32* b, f32* c) {
  for (int i = 0; i < s.m; ++i) {
    for (int j = 0; j < s.n; ++j) {
      f32 sum = c[i * s.n + j];
      for (int k = 0; k < s.k; ++k) sum = sum + a[k * s.m + i] * b[k * s.n + j];
      c[i * s.n + j] = sum;
    }
  }
}

}  // namespace engine::kernels::ref
