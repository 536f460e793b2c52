// The register-tiled inner loop behind every product of the engine: linear layers, convolutions and
// their gradients.
//
//   c(i, j) = start(i) + sum over k of a(i, k) b(k, j),   0 <= i < m, 0 <= j < n
//
// Each element multiplies, rounds, then adds, k by k from its start: never fused, never reordered.
// So the size of a register tile or of a vector changes no bit, and every variant returns the bits
// of ref::strip.
//
// A strip is m <= Tiles::rows rows by any number of columns, cut into panels of Tiles::columns()
// columns. Whole vectors are loaded and stored: b and c must have room for round_up(n, lanes)
// columns in each row; what the columns from n on hold is neither read into other columns nor
// defined afterwards.
#pragma once
#include <span>
#include <string_view>

#include "engine/core/types.hpp"

namespace engine::kernels {

struct Strip {
  int m = 0, n = 0;
  // a: packed, a(i, k) = a[k * a_step + i]; or, when rows is set, a(i, k) = rows[i][k'], where k' =
  // k, but after every `run` steps of k it jumps a further `skip` floats.
  const f32* a = nullptr;
  std::ptrdiff_t a_step = 0;
  const f32* const* rows = nullptr;
  int run = 0;
  std::ptrdiff_t skip = 0;
  // b: row k of panel p starts at b + p * b_panel + k * b_step; or, when table is set, at b + p *
  // b_panel + table[k].
  int k = 0;  // with rows set, a multiple of run
  const f32* b = nullptr;
  std::ptrdiff_t b_step = 0;
  const i32* table = nullptr;  // only with packed a
  std::ptrdiff_t b_panel = 0;
  // c: row i of panel p starts at c + i * c_row + p * columns().
  f32* c = nullptr;
  std::ptrdiff_t c_row = 0;
  // start: the old c if add, else start[i] if given, else 0.
  bool add = false;
  const f32* start = nullptr;
};

// One compiled variant.
struct Tiles {
  const char* name;
  int rows, lanes, vectors;  // the largest tile: rows x (lanes * vectors)
  void (*strip)(const Strip&);
  int columns() const { return lanes * vectors; }
  // Of packed panels for n columns: one vector where that holds them all.
  int panel_width(int n) const { return n <= lanes ? lanes : columns(); }
};

const Tiles& tiles();  // the best that this processor runs, chosen once
// For proofs, before anything is computed: tiles() is the variant of this name from now on. False
// when this processor does not run it.
bool choose_tiles(std::string_view name);
std::span<const Tiles* const> tiles_here();  // all that this processor runs; the baseline first

// Cuts `total` rows into the fewest blocks of at most `rows`, of nearly equal size: no thin last
// tile.
struct Blocks {
  int total = 0, count = 0;
  Blocks(int total_rows, int rows) : total(total_rows), count((total_rows + rows - 1) / rows) {}
  int begin(int block) const { return int(std::int64_t(total) * block / count); }
  int size(int block) const { return begin(block + 1) - begin(block); }
};

inline int round_up(int n, int multiple) { return (n + multiple - 1) / multiple * multiple; }

}  // namespace engine::kernels
