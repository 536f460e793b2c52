#include "engine/kernels/layout.hpp"

#include "engine/kernels/simd.hpp"

namespace engine::kernels {
namespace {

ENGINE_INLINE void copy_row(const f32* x, f32* y, int columns) {
  int j = 0;
  for (; j + 4 <= columns; j += 4) simd::store(y + j, simd::load(x + j));
  if (j == columns) return;
  if (columns >= 4) {
    simd::store(y + columns - 4, simd::load(x + columns - 4));  // overlaps what was just copied
  } else {
    for (; j < columns; ++j) y[j] = x[j];
  }
}

void transpose_block(const f32* x, std::ptrdiff_t x_pitch, f32* y, std::ptrdiff_t y_pitch) {
  simd::f32x4 a = simd::load(x), b = simd::load(x + x_pitch), c = simd::load(x + 2 * x_pitch),
              d = simd::load(x + 3 * x_pitch);
  simd::transpose(a, b, c, d);
  simd::store(y, a);
  simd::store(y + y_pitch, b);
  simd::store(y + 2 * y_pitch, c);
  simd::store(y + 3 * y_pitch, d);
}

}  // namespace

void transpose(const f32* x, std::ptrdiff_t x_pitch, f32* y, std::ptrdiff_t y_pitch, int rows,
               int columns) {
  const int whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
  for (int j = 0; j < whole_columns; j += 4) {
    for (int i = 0; i < whole_rows; i += 4)
      transpose_block(x + i * x_pitch + j, x_pitch, y + j * y_pitch + i, y_pitch);
  }
  for (int i = 0; i < rows; ++i) {
    for (int j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      y[j * y_pitch + i] = x[i * x_pitch + j];
  }
}

void copy_rows(const f32* x, std::ptrdiff_t x_pitch, f32* y, std::ptrdiff_t y_pitch, int rows,
               int columns) {
  for (int i = 0; i < rows; ++i) copy_row(x + i * x_pitch, y + i * y_pitch, columns);
}

void pack_panel(const f32* x, std::ptrdiff_t x_pitch, f32* y, int width, int rows, int columns) {
  for (int k = 0; k < rows; ++k, y += width) {
    copy_row(x + k * x_pitch, y, columns);
    for (int j = columns; j < width; ++j) y[j] = 0;
  }
}

void pack_panel_transposed(const f32* x, std::ptrdiff_t x_pitch, f32* y, int width, int rows,
                           int columns) {
  const int whole = columns / 4 * 4, inside = rows / 4 * 4;
  for (int k = 0; k < whole; k += 4) {
    for (int i = 0; i < inside; i += 4)
      transpose_block(x + i * x_pitch + k, x_pitch, y + k * width + i, width);
    for (int i = inside; i < width; i += 4) {
      simd::f32x4 row[4] = {};
      for (int r = 0; i + r < rows; ++r) row[r] = simd::load(x + (i + r) * x_pitch + k);
      simd::transpose(row[0], row[1], row[2], row[3]);
      for (int j = 0; j < 4; ++j) simd::store(y + (k + j) * width + i, row[j]);
    }
  }
  for (int k = whole; k < columns; ++k) {
    for (int i = 0; i < width; ++i) y[k * width + i] = i < rows ? x[i * x_pitch + k] : 0.0f;
  }
}

}  // namespace engine::kernels
