#include "engine/kernels/gemm.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/gemv.hpp"
#include "engine/kernels/layout.hpp"
#include "engine/kernels/work.hpp"

namespace engine::kernels {
namespace {

constexpr int kColumnBlock = 64;    // columns of one task: whole panels for every variant
constexpr int kRowBlock = 24;       // rows of one task of gemm_nt: whole tiles for every variant
constexpr int kThinRows = 16;       // the same where that would give few tasks
constexpr int kPackedPiece = 1024;  // steps of k that one task of gemm_nt packs
constexpr int kTallBlock = 48;      // rows of one task where there are few column blocks
constexpr int kWideColumns = 256, kShallow = 32, kWidestVector = 16;  // of gemm_nn_wide

// Panel rows that stay in the first-level cache (16 KiB) while all rows of a pass over them.
int depth_block(const Tiles& t) { return 4096 / t.columns(); }

u64 work_of(GemmShape s) { return u64(s.m) * u64(s.n) * u64(s.k); }

int blocks_of(int total, int size) { return (total + size - 1) / size; }

// c(i, 0 .. columns) += sum over `depth` steps of a(i, k) b(k, j), rows of a by pointer: one panel
// of b after another.
struct RowPass {
  const Tiles* t;
  const f32* a;  // element (row 0, k 0)
  std::ptrdiff_t a_pitch;
  const f32* b;  // panels
  std::ptrdiff_t b_step, b_panel;
  f32* c;
  std::ptrdiff_t c_pitch;
  int rows, columns, depth;
  bool add;
};

void run(const RowPass& p) {
  const f32* pointers[64];
  const Blocks blocks(p.rows, p.t->rows);
  // Each panel stays in L1 for all rows; where all of them fit, the rows go by once.
  const int width = p.depth * p.columns <= 4096 ? p.columns : p.t->columns();
  for (int from = 0; from < p.columns; from += width) {
    for (int block = 0; block < blocks.count; ++block) {
      const int row = blocks.begin(block);
      Strip s;
      s.m = blocks.size(block);
      s.n = std::min(p.columns - from, width);
      for (int i = 0; i < s.m; ++i) pointers[i] = p.a + (row + i) * p.a_pitch;
      s.rows = pointers;
      s.run = s.k = p.depth;
      s.b = p.b + from / p.t->columns() * p.b_panel;
      s.b_step = p.b_step;
      s.b_panel = p.b_panel;
      s.c = p.c + row * p.c_pitch + from;
      s.c_row = p.c_pitch;
      s.add = p.add;
      p.t->strip(s);
    }
  }
}

// gemm_nt packs the smaller factor into panels, whose columns run along the lanes, and streams the
// other row by row.
struct Orientation {
  bool lanes_are_b;
  int lanes, rows;  // rows of the packed factor, and of the streamed one
  explicit Orientation(GemmShape s)
      : lanes_are_b(s.n <= s.m), lanes(lanes_are_b ? s.n : s.m), rows(lanes_are_b ? s.m : s.n) {}
};

// Starts a task's block of c: the bias, along the lanes or down the rows.
void start_block(f32* c, const f32* bias, bool along_lanes, int first_row, int rows, int first_lane,
                 int lanes) {
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < kColumnBlock; ++j) {
      const bool inside = bias != nullptr && j < lanes;
      c[i * kColumnBlock + j] = inside ? bias[along_lanes ? first_lane + j : first_row + i] : 0.0f;
    }
  }
}

// How gemm_nn and gemm_tn_add are cut: by columns, and by rows too where there are few columns.
struct Grid {
  int column_blocks, row_blocks, row_block;
  explicit Grid(GemmShape s) : column_blocks(blocks_of(s.n, kColumnBlock)) {
    row_block = column_blocks >= 8 ? s.m : std::min(s.m, kTallBlock);
    row_blocks = blocks_of(s.m, row_block);
  }
  int tasks() const { return column_blocks * row_blocks; }
};

std::size_t packed_block(GemmShape s, const Tiles& t) {
  return std::size_t(std::min(s.k, depth_block(t))) * kColumnBlock;
}

// Packs rows [k0, k0 + depth) of columns [first, first + columns) of b (k, n).
void pack_block(const Tiles& t, const f32* b, int n, int k0, int depth, int first, int columns,
                f32* packed) {
  for (int from = 0; from < columns; from += t.columns()) {
    pack_panel(b + std::ptrdiff_t(k0) * n + first + from, n, packed + from * depth, t.columns(),
               depth, std::min(t.columns(), columns - from));
  }
}

// Many columns of few products each: what counts is the memory. Each task writes a few rows, the
// same samples as the tasks of the layers before it, along whole pages; b is read where it lies.
bool is_wide(GemmShape s) {
  return s.k <= kShallow && s.n >= 4 * kWideColumns && s.n % kWidestVector == 0;
}

void gemm_nn_wide(Pool& pool, GemmShape s, const f32* a, const f32* b, f32* c, const Tiles& t,
                  Gate gate) {
  const int column_blocks = blocks_of(s.n, kWideColumns);
  run_tasks(pool, blocks_of(s.m, kThinRows) * column_blocks, work_of(s), [&](int task, int) {
    const int row = task / column_blocks * kThinRows, first = task % column_blocks * kWideColumns;
    const int rows = std::min(kThinRows, s.m - row), columns = std::min(kWideColumns, s.n - first);
    f32* out = c + std::ptrdiff_t(row) * s.n + first;
    run({&t, a + std::ptrdiff_t(row) * s.k, s.k, b + first, s.n, t.columns(), out, s.n, rows,
         columns, s.k, false});
    for (int i = 0; i < rows; ++i)
      gate.apply(c, out + std::ptrdiff_t(i) * s.n, std::size_t(columns));
  });
}

}  // namespace

std::size_t gemm_nt_shared(GemmShape s, const Tiles& t) {
  const int lanes = Orientation(s).lanes;
  return std::size_t(round_up(lanes, t.panel_width(lanes))) * std::size_t(s.k);
}
std::size_t gemm_nt_worker(GemmShape, const Tiles&) { return kRowBlock * kColumnBlock; }

void gemm_nt(Pool& pool, GemmShape s, const f32* a, const f32* b, const f32* bias, f32* c,
             f32* shared, const Tiles& t) {
  ENSURE(kColumnBlock % t.columns() == 0 && t.rows <= 64,
         "a tile that does not divide a task's columns");
  if (s.m <= kGemvSamples) {
    run_tasks(pool, blocks_of(s.n, kColumnBlock), work_of(s), [&](int task, int) {
      const int first = task * kColumnBlock, n = std::min(kColumnBlock, s.n - first);
      for (int i = 0; i < s.m; ++i) {
        gemv(b + std::ptrdiff_t(first) * s.k, a + std::ptrdiff_t(i) * s.k,
             bias ? bias + first : nullptr, c + std::ptrdiff_t(i) * s.n + first, n, s.k);
      }
    });
    return;
  }
  const Orientation o(s);
  const f32* packed_from = o.lanes_are_b ? b : a;
  const f32* streamed = o.lanes_are_b ? a : b;
  const int width = t.panel_width(o.lanes), panels = blocks_of(o.lanes, width);
  const int depth = depth_block(t), pieces = blocks_of(s.k, kPackedPiece);
  run_tasks(pool, panels * pieces, u64(o.lanes) * u64(s.k) * 8, [&](int task, int) {
    const int lane = task / pieces * width, k = task % pieces * kPackedPiece;
    const std::ptrdiff_t from = std::ptrdiff_t(lane) * s.k;
    pack_panel_transposed(packed_from + from + k, s.k, shared + from + k * width, width,
                          std::min(width, o.lanes - lane), std::min(kPackedPiece, s.k - k));
  });
  const int lane_blocks = blocks_of(o.lanes, kColumnBlock);
  const int row_block = lane_blocks * blocks_of(o.rows, kRowBlock) < 8 ? kThinRows : kRowBlock;
  run_tasks(
      pool, blocks_of(o.rows, row_block) * lane_blocks, work_of(s), [&](int task, int worker) {
        const int row = task / lane_blocks * row_block, lane = task % lane_blocks * kColumnBlock;
        const int rows = std::min(row_block, o.rows - row),
                  lanes = std::min(kColumnBlock, o.lanes - lane);
        f32* block = pool.scratch(worker);
        start_block(block, bias, o.lanes_are_b, row, rows, lane, lanes);
        for (int k = 0; k < s.k; k += depth) {
          run({&t, streamed + std::ptrdiff_t(row) * s.k + k, s.k,
               shared + std::ptrdiff_t(lane) * s.k + k * width, width, std::ptrdiff_t(width) * s.k,
               block, kColumnBlock, rows, lanes, std::min(depth, s.k - k), true});
        }
        if (o.lanes_are_b) {
          copy_rows(block, kColumnBlock, c + std::ptrdiff_t(row) * s.n + lane, s.n, rows, lanes);
        } else {
          transpose(block, kColumnBlock, c + std::ptrdiff_t(lane) * s.n + row, s.n, rows, lanes);
        }
      });
}

std::size_t gemm_nn_worker(GemmShape s, const Tiles& t) {
  return packed_block(s, t) + std::size_t(Grid(s).row_block) * kColumnBlock;
}

void gemm_nn(Pool& pool, GemmShape s, const f32* a, const f32* b, f32* c, const Tiles& t,
             Gate gate) {
  if (is_wide(s)) return gemm_nn_wide(pool, s, a, b, c, t, gate);
  const Grid grid(s);
  const int depth = depth_block(t);
  run_tasks(pool, grid.tasks(), work_of(s), [&](int task, int worker) {
    const int row = task / grid.column_blocks * grid.row_block,
              first = task % grid.column_blocks * kColumnBlock;
    const int rows = std::min(grid.row_block, s.m - row),
              columns = std::min(kColumnBlock, s.n - first);
    f32* packed = pool.scratch(worker);
    f32* out = c + std::ptrdiff_t(row) * s.n + first;
    const bool direct =
        columns == kColumnBlock;  // else whole vectors would reach into the next row
    f32* block = direct ? out : packed + packed_block(s, t);
    const std::ptrdiff_t pitch = direct ? s.n : kColumnBlock;
    for (int k = 0; k < s.k; k += depth) {
      const int steps = std::min(depth, s.k - k);
      pack_block(t, b, s.n, k, steps, first, columns, packed);
      run({&t, a + std::ptrdiff_t(row) * s.k + k, s.k, packed, t.columns(),
           std::ptrdiff_t(steps) * t.columns(), block, pitch, rows, columns, steps, k > 0});
    }
    if (!direct) copy_rows(block, pitch, out, s.n, rows, columns);
    for (int i = 0; i < rows; ++i)
      gate.apply(c, out + std::ptrdiff_t(i) * s.n, std::size_t(columns));
  });
}

std::size_t gemm_tn_worker(GemmShape s, const Tiles& t) { return gemm_nn_worker(s, t); }

void gemm_tn_add(Pool& pool, GemmShape s, const f32* a, const f32* b, f32* c, const Tiles& t) {
  const Grid grid(s);
  const int depth = depth_block(t);
  run_tasks(pool, grid.tasks(), work_of(s), [&](int task, int worker) {
    const int row = task / grid.column_blocks * grid.row_block,
              first = task % grid.column_blocks * kColumnBlock;
    const int columns = std::min(kColumnBlock, s.n - first);
    const Blocks blocks(std::min(grid.row_block, s.m - row), t.rows);
    f32* packed = pool.scratch(worker);
    f32* out = c + std::ptrdiff_t(row) * s.n + first;
    const bool direct = columns == kColumnBlock;
    f32* block = direct ? out : packed + packed_block(s, t);
    const std::ptrdiff_t pitch = direct ? s.n : kColumnBlock;
    if (!direct) copy_rows(out, s.n, block, pitch, blocks.total, columns);
    for (int k = 0; k < s.k; k += depth) {
      Strip strip;
      strip.k = std::min(depth, s.k - k);
      // What is read once or twice is not worth packing, where whole vectors are inside its rows.
      const bool in_place = direct && blocks.count <= 2;
      if (!in_place) pack_block(t, b, s.n, k, strip.k, first, columns, packed);
      for (int i = 0; i < blocks.count; ++i) {
        strip.m = blocks.size(i);
        strip.n = columns;
        strip.a = a + std::ptrdiff_t(k) * s.m + row + blocks.begin(i);
        strip.a_step = s.m;
        strip.b = in_place ? b + std::ptrdiff_t(k) * s.n + first : packed;
        strip.b_step = in_place ? s.n : t.columns();
        strip.b_panel = t.columns() * (in_place ? 1 : strip.k);
        strip.c = block + blocks.begin(i) * pitch;
        strip.c_row = pitch;
        strip.add = true;
        t.strip(strip);
      }
    }
    if (!direct) copy_rows(block, pitch, out, s.n, blocks.total, columns);
  });
}

}  // namespace engine::kernels
