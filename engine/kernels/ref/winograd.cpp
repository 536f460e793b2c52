#include "engine/kernels/ref/winograd.hpp"

#include <array>

namespace engine::kernels::ref {
namespace {

using Tile = std::array<std::array<f32, 6>, 6>;  // its corner, where a map gives or takes less
using Line = std::array<f32, 6>;

Line input(Line d) {
  const f32 u = d[4] - d[2], v = d[3] - d[1];
  return {((d[0] - d[2]) + u) + v * 1.5f,
          (u + v) + (d[2] + d[3]) * 1.5f,
          (u - v) + (d[3] - d[2]) * 1.5f,
          u + v * 2.0f,
          u - v * 0.5f,
          ((d[5] - d[3]) - v) + u * 1.5f};
}

Line filter(Line g) {
  const f32 ends = g[0] + g[2];
  return {g[0],
          (ends + g[1]) * (1.0f / 3),
          (ends - g[1]) * (-1.0f / 3),
          ((g[0] * 4.0f + g[1] * 2.0f) + g[2]) * (-4.0f / 15),
          ((g[0] - g[1] * 2.0f) + g[2] * 4.0f) * (1.0f / 15),
          g[2]};
}

Line output(Line m) {
  const f32 s = m[1] + m[2], t = m[1] - m[2];
  return {(m[0] + s) + (m[3] + m[4]), t + (m[3] * 0.5f - m[4] * 2.0f),
          s + (m[3] * 0.25f + m[4] * 4.0f), (t + (m[3] * 0.125f - m[4] * 8.0f)) + m[5]};
}

Line gradient(Line y) {
  const f32 e = y[0] + y[2], o = y[1] + y[3];
  return {y[0],
          e + o,
          e - o,
          (y[0] + y[2] * 0.25f) + (y[1] * 0.5f + y[3] * 0.125f),
          (y[0] + y[2] * 4.0f) - (y[1] * 2.0f + y[3] * 8.0f),
          y[3]};
}

Line weight(Line m) {
  const f32 a = (m[1] - m[2]) * (1.0f / 3), b = m[3] * (4.0f / 15), c = m[4] * (1.0f / 15);
  return {(m[0] + a) + (c - b * 4.0f), (m[1] + m[2]) * (1.0f / 3) - (b + c) * 2.0f,
          (m[5] + a) + (c * 4.0f - b)};
}

Tile turned(const Tile& t) {
  Tile out{};
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) out[j][i] = t[i][j];
  }
  return out;
}

// A map on the rows, then on the columns.
Tile both(Line (*map)(Line), Tile t) {
  for (Line& row : t) row = map(row);
  t = turned(t);
  for (Line& column : t) column = map(column);
  return turned(t);
}

// The part of a plane (h, w) from (i, j) on; 0 outside.
Tile window(const f32* plane, int h, int w, int i, int j, int size) {
  Tile t{};
  for (int a = 0; a < size; ++a) {
    for (int b = 0; b < size; ++b) {
      const bool inside = i + a >= 0 && i + a < h && j + b >= 0 && j + b < w;
      if (inside) t[std::size_t(a)][std::size_t(b)] = plane[(i + a) * w + j + b];
    }
  }
  return t;
}

void add_product(const Tile& a, const Tile& b, Tile& sum) {
  for (std::size_t p = 0; p < 6; ++p) {
    for (std::size_t q = 0; q < 6; ++q) sum[p][q] = sum[p][q] + a[p][q] * b[p][q];
  }
}

Tile kernel(const f32* w, bool half_turn) {
  Tile t{};
  for (int tap = 0; tap < 9; ++tap)
    t[std::size_t(tap / 3)][std::size_t(tap % 3)] = w[half_turn ? 8 - tap : tap];
  return t;
}

// One output plane of one sample; filters(c): those of input plane c.
template <class Filters>
void convolve(Shape in, const f32* x, int padding, const Filters& filters, f32 bias, int out_h,
              int out_w, f32* y) {
  for (int i = 0; i < out_h; i += 4) {
    for (int j = 0; j < out_w; j += 4) {
      Tile sum{};
      for (int c = 0; c < in.c; ++c) {
        const Tile d = window(x + c * in.h * in.w, in.h, in.w, i - padding, j - padding, 6);
        add_product(both(filter, filters(c)), both(input, d), sum);
      }
      sum = both(output, sum);
      for (int a = 0; a < 4 && i + a < out_h; ++a) {
        for (int b = 0; b < 4 && j + b < out_w; ++b)
          y[(i + a) * out_w + j + b] = sum[std::size_t(a)][std::size_t(b)] + bias;
      }
    }
  }
}

}  // namespace

void winograd(const Conv2dShape& s, BatchIn x, const f32* w, const f32* b, BatchOut y) {
  for (int n = 0; n < x.n; ++n) {
    for (int o = 0; o < s.o; ++o) {
      const auto filters = [&](int c) { return kernel(w + (o * s.c + c) * 9, false); };
      convolve(x.shape, x.sample(n), s.padding, filters, b ? b[o] : 0.0f, s.out_h(), s.out_w(),
               y.sample(n) + o * s.out_h() * s.out_w());
    }
  }
}

void winograd_input_gradient(const Conv2dShape& s, BatchIn dy, const f32* w, BatchOut dx) {
  for (int n = 0; n < dy.n; ++n) {
    for (int c = 0; c < s.c; ++c) {
      const auto filters = [&](int o) { return kernel(w + (o * s.c + c) * 9, true); };
      convolve(dy.shape, dy.sample(n), 2 - s.padding, filters, 0.0f, s.h, s.w,
               dx.sample(n) + c * s.h * s.w);
    }
  }
}

void winograd_weight_gradient(const Conv2dShape& s, BatchIn x, BatchIn dy, int first, int last,
                              f32* dw) {
  const int out_h = s.out_h(), out_w = s.out_w();
  for (int pair = 0; pair < s.o * s.c; ++pair, dw += 9) {
    const int o = pair / s.c, c = pair % s.c;
    Tile sum{};
    for (int n = first; n < last; ++n) {
      for (int i = 0; i < out_h; i += 4) {
        for (int j = 0; j < out_w; j += 4) {
          const Tile d =
              window(x.sample(n) + c * s.h * s.w, s.h, s.w, i - s.padding, j - s.padding, 6);
          const Tile g = window(dy.sample(n) + o * out_h * out_w, out_h, out_w, i, j, 4);
          add_product(both(input, d), both(gradient, g), sum);
        }
      }
    }
    sum = both(weight, sum);
    for (int tap = 0; tap < 9; ++tap) dw[tap] = sum[std::size_t(tap / 3)][std::size_t(tap % 3)];
  }
}

}  // namespace engine::kernels::ref
