#include "engine/kernels/conv2d.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/layout.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/kernels/work.hpp"

namespace engine::kernels {
namespace {

constexpr int kForwardTasks = 16;

// sums[channel], assigned: of each sample's plane, sample by sample.
void sum_planes(BatchIn dy, Part samples, f32* sums) {
  const std::size_t area = std::size_t(dy.shape.h) * std::size_t(dy.shape.w);
  fill(sums, 0, std::size_t(dy.shape.c));
  for (int n = samples.begin; n < samples.end; ++n) {
    for (int o = 0; o < dy.shape.c; ++o) sums[o] += sum(dy.sample(n) + std::size_t(o) * area, area);
  }
}

}  // namespace

void fold_shards(f32* sums, std::size_t pitch, int shards, std::size_t n) {
  while (shards > 1) {
    int half = 1;
    while (2 * half < shards) half *= 2;
    for (int s = 0; s + half < shards; ++s)
      add(sums + std::size_t(s + half) * pitch, sums + std::size_t(s) * pitch, n);
    shards = half;
  }
}

// The units of the output are the blocks of the groups, in order.
void Conv2dPlan::forward_sample(const f32* x, const f32* packed, const f32* b, f32* y, int unit0,
                                int unit1, f32* scratch, bool clear) const {
  const int out_h = shape_.out_h(), out_w = shape_.out_w(), pitch = x_planes_.pitch;
  if (clear) fill(scratch, 0, padded_x_);
  const Blocks blocks(shape_.group_o(), variant_->rows);
  Strip s;
  s.n = (out_h - 1) * pitch + out_w;
  s.k = shape_.taps();
  s.b = scratch;
  s.table = table_.data();
  s.b_panel = variant_->columns();
  s.c = scratch + padded_x_;
  s.c_row = round_up(out_h * pitch, variant_->columns());
  for (int unit = unit0; unit < unit1; ++unit) {
    const int g = unit / blocks.count, block = unit % blocks.count;
    if (unit == unit0 || block == 0)
      pad_input(x + std::ptrdiff_t(g) * shape_.group_c() * shape_.h * shape_.w, scratch);
    const int first = g * shape_.group_o() + blocks.begin(block);
    s.m = blocks.size(block);
    s.a_step = s.m;
    s.a = packed + std::ptrdiff_t(first) * shape_.taps();
    s.start = b ? b + first : nullptr;
    variant_->strip(s);
    for (int i = 0; i < s.m; ++i) {
      copy_rows(s.c + i * s.c_row, pitch, y + std::ptrdiff_t(first + i) * out_h * out_w, out_w,
                out_h, out_w);
    }
  }
}

void Conv2dPlan::forward(Pool& pool, BatchIn x, const f32* w, const f32* b, BatchOut y, f32* shared,
                         Gate gate) const {
  if (winograd_) return winograd_->forward(pool, x, w, b, y, shared, gate);
  pack_for_forward(w, shared);
  const Blocks blocks(shape_.group_o(), variant_->rows);
  const int units = shape_.groups * blocks.count, area = shape_.out_h() * shape_.out_w();
  const auto first_output = [&](int unit) {
    return unit / blocks.count * shape_.group_o() + blocks.begin(unit % blocks.count);
  };
  // Few samples are cut by output channels too; each part pads its channels again.
  const int parts = x.n >= 8 ? 1 : std::min(units, 8 / x.n), groups = std::min(x.n, kForwardTasks);
  const u64 work = u64(x.n) * u64(shape_.o) * u64(shape_.taps()) * u64(area);
  run_tasks(pool, groups * parts, work, [&](int task, int worker) {
    const int group = task / parts, part = task % parts;
    const int first = group * x.n / groups, last = (group + 1) * x.n / groups;
    const int unit0 = part * units / parts, unit1 = (part + 1) * units / parts;
    for (int n = first; n < last; ++n) {
      forward_sample(x.sample(n), shared, b, y.sample(n), unit0, unit1, pool.scratch(worker),
                     n == first);
      const int begin = first_output(unit0), outputs = first_output(unit1) - begin;
      gate.apply(y.data, y.sample(n) + begin * area, std::size_t(outputs * area));
    }
  });
}

// `packed` moves on by the group's weights.
void Conv2dPlan::group_input_gradient(const f32* dy, const f32*& packed, f32* dx,
                                      f32* scratch) const {
  const int h = shape_.h, w = shape_.w, stride = shape_.stride;
  pad_output_gradient(dy, scratch);
  const Blocks blocks(shape_.group_c(), variant_->rows);
  for (const Phase& p : phases_) {
    Strip s;
    s.n = (p.rows - 1) * dy_planes_.pitch + p.columns;
    s.k = int(p.table.size());
    s.b = scratch + p.origin;
    s.table = p.table.data();
    s.b_panel = variant_->columns();
    s.c = scratch + padded_dy_;
    s.c_row = round_up(p.rows * dy_planes_.pitch, variant_->columns());
    for (int block = 0; block < blocks.count; ++block) {
      s.m = blocks.size(block);
      s.a_step = s.m;
      s.a = packed;
      packed += std::ptrdiff_t(s.m) * s.k;
      variant_->strip(s);
      for (int i = 0; i < s.m; ++i) {
        const f32* from = s.c + i * s.c_row;
        f32* to = dx + (std::ptrdiff_t(blocks.begin(block) + i) * h + p.h0) * w + p.w0;
        if (stride == 1) {
          copy_rows(from, dy_planes_.pitch, to, w, p.rows, p.columns);
          continue;
        }
        for (int row = 0; row < p.rows; ++row, from += dy_planes_.pitch, to += stride * w) {
          for (int column = 0; column < p.columns; ++column) to[column * stride] = from[column];
        }
      }
    }
  }
}

void Conv2dPlan::input_gradient_sample(const f32* dy, const f32* packed, f32* dx, f32* scratch,
                                       bool clear) const {
  const std::ptrdiff_t in = std::ptrdiff_t(shape_.group_c()) * shape_.h * shape_.w;
  const std::ptrdiff_t out = std::ptrdiff_t(shape_.group_o()) * shape_.out_h() * shape_.out_w();
  if (clear) fill(scratch, 0, padded_dy_);
  for (int g = 0; g < shape_.groups; ++g)
    group_input_gradient(dy + g * out, packed, dx + g * in, scratch);
}

void Conv2dPlan::input_gradient(Pool& pool, BatchIn dy, const f32* w, BatchOut dx, f32* shared,
                                Gate gate) const {
  if (winograd_) return winograd_->input_gradient(pool, dy, w, dx, shared, gate);
  pack_for_input_gradient(w, shared);
  const int groups = std::min(dy.n, kForwardTasks);
  const u64 work =
      u64(dy.n) * u64(shape_.o) * u64(shape_.taps()) * u64(shape_.out_h() * shape_.out_w());
  run_tasks(pool, groups, work, [&](int group, int worker) {
    const int first = group * dy.n / groups, last = (group + 1) * dy.n / groups;
    for (int n = first; n < last; ++n) {
      input_gradient_sample(dy.sample(n), shared, dx.sample(n), pool.scratch(worker), n == first);
      gate.apply(dx.data, dx.sample(n), dx.shape.size());
    }
  });
}

// Adds one sample's gradient to a group's sums (taps, padded O), with the lanes along O. Its padded
// input lies in scratch.
void Conv2dPlan::group_weight_gradient(const f32* dy, f32* sums, f32* scratch, bool first) const {
  const int area = shape_.out_h() * shape_.out_w(), width = variant_->panel_width(shape_.group_o());
  f32* panels = scratch + padded_x_;
  for (int o = 0; o < shape_.group_o(); o += width) {
    pack_panel_transposed(dy + std::ptrdiff_t(o) * area, area, panels + std::ptrdiff_t(o) * area,
                          width, std::min(width, shape_.group_o() - o), area);
  }
  const f32* rows[64];
  Strip s;
  s.n = shape_.group_o();
  s.rows = rows;
  s.run = shape_.out_w();
  s.skip = x_planes_.pitch - shape_.out_w();
  s.k = area;
  s.b = panels;
  s.b_step = width;
  s.b_panel = std::ptrdiff_t(area) * width;
  s.c_row = padded_columns();
  s.add = !first;
  const Blocks blocks(shape_.taps(), variant_->rows);
  for (int block = 0; block < blocks.count; ++block) {
    const int tap = blocks.begin(block);
    s.m = blocks.size(block);
    for (int i = 0; i < s.m; ++i) rows[i] = scratch + table_[std::size_t(tap + i)];
    s.c = sums + tap * s.c_row;
    variant_->strip(s);
  }
}

void Conv2dPlan::weight_gradient_sample(const f32* x, const f32* dy, f32* sums, f32* scratch,
                                        bool first) const {
  const std::ptrdiff_t in = std::ptrdiff_t(shape_.group_c()) * shape_.h * shape_.w;
  const std::ptrdiff_t out = std::ptrdiff_t(shape_.group_o()) * shape_.out_h() * shape_.out_w();
  const std::ptrdiff_t group_sums = std::ptrdiff_t(shape_.taps()) * padded_columns();
  if (first) fill(scratch, 0, padded_x_);
  for (int g = 0; g < shape_.groups; ++g) {
    pad_input(x + g * in, scratch);
    if (depthwise()) {
      depthwise_weight_gradient(dy + g * out, sums + g * group_sums, scratch, first);
    } else {
      group_weight_gradient(dy + g * out, sums + g * group_sums, scratch, first);
    }
  }
}

void Conv2dPlan::shard_weight_gradient(BatchIn x, BatchIn dy, Part samples, f32* sums,
                                       f32* scratch) const {
  if (winograd_) return winograd_->weight_gradient(x, dy, samples, sums, scratch);
  for (int n = samples.begin; n < samples.end; ++n)
    weight_gradient_sample(x.sample(n), dy.sample(n), sums, scratch, n == samples.begin);
}

void Conv2dPlan::weight_gradient(Pool& pool, const Share& share, BatchIn x, BatchIn dy, f32* dw,
                                 f32* db, f32* shared) const {
  ENSURE(variant_->rows <= 64, "a tile taller than the row pointers");
  ENSURE(share.rows().count() == x.n, "a share of other rows");
  const int shards = shard_count(share.batch), taps = shape_.taps(), rows = sum_rows();
  const int pitch = padded_columns(), o = shape_.group_o();
  const Part own = share.shards();
  const std::size_t bias_at = std::size_t(rows) * std::size_t(pitch);
  const u64 work = u64(x.n) * u64(shape_.o) * u64(taps) * u64(shape_.out_h() * shape_.out_w());
  run_tasks(pool, own.count(), work, [&](int task, int worker) {
    const int shard = own.begin + task, row0 = share.rows().begin;
    f32* sums = shared + std::size_t(shard) * shard_floats();
    const Part samples{shard_begin(shard, shards, share.batch) - row0,
                       shard_begin(shard + 1, shards, share.batch) - row0};
    shard_weight_gradient(x, dy, samples, sums, pool.scratch(worker));
    sum_planes(dy, samples, sums + bias_at);
  });
  share.gather_shards(shared, shard_floats());
  const int parts = std::min(rows, 8);
  run_tasks(pool, parts, u64(shards) * u64(rows) * u64(pitch) * 8, [&](int part, int) {
    const int r0 = int(std::int64_t(part) * rows / parts);
    const int r1 = int(std::int64_t(part + 1) * rows / parts);
    const std::size_t begin = std::size_t(r0) * std::size_t(pitch);
    // The bias sums lie behind the rows; the last part folds them too.
    const std::size_t end =
        part == parts - 1 ? bias_at + std::size_t(shape_.o) : std::size_t(r1) * std::size_t(pitch);
    fold_shards(shared + begin, shard_floats(), shards, end - begin);
    for (int r = r0; r < r1; ++r) {
      const f32* from = shared + std::ptrdiff_t(r) * pitch;
      f32* to = dw + std::ptrdiff_t(r / taps) * o * taps + r % taps;
      for (int i = 0; i < o; ++i) to[std::ptrdiff_t(i) * taps] += from[i];
    }
  });
  if (db) add(shared + bias_at, db, std::size_t(shape_.o));
}

}  // namespace engine::kernels
