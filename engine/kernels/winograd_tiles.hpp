// The five linear maps of F(4 x 4, 3 x 3) (winograd.hpp), over many tiles at once.
//
// A 2-d map applies its 1-d map to the rows, then to the columns of what they gave:
//
//   input     6 -> 6   u = d4 - d2, v = d3 - d1:
//                      ((d0 - d2) + u) + 1.5 v,  (u + v) + 1.5 (d2 + d3),  (u - v) + 1.5 (d3 - d2),
//                      u + 2 v,  u - v / 2,  ((d5 - d3) - v) + 1.5 u
//   filter    3 -> 6   g0,  ((g0 + g2) + g1) / 3,  ((g0 + g2) - g1) (-1/3),
//                      ((4 g0 + 2 g1) + g2) (-4/15),  ((g0 - 2 g1) + 4 g2) / 15,  g2
//   output    6 -> 4   s = m1 + m2, t = m1 - m2:
//                      (m0 + s) + (m3 + m4),  t + (m3 / 2 - 2 m4),  s + (m3 / 4 + 4 m4),
//                      (t + (m3 / 8 - 8 m4)) + m5
//   gradient  4 -> 6   the transpose of output; e = y0 + y2, o = y1 + y3:
//                      y0,  e + o,  e - o,  (y0 + y2 / 4) + (y1 / 2 + y3 / 8),
//                      (y0 + 4 y2) - (2 y1 + 8 y3),  y3
//   weight    6 -> 3   the transpose of filter; a = (m1 - m2) / 3, b = m3 (4/15), c = m4 / 15:
//                      (m0 + a) + (c - 4 b),  (m1 + m2) / 3 - 2 (b + c),  (m5 + a) + (4 c - b)
//
// where / 3 and / 15 multiply by the nearest float. So each element is rounded in one order,
// whatever the vectors. Of the 36 products of a tile, number 6 p + q has row p and column q; `step`
// is the floats from one product to the next.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

inline constexpr int kTile = 4;            // outputs of a tile: 4 x 4
inline constexpr int kWindow = kTile + 2;  // of its input: 6 x 6
inline constexpr int kProducts = kWindow * kWindow;

// Some rows of one channel in L1, padded with zeros and split into four phases: column 4 j + p lies
// at phase(row, p)[j].
class SplitRows {
 public:
  SplitRows(f32* memory, int tile_columns) : data_(memory), length_(length(tile_columns)) {}
  static std::size_t floats(int rows, int tile_columns) {
    return std::size_t(rows * kTile * length(tile_columns));
  }
  // Once for a plane size: zeros where no row ever writes.
  void clear(int rows);
  // Rows [first, first + rows) of a plane (h, w) that is padded on all sides.
  void load(const f32* plane, int h, int w, int padding, int first, int rows);

  const f32* phase(int row, int p) const { return data_ + (row * kTile + p) * length_; }

 private:
  // One column more than tiles, in whole vectors, and one vector that padding shifts.
  static int length(int tile_columns) { return (tile_columns + 4) / 4 * 4 + 4; }
  f32* data_;
  int length_;
};

// The maps over one row of `tiles` tiles. Up to three floats behind a row of products are
// overwritten.

// x: from row `row`. v[product * step + tile].
void winograd_input(const SplitRows& x, int row, int tiles, f32* v, std::ptrdiff_t step);

// y[i * pitch + j] = output(m)(i, j) + bias, i < rows <= 4, j < columns <= 4 tiles.
void winograd_output(const f32* m, std::ptrdiff_t step, int tiles, f32 bias, f32* y, int rows,
                     int columns, std::ptrdiff_t pitch);

// dy: four rows of four planes, dy[channel][row * dy_pitch + column], for all columns of the tiles.
// d[product * step + tile * pitch + channel].
void winograd_gradient(const f32* const (&dy)[4], std::ptrdiff_t dy_pitch, int tiles, f32* d,
                       std::ptrdiff_t step, std::ptrdiff_t pitch);

// Filters side by side, n of them: w[tap * n + i], taps in order or, turned by half a turn, from
// the last to the first. u[product * step + i].
void winograd_filter(const f32* w, int n, bool turned, f32* u, std::ptrdiff_t step);

// n gradients of weights side by side: m[product * step + i] to dw[tap * pitch + i].
void winograd_weight(const f32* m, std::ptrdiff_t step, int n, f32* dw, std::ptrdiff_t pitch);

}  // namespace engine::kernels
