#include "engine/kernels/maxpool.hpp"

#include <algorithm>

#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/simd.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;
using simd::i32x4;
using simd::u32x4;

// The best so far of four windows.
struct Winners {
  f32x4 value;
  u32x4 at;
  ENGINE_INLINE void challenge(f32x4 v, u32x4 where) {
    const i32x4 wins = simd::lower(value, v) | ~simd::equal(v, v);
    value = simd::select(wins, v, value);
    at = simd::bits(simd::select(wins, simd::from_bits(where), simd::from_bits(at)));
  }
};

// One output window, clipped to the plane.
void one_window(const PoolShape& s, const f32* x, int row, int column, f32* y, u32* index) {
  const int i0 = std::max(row, 0), i1 = std::min(row + s.kernel, s.h);
  const int j0 = std::max(column, 0), j1 = std::min(column + s.kernel, s.w);
  int best = i0 * s.w + j0;
  for (int i = i0; i < i1; ++i) {
    for (int j = j0; j < j1; ++j) {
      const f32 v = x[i * s.w + j];
      if (v > x[best] || v != v) best = i * s.w + j;
    }
  }
  *y = x[best];
  if (index) *index = u32(best);
}

// Four windows of 2 x 2 side by side, the common case: the corners are every other element of two
// rows.
void four_windows(const f32* x, int w, int at, f32* y, u32* index) {
  const f32x4 a = simd::load(x + at), b = simd::load(x + at + 4);
  const f32x4 c = simd::load(x + at + w), d = simd::load(x + at + w + 4);
  const u32 first = u32(at);
  const u32x4 left = {first, first + 2, first + 4, first + 6};
  Winners winners{simd::shuffle<0, 2, 4, 6>(a, b), left};
  winners.challenge(simd::shuffle<1, 3, 5, 7>(a, b), left + 1u);
  winners.challenge(simd::shuffle<0, 2, 4, 6>(c, d), left + u32(w));
  winners.challenge(simd::shuffle<1, 3, 5, 7>(c, d), left + u32(w + 1));
  simd::store(y, winners.value);
  if (index) __builtin_memcpy(index, &winners.at, sizeof winners.at);
}

}  // namespace

void maxpool(const PoolShape& s, const f32* x, f32* y, u32* index) {
  const bool pairs = s.kernel == 2 && s.stride == 2 && s.padding == 0;
  const int out_h = s.out_h(), out_w = s.out_w();
  for (int i = 0; i < out_h; ++i) {
    int j = 0;
    for (; pairs && j + 4 <= out_w; j += 4) {
      four_windows(x, s.w, 2 * i * s.w + 2 * j, y + j, index ? index + j : nullptr);
    }
    for (; j < out_w; ++j) {
      one_window(s, x, i * s.stride - s.padding, j * s.stride - s.padding, y + j,
                 index ? index + j : nullptr);
    }
    y += out_w;
    if (index) index += out_w;
  }
}

void maxpool_backward(const PoolShape& s, const f32* dy, const u32* index, f32* dx) {
  fill(dx, 0, std::size_t(s.h) * std::size_t(s.w));
  const int n = s.out_h() * s.out_w();
  for (int i = 0; i < n; ++i) dx[index[i]] += dy[i];
}

}  // namespace engine::kernels
