// Moves floats between layouts; no arithmetic. Pitches are the floats from one row to the next. No
// alignment is needed; source and destination must not overlap; nothing outside the named elements
// is read or written.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

// y(j, i) = x(i, j), i < rows, j < columns.
void transpose(const f32* x, std::ptrdiff_t x_pitch, f32* y, std::ptrdiff_t y_pitch, int rows,
               int columns);

// y(i, j) = x(i, j), i < rows, j < columns.
void copy_rows(const f32* x, std::ptrdiff_t x_pitch, f32* y, std::ptrdiff_t y_pitch, int rows,
               int columns);

// One panel of b for tile.hpp: y[k * width + j] = x(k, j), k < rows; 0 for columns <= j < width.
void pack_panel(const f32* x, std::ptrdiff_t x_pitch, f32* y, int width, int rows, int columns);

// The same of a matrix whose rows are the panel's columns: y[k * width + j] = x(j, k), j < rows, k
// < columns; 0 for rows <= j < width.
void pack_panel_transposed(const f32* x, std::ptrdiff_t x_pitch, f32* y, int width, int rows,
                           int columns);

}  // namespace engine::kernels
