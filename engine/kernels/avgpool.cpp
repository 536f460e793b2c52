#include "engine/kernels/avgpool.hpp"

#include <algorithm>

#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/simd.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;

// The part of a window that lies in the plane: rows i0..i1, columns j0..j1, the ends left out.
struct Window {
  int i0, i1, j0, j1;
  Window(const PoolShape& s, int row, int column)
      : i0(std::max(row, 0)),
        i1(std::min(row + s.kernel, s.h)),
        j0(std::max(column, 0)),
        j1(std::min(column + s.kernel, s.w)) {}
};

f32 one_window(const PoolShape& s, const f32* x, const Window& window, f32 count) {
  f32 sum = 0;
  for (int i = window.i0; i < window.i1; ++i) {
    for (int j = window.j0; j < window.j1; ++j) sum = sum + x[i * s.w + j];
  }
  return sum / count;
}

// Windows of 2 x 2 side by side, the common case, four at a time.
bool pairs(const PoolShape& s) { return s.kernel == 2 && s.stride == 2 && s.padding == 0; }

f32x4 four_windows(const f32* x, int w) {
  const f32x4 a = simd::load(x), b = simd::load(x + 4);
  const f32x4 c = simd::load(x + w), d = simd::load(x + w + 4);
  const f32x4 top = (simd::shuffle<0, 2, 4, 6>(a, b) + 0.0f) + simd::shuffle<1, 3, 5, 7>(a, b);
  return ((top + simd::shuffle<0, 2, 4, 6>(c, d)) + simd::shuffle<1, 3, 5, 7>(c, d)) / 4.0f;
}

}  // namespace

void avgpool(const PoolShape& s, const f32* x, f32* y) {
  const int out_h = s.out_h(), out_w = s.out_w();
  const f32 count = f32(s.kernel * s.kernel);
  for (int i = 0; i < out_h; ++i, y += out_w) {
    int j = 0;
    for (; pairs(s) && j + 4 <= out_w; j += 4)
      simd::store(y + j, four_windows(x + 2 * i * s.w + 2 * j, s.w));
    for (; j < out_w; ++j) {
      const Window window(s, i * s.stride - s.padding, j * s.stride - s.padding);
      y[j] = one_window(s, x, window, count);
    }
  }
}

void avgpool_backward(const PoolShape& s, const f32* dy, f32* dx) {
  const int out_h = s.out_h(), out_w = s.out_w();
  const f32 count = f32(s.kernel * s.kernel);
  fill(dx, 0, std::size_t(s.h) * std::size_t(s.w));
  for (int i = 0; i < out_h; ++i, dy += out_w) {
    int j = 0;
    for (; pairs(s) && j + 4 <= out_w; j += 4) {
      const f32x4 d = simd::load(dy + j) / 4.0f + 0.0f;
      f32* to = dx + 2 * i * s.w + 2 * j;
      for (int row = 0; row < 2; ++row, to += s.w) {
        simd::store(to, simd::shuffle<0, 0, 1, 1>(d, d));
        simd::store(to + 4, simd::shuffle<2, 2, 3, 3>(d, d));
      }
    }
    for (; j < out_w; ++j) {
      const Window window(s, i * s.stride - s.padding, j * s.stride - s.padding);
      const f32 d = dy[j] / count;
      for (int u = window.i0; u < window.i1; ++u) {
        for (int v = window.j0; v < window.j1; ++v) dx[u * s.w + v] += d;
      }
    }
  }
}

}  // namespace engine::kernels
