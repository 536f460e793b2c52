#include "engine/kernels/gemv.hpp"

#include "engine/kernels/simd.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;

// 4 * kVectors rows at once: enough independent sums to hide the latency of an addition.
template <int kVectors>
void rows(const f32* b, const f32* x, const f32* bias, f32* y, int k) {
  const std::ptrdiff_t pitch = k;
  f32x4 sum[kVectors];
  for (int v = 0; v < kVectors; ++v) sum[v] = bias ? simd::load(bias + 4 * v) : simd::zero();
  int i = 0;
  for (; i + 4 <= k; i += 4) {
    for (int v = 0; v < kVectors; ++v) {
      const f32* at = b + 4 * v * pitch + i;
      f32x4 r0 = simd::load(at), r1 = simd::load(at + pitch), r2 = simd::load(at + 2 * pitch),
            r3 = simd::load(at + 3 * pitch);
      simd::transpose(r0, r1, r2, r3);
      sum[v] = (((sum[v] + x[i] * r0) + x[i + 1] * r1) + x[i + 2] * r2) + x[i + 3] * r3;
    }
  }
  for (; i < k; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      const f32* at = b + 4 * v * pitch + i;
      sum[v] = sum[v] + x[i] * f32x4{at[0], at[pitch], at[2 * pitch], at[3 * pitch]};
    }
  }
  for (int v = 0; v < kVectors; ++v) simd::store(y + 4 * v, sum[v]);
}

}  // namespace

void gemv(const f32* b, const f32* x, const f32* bias, f32* y, int n, int k) {
  int row = 0;
  for (; row + 16 <= n; row += 16)
    rows<4>(b + std::ptrdiff_t(row) * k, x, bias ? bias + row : nullptr, y + row, k);
  for (; row + 4 <= n; row += 4)
    rows<1>(b + std::ptrdiff_t(row) * k, x, bias ? bias + row : nullptr, y + row, k);
  for (; row < n; ++row) {
    f32 sum = bias ? bias[row] : 0.0f;
    for (int i = 0; i < k; ++i) sum = sum + x[i] * b[std::ptrdiff_t(row) * k + i];
    y[row] = sum;
  }
}

}  // namespace engine::kernels
