#include "engine/kernels/winograd.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/layout.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/winograd_tiles.hpp"
#include "engine/kernels/work.hpp"

namespace engine::kernels {
namespace {

using Direction = WinogradDirection;

// What goes through together, unless one row of tiles is more: the products of the input stay in
// L2.
constexpr int kFewTiles = 16, kTiles = 56, kInputFloats = kProducts * 64 * 32;
// The maps of a vector of four tiles cost as much as so many multiply-adds of each tile, for each
// channel in and out: measured at 8 to 64 channels of 7 x 7 to 28 x 28.
constexpr u64 kMaps = 640;
constexpr int kAnyBatch = 1 << 10;  // one that limits nothing

// Rows of tiles of a whole batch, in order, as the parts of them that lie in one sample:
// f(sample, first row, rows, tiles before it).
template <class F>
void each_sample(Part rows, const Direction& d, const F& f) {
  for (int row = rows.begin; row < rows.end;) {
    const int n = row / d.tile_rows(), i = row % d.tile_rows();
    const int count = std::min(d.tile_rows() - i, rows.end - row);
    f(n, i, count, (row - rows.begin) * d.tile_columns());
    row += count;
  }
}

}  // namespace

Winograd::Winograd(const Conv2dShape& s, const Tiles& variant)
    : forward_{s.c, s.h, s.w, s.o, s.out_h(), s.out_w(), s.padding},
      backward_{s.o, s.out_h(), s.out_w(), s.c, s.h, s.w, 2 - s.padding},
      variant_(&variant) {
  ENSURE(s.kernel == 3 && s.stride == 1 && s.groups == 1, "no convolution for Winograd's tiles");
  ENSURE(s.padding >= 0 && s.padding <= 2 && s.out_h() >= 1 && s.out_w() >= 1,
         "padding must be below the kernel, and the kernel within the padded image");
}

bool Winograd::pays(const Conv2dShape& s) {
  if (s.kernel != 3 || s.stride != 1 || s.groups != 1) return false;
  const Direction d{s.c, s.h, s.w, s.o, s.out_h(), s.out_w(), s.padding};
  const u64 pairs = u64(s.c) * u64(s.o), rows = u64(d.tile_rows());
  const u64 products = rows * u64(d.tile_columns()) * kProducts * pairs;
  const u64 maps = rows * u64(round_up(d.tile_columns(), 4)) * kMaps * u64(s.c + s.o);
  return products + maps < 9 * u64(s.out_h()) * u64(s.out_w()) * pairs;
}

// --- memory

// As many rows of tiles as stay in cache; for four threads a quarter of the batch at most, unless
// that is too little to fill vectors.
int Winograd::chunk_rows(const Direction& d, int batch) const {
  const int tiles = std::clamp(kInputFloats / (kProducts * d.c), kFewTiles, kTiles);
  const int quarter = (std::min(batch, kAnyBatch) * d.tile_rows() + 3) / 4;
  const int few = (kFewTiles + d.tile_columns() - 1) / d.tile_columns();
  return std::clamp(tiles / d.tile_columns(), 1, std::max(few, quarter));
}

int Winograd::pitch(const Direction& d, int rows) const {
  return round_up(rows * d.tile_columns(), variant_->lanes);
}

// From one product to the next; off by a line of cache, so that they do not evict each other.
std::ptrdiff_t Winograd::step(int rows, int pitch) { return std::ptrdiff_t(rows) * pitch + 16; }

std::size_t Winograd::filter_floats() const {
  return std::size_t(kProducts) * std::size_t(forward_.c) * std::size_t(forward_.o);
}

std::size_t Winograd::direction_floats(const Direction& d) const {
  const int rows = chunk_rows(d, kAnyBatch), columns = pitch(d, rows);
  const std::size_t maps =
      std::size_t(kProducts) * std::size_t(step(d.c, columns) + step(outputs(), columns));
  return std::max(SplitRows::floats(kTile * rows + 2, d.tile_columns()) + maps,
                  std::size_t(9 * d.o));
}

std::size_t Winograd::worker_floats() const {
  return std::max({direction_floats(forward_), direction_floats(backward_), gradient_floats()});
}

// --- forward and input gradient

void Winograd::forward(Pool& pool, BatchIn x, const f32* w, const f32* b, BatchOut y, f32* filters,
                       Gate gate) const {
  map_filters(pool, forward_, w, false, filters);
  run(pool, {forward_, x, filters, b, y, gate});
}

void Winograd::input_gradient(Pool& pool, BatchIn dy, const f32* w, BatchOut dx, f32* filters,
                              Gate gate) const {
  map_filters(pool, backward_, w, true, filters);
  run(pool, {backward_, dy, filters, nullptr, dx, gate});
}

// filters[product][c][o] of w (O, C, 3, 3), where backward d.c is O and d.o is C.
void Winograd::map_filters(Pool& pool, const Direction& d, const f32* w, bool turned,
                           f32* filters) const {
  const std::ptrdiff_t from_c = turned ? 9 * d.o : 9, from_o = turned ? 9 : 9 * d.c;
  run_tasks(pool, d.c, u64(d.c) * u64(d.o) * 32, [&](int c, int worker) {
    f32* taps = pool.scratch(worker);
    transpose(w + c * from_c, from_o, taps, d.o, d.o, 9);
    winograd_filter(taps, d.o, turned, filters + std::ptrdiff_t(c) * d.o,
                    std::ptrdiff_t(d.c) * d.o);
  });
}

void Winograd::run(Pool& pool, const Job& job) const {
  const Direction& d = job.d;
  const int rows = job.x.n * d.tile_rows(), chunk = chunk_rows(d, job.x.n);
  const u64 work = u64(rows) * u64(d.tile_columns() * kProducts) * u64(d.c) * u64(d.o);
  const int chunks = (rows + chunk - 1) / chunk;
  // A single chunk is cut by outputs too; each part maps its input again.
  const int groups = (d.o + outputs() - 1) / outputs(),
            parts = chunks == 1 ? std::min(groups, 2) : 1;
  run_tasks(pool, chunks * parts, work, [&](int task, int worker) {
    const int first = task / parts * chunk;
    run_rows(job, {first, std::min(rows, first + chunk)}, part_of(groups, task % parts, parts),
             pool.scratch(worker));
  });
}

// v[product][channel][tile] of rows of tiles.
void Winograd::map_input(const Direction& d, Part rows, BatchIn x, f32* lines, f32* v,
                         int pitch) const {
  SplitRows split(lines, d.tile_columns());
  split.clear(kTile * rows.count() + 2);
  for (int c = 0; c < d.c; ++c) {
    each_sample(rows, d, [&](int n, int i, int count, int tile) {
      split.load(x.sample(n) + std::ptrdiff_t(c) * d.h * d.w, d.h, d.w, d.padding, kTile * i,
                 kTile * count + 2);
      for (int r = 0; r < count; ++r) {
        winograd_input(split, kTile * r, d.tile_columns(),
                       v + std::ptrdiff_t(c) * pitch + tile + r * d.tile_columns(),
                       step(d.c, pitch));
      }
    });
  }
}

// m[product][output][tile] of some outputs.
void Winograd::multiply(const Job& job, Part outputs, int tiles, const f32* v, f32* m,
                        int pitch) const {
  const Direction& d = job.d;
  const Blocks blocks(outputs.count(), variant_->rows);
  Strip s;
  s.n = tiles;
  s.k = d.c;
  s.a_step = d.o;
  s.b_step = s.c_row = pitch;
  s.b_panel = variant_->columns();
  for (int product = 0; product < kProducts; ++product) {
    s.b = v + product * step(d.c, pitch);
    for (int block = 0; block < blocks.count; ++block) {
      const int first = blocks.begin(block);
      s.m = blocks.size(block);
      s.a = job.filters + std::ptrdiff_t(product) * d.c * d.o + outputs.begin + first;
      s.c = m + product * step(outputs.count(), pitch) + std::ptrdiff_t(first) * pitch;
      variant_->strip(s);
    }
  }
}

// y of some outputs.
void Winograd::map_output(const Job& job, Part rows, Part outputs, const f32* m, int pitch) {
  const Direction& d = job.d;
  for (int o = outputs.begin; o < outputs.end; ++o, m += pitch) {
    each_sample(rows, d, [&](int n, int i, int count, int tile) {
      f32* y = job.y.sample(n) + (std::ptrdiff_t(o) * d.out_h + kTile * i) * d.out_w;
      const int height = std::min(kTile * count, d.out_h - kTile * i);
      for (int row = 0; row < height; row += kTile, tile += d.tile_columns()) {
        winograd_output(m + tile, step(outputs.count(), pitch), d.tile_columns(),
                        job.b ? job.b[o] : 0.0f, y + row * d.out_w, std::min(kTile, height - row),
                        d.out_w, d.out_w);
      }
      job.gate.apply(job.y.data, y, std::size_t(height * d.out_w));
    });
  }
}

// The outputs of some of the groups that they are cut into.
void Winograd::run_rows(const Job& job, Part rows, Part groups, f32* scratch) const {
  const Direction& d = job.d;
  const int columns = pitch(d, rows.count());
  f32* v = scratch;
  f32* m = v + kProducts * step(d.c, columns);
  f32* lines = m + kProducts * step(outputs(), columns);
  map_input(d, rows, job.x, lines, v, columns);
  const int all_groups = (d.o + outputs() - 1) / outputs();
  for (int g = groups.begin; g < groups.end; ++g) {
    const Part some = part_of(d.o, g, all_groups);
    multiply(job, some, rows.count() * d.tile_columns(), v, m, columns);
    map_output(job, rows, some, m, columns);
  }
}

// --- weight gradient

// The sums go by once for each chunk: it must be large.
int Winograd::gradient_rows() const { return chunk_rows(forward_, kAnyBatch); }

std::size_t Winograd::gradient_floats() const {
  const Direction& d = forward_;
  const int rows = gradient_rows(), tiles = rows * d.tile_columns();
  const int outputs = round_up(d.o, variant_->panel_width(d.o));
  return std::size_t(kProducts) *
             std::size_t(step(d.c, outputs) + step(d.c, pitch(d, rows)) + step(tiles, outputs)) +
         std::max(SplitRows::floats(kTile * rows + 2, d.tile_columns()),
                  std::size_t(4 * kTile * tiles * kTile));
}

// g[product][tile][output], the outputs of a tile `pitch` long. Planes that are not whole tiles are
// padded in `planes`, four at a time.
void Winograd::map_gradient(Part rows, BatchIn dy, f32* planes, f32* g, int pitch) const {
  const Direction& d = forward_;
  const int tiles = d.tile_columns(), width = kTile * tiles;
  for (int o = 0; o < d.o; o += 4) {
    const bool whole = d.out_w == width && d.out_h % kTile == 0 && o + 4 <= d.o;
    each_sample(rows, d, [&](int n, int i, int count, int tile) {
      const f32* from = dy.sample(n) + (std::ptrdiff_t(o) * d.out_h + kTile * i) * d.out_w;
      std::ptrdiff_t plane = std::ptrdiff_t(d.out_h) * d.out_w;
      if (!whole) {
        const int height = kTile * count, given = std::min(height, d.out_h - kTile * i);
        fill(planes, 0, std::size_t(4 * height * width));
        for (int k = 0; k < std::min(4, d.o - o); ++k) {
          copy_rows(from + k * plane, d.out_w, planes + k * height * width, width, given, d.out_w);
        }
        from = planes;
        plane = std::ptrdiff_t(height) * width;
      }
      for (int r = 0; r < count; ++r, from += kTile * width) {
        winograd_gradient({from, from + plane, from + 2 * plane, from + 3 * plane}, width, tiles,
                          g + std::ptrdiff_t(tile + r * tiles) * pitch + o,
                          step(rows.count() * tiles, pitch), pitch);
      }
    });
  }
}

void Winograd::weight_gradient(BatchIn x, BatchIn dy, Part samples, f32* dw, f32* scratch) const {
  const Direction& d = forward_;
  const int chunk = gradient_rows(), outputs = round_up(d.o, variant_->panel_width(d.o));
  f32* sums = scratch;
  f32* g = sums + kProducts * step(d.c, outputs);
  f32* v = g + kProducts * step(chunk * d.tile_columns(), outputs);
  f32* lines = v + kProducts * step(d.c, pitch(d, chunk));
  const int end = samples.end * d.tile_rows();
  for (int row = samples.begin * d.tile_rows(); row < end; row += chunk) {
    const Part rows{row, std::min(row + chunk, end)};
    map_input(d, rows, x, lines, v, pitch(d, rows.count()));
    map_gradient(rows, dy, lines, g, outputs);
    add_products(rows.count() * d.tile_columns(), v, pitch(d, rows.count()), g, outputs, sums,
                 row > samples.begin * d.tile_rows());
  }
  for (int c = 0; c < d.c; ++c) {
    winograd_weight(sums + std::ptrdiff_t(c) * outputs, step(d.c, outputs), d.o,
                    dw + std::ptrdiff_t(9 * c) * outputs, outputs);
  }
}

// sums[product][channel][output] of v[product][channel][tile] and g[product][tile][output].
void Winograd::add_products(int tiles, const f32* v, int v_pitch, const f32* g, int g_pitch,
                            f32* sums, bool add) const {
  const Blocks blocks(forward_.c, variant_->rows);
  const f32* rows[64];
  Strip s;
  s.n = forward_.o;
  s.rows = rows;
  s.run = s.k = tiles;
  s.b_step = s.c_row = g_pitch;
  s.b_panel = variant_->columns();
  s.add = add;
  for (int product = 0; product < kProducts; ++product) {
    s.b = g + product * step(tiles, g_pitch);
    for (int block = 0; block < blocks.count; ++block) {
      const std::ptrdiff_t first = blocks.begin(block);
      s.m = blocks.size(block);
      for (int i = 0; i < s.m; ++i)
        rows[i] = v + product * step(forward_.c, v_pitch) + (first + i) * v_pitch;
      s.c = sums + product * step(forward_.c, g_pitch) + first * g_pitch;
      variant_->strip(s);
    }
  }
}

}  // namespace engine::kernels
