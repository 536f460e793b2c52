#include "engine/kernels/gemv.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "engine/kernels/simd.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;

// Of a pass over the rows: what is known of x for it stays on the stack.
constexpr int kDepth = 1024;

// Where x is not zero: its groups of four with any other value, by their first index.
class Groups {
 public:
  Groups(const f32* x, int k) {
    for (int i = 0; i + 4 <= k; i += 4) {
      first_[count_] = u16(i);
      count_ += x[i] != 0 || x[i + 1] != 0 || x[i + 2] != 0 || x[i + 3] != 0 ? 1 : 0;
    }
  }
  std::span<const u16> all() const { return {first_, count_}; }

 private:
  u16 first_[kDepth / 4];
  std::size_t count_ = 0;
};

// k products of up to 4 * kVectors rows at once, each lane a row: enough independent sums to hide
// the latency of an addition. Lanes of the last vector that have no row of their own do the last
// row's again.
template <int kVectors>
void rows(const f32* b, std::ptrdiff_t pitch, const f32* x, const Groups& groups, f32* y, int count,
          int k) {
  const int last = count - 4 * (kVectors - 1) - 1;
  const std::ptrdiff_t cut[4] = {0, pitch * std::min(1, last), pitch * std::min(2, last),
                                 pitch * last};
  f32 sums[4 * kVectors] = {};
  std::copy_n(y, count, sums);
  f32x4 sum[kVectors];
  for (int v = 0; v < kVectors; ++v) sum[v] = simd::load(sums + 4 * v);
  for (const int i : groups.all()) {
    for (int v = 0; v < kVectors; ++v) {
      const f32* at = b + 4 * v * pitch + i;
      const bool end = v + 1 == kVectors;
      f32x4 r0 = simd::load(at), r1 = simd::load(at + (end ? cut[1] : pitch)),
            r2 = simd::load(at + (end ? cut[2] : 2 * pitch)),
            r3 = simd::load(at + (end ? cut[3] : 3 * pitch));
      simd::transpose(r0, r1, r2, r3);
      sum[v] = (((sum[v] + x[i] * r0) + x[i + 1] * r1) + x[i + 2] * r2) + x[i + 3] * r3;
    }
  }
  for (int i = k / 4 * 4; i < k; ++i) {
    for (int v = 0; v < kVectors; ++v) {
      const f32* at = b + 4 * v * pitch + i;
      const bool end = v + 1 == kVectors;
      sum[v] = sum[v] + x[i] * f32x4{at[0], at[end ? cut[1] : pitch], at[end ? cut[2] : 2 * pitch],
                                     at[end ? cut[3] : 3 * pitch]};
    }
  }
  for (int v = 0; v < kVectors; ++v) simd::store(sums + 4 * v, sum[v]);
  std::copy_n(sums, count, y);
}

}  // namespace

void gemv(const f32* b, const f32* x, const f32* bias, f32* y, int n, int k) {
  constexpr int kRows = 16;
  constexpr auto kKernels = std::array{rows<1>, rows<2>, rows<3>, rows<4>};
  if (bias) {
    std::copy_n(bias, n, y);
  } else {
    std::fill_n(y, n, 0.0f);
  }
  for (int from = 0; from < k; from += kDepth) {
    const int depth = std::min(kDepth, k - from);
    const Groups groups(x + from, depth);
    for (int row = 0; row < n; row += kRows) {
      const int count = std::min(kRows, n - row);
      kKernels[std::size_t(count - 1) / 4](b + std::ptrdiff_t(row) * k + from, k, x + from, groups,
                                           y + row, count, depth);
    }
  }
}

}  // namespace engine::kernels
