#include "engine/kernels/winograd_tiles.hpp"

#include <algorithm>
#include <array>

#include "engine/kernels/map.hpp"
#include "engine/kernels/pointwise.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;
using simd::load;
using simd::store;

// f(first tile) for vectors of four that cover a row; the last may overlap the one before.
template <class F>
ENGINE_INLINE void each_four(int tiles, const F& f) {
  for (int j = 0; j < tiles; j += 4) f(j + 4 <= tiles ? j : std::max(tiles - 4, 0));
}

// f(first, count) for vectors that cover [0, n), count < 4 in the last.
template <class F>
ENGINE_INLINE void each_vector(int n, const F& f) {
  for (int i = 0; i < n; i += 4) f(i, std::min(4, n - i));
}

ENGINE_INLINE f32x4 load_some(const f32* p, int count) {
  return count == 4 ? load(p) : Tail{std::size_t(count)}.load(p);
}

ENGINE_INLINE void store_some(f32* p, f32x4 v, int count) {
  if (count >= 4) return store(p, v);
  if (count > 0) Tail{std::size_t(count)}.store(p, v);
}

// Columns j to j + 3 of a row of n; 0 behind its end.
ENGINE_INLINE f32x4 load_row(const f32* x, int j, int n) {
  if (j + 4 <= n) return load(x + j);
  if (j >= n) return simd::zero();
  if (n < 4) return Tail{std::size_t(n)}.load(x);
  const f32x4 last = load(x + n - 4);
  switch (n - j) {
    case 1:
      return simd::shuffle<3, 4, 4, 4>(last, simd::zero());
    case 2:
      return simd::shuffle<2, 3, 4, 4>(last, simd::zero());
    default:
      return simd::shuffle<1, 2, 3, 4>(last, simd::zero());
  }
}

using Three = std::array<f32x4, 3>;
using Four = std::array<f32x4, 4>;
using Six = std::array<f32x4, 6>;

ENGINE_INLINE Six input(f32x4 d0, f32x4 d1, f32x4 d2, f32x4 d3, f32x4 d4, f32x4 d5) {
  const f32x4 even = d4 - d2, odd = d3 - d1;
  return {((d0 - d2) + even) + odd * 1.5f,
          (even + odd) + (d2 + d3) * 1.5f,
          (even - odd) + (d3 - d2) * 1.5f,
          even + odd * 2.0f,
          even - odd * 0.5f,
          ((d5 - d3) - odd) + even * 1.5f};
}

ENGINE_INLINE Six filter(f32x4 g0, f32x4 g1, f32x4 g2) {
  const f32x4 ends = g0 + g2;
  return {g0,
          (ends + g1) * (1.0f / 3),
          (ends - g1) * (-1.0f / 3),
          ((g0 * 4.0f + g1 * 2.0f) + g2) * (-4.0f / 15),
          ((g0 - g1 * 2.0f) + g2 * 4.0f) * (1.0f / 15),
          g2};
}

ENGINE_INLINE Four output(f32x4 m0, f32x4 m1, f32x4 m2, f32x4 m3, f32x4 m4, f32x4 m5) {
  const f32x4 sum = m1 + m2, difference = m1 - m2;
  return {(m0 + sum) + (m3 + m4), difference + (m3 * 0.5f - m4 * 2.0f),
          sum + (m3 * 0.25f + m4 * 4.0f), (difference + (m3 * 0.125f - m4 * 8.0f)) + m5};
}

ENGINE_INLINE Six gradient(f32x4 y0, f32x4 y1, f32x4 y2, f32x4 y3) {
  const f32x4 even = y0 + y2, odd = y1 + y3;
  return {y0,
          even + odd,
          even - odd,
          (y0 + y2 * 0.25f) + (y1 * 0.5f + y3 * 0.125f),
          (y0 + y2 * 4.0f) - (y1 * 2.0f + y3 * 8.0f),
          y3};
}

ENGINE_INLINE Three weight(f32x4 m0, f32x4 m1, f32x4 m2, f32x4 m3, f32x4 m4, f32x4 m5) {
  const f32x4 a = (m1 - m2) * (1.0f / 3), b = m3 * (4.0f / 15), c = m4 * (1.0f / 15);
  return {(m0 + a) + (c - b * 4.0f), (m1 + m2) * (1.0f / 3) - (b + c) * 2.0f,
          (m5 + a) + (c * 4.0f - b)};
}

}  // namespace

void SplitRows::clear(int rows) { fill(data_, 0, std::size_t(rows * kTile * length_)); }

void SplitRows::load(const f32* plane, int h, int w, int padding, int first, int rows) {
  const int length = length_;
  int at[4];  // where column `padding` + k goes
  for (int k = 0; k < 4; ++k) at[k] = (padding + k) % kTile * length + (padding + k) / kTile;
  f32* to = data_;
  for (int row = first - padding; row < first - padding + rows; ++row, to += kTile * length) {
    if (row < 0 || row >= h) {
      fill(to, 0, std::size_t(kTile * length));
      continue;
    }
    const f32* from = plane + row * w;
    __builtin_prefetch(from + h * w);  // of the next channel
    for (int j = 0; j < w; j += 16) {
      f32x4 a = load_row(from, j, w), b = load_row(from, j + 4, w), c = load_row(from, j + 8, w),
            d = load_row(from, j + 12, w);
      simd::transpose(a, b, c, d);
      store(to + at[0] + j / kTile, a);
      store(to + at[1] + j / kTile, b);
      store(to + at[2] + j / kTile, c);
      store(to + at[3] + j / kTile, d);
    }
  }
}

void winograd_input(const SplitRows& x, int row, int tiles, f32* v, std::ptrdiff_t step) {
  const f32* first = x.phase(row, 0);
  const std::ptrdiff_t phase = x.phase(row, 1) - first;
  each_four(tiles, [=](int j) {
    Six rows[6];
    const f32* d = first + j;
    for (int r = 0; r < 6; ++r, d += kTile * phase) {
      rows[r] = input(load(d), load(d + phase), load(d + 2 * phase), load(d + 3 * phase),
                      load(d + 1), load(d + phase + 1));
    }
    f32* to = v + j;
    for (std::size_t q = 0; q < 6; ++q, to += step) {
      const Six column =
          input(rows[0][q], rows[1][q], rows[2][q], rows[3][q], rows[4][q], rows[5][q]);
      for (std::size_t p = 0; p < 6; ++p) store(to + std::ptrdiff_t(p) * 6 * step, column[p]);
    }
  });
}

void winograd_output(const f32* m, std::ptrdiff_t step, int tiles, f32 bias, f32* y, int rows,
                     int columns, std::ptrdiff_t pitch) {
  each_four(tiles, [=](int j) {
    Four across[6], down[4];
    const f32* from = m + j;
    for (int p = 0; p < 6; ++p, from += 6 * step) {
      across[p] = output(load(from), load(from + step), load(from + 2 * step),
                         load(from + 3 * step), load(from + 4 * step), load(from + 5 * step));
    }
    for (std::size_t q = 0; q < 4; ++q) {
      down[q] = output(across[0][q], across[1][q], across[2][q], across[3][q], across[4][q],
                       across[5][q]);
    }
    for (int i = 0; i < rows; ++i) {
      const std::size_t at = std::size_t(i);
      f32x4 a = down[0][at] + bias, b = down[1][at] + bias, c = down[2][at] + bias,
            d = down[3][at] + bias;
      simd::transpose(a, b, c, d);
      f32* to = y + i * pitch + kTile * j;
      const int count = columns - kTile * j;
      store_some(to, a, count);
      store_some(to + 4, b, count - 4);
      store_some(to + 8, c, count - 8);
      store_some(to + 12, d, count - 12);
    }
  });
}

void winograd_gradient(const f32* const (&dy)[4], std::ptrdiff_t dy_pitch, int tiles, f32* d,
                       std::ptrdiff_t step, std::ptrdiff_t pitch) {
  for (int t = 0; t < tiles; ++t) {
    Six rows[4];
    for (int i = 0; i < 4; ++i) {
      const std::ptrdiff_t at = i * dy_pitch + kTile * t;
      f32x4 y0 = load(dy[0] + at), y1 = load(dy[1] + at), y2 = load(dy[2] + at),
            y3 = load(dy[3] + at);
      simd::transpose(y0, y1, y2, y3);
      rows[i] = gradient(y0, y1, y2, y3);
    }
    f32* to = d + t * pitch;
    for (std::size_t q = 0; q < 6; ++q, to += step) {
      const Six column = gradient(rows[0][q], rows[1][q], rows[2][q], rows[3][q]);
      for (std::size_t p = 0; p < 6; ++p) store(to + std::ptrdiff_t(p) * 6 * step, column[p]);
    }
  }
}

void winograd_filter(const f32* w, int n, bool turned, f32* u, std::ptrdiff_t step) {
  each_vector(n, [=](int i, int count) {
    const auto tap = [=](int t) {
      return load_some(w + std::ptrdiff_t(turned ? 8 - t : t) * n + i, count);
    };
    Six rows[3];
    for (int r = 0; r < 3; ++r) rows[r] = filter(tap(3 * r), tap(3 * r + 1), tap(3 * r + 2));
    for (std::size_t q = 0; q < 6; ++q) {
      const Six column = filter(rows[0][q], rows[1][q], rows[2][q]);
      for (std::size_t p = 0; p < 6; ++p)
        store_some(u + std::ptrdiff_t(6 * p + q) * step + i, column[p], count);
    }
  });
}

void winograd_weight(const f32* m, std::ptrdiff_t step, int n, f32* dw, std::ptrdiff_t pitch) {
  each_vector(n, [=](int i, int count) {
    const auto product = [=](int at) { return load_some(m + at * step + i, count); };
    Three rows[6];
    for (int p = 0; p < 6; ++p) {
      rows[p] = weight(product(6 * p), product(6 * p + 1), product(6 * p + 2), product(6 * p + 3),
                       product(6 * p + 4), product(6 * p + 5));
    }
    for (std::size_t kw = 0; kw < 3; ++kw) {
      const Three column =
          weight(rows[0][kw], rows[1][kw], rows[2][kw], rows[3][kw], rows[4][kw], rows[5][kw]);
      for (std::size_t kh = 0; kh < 3; ++kh)
        store_some(dw + std::ptrdiff_t(3 * kh + kw) * pitch + i, column[kh], count);
    }
  });
}

}  // namespace engine::kernels
