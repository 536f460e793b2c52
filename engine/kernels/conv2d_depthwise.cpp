// The weight gradient of groups with one output, at stride 1. Through tile.hpp all but one lane
// would be idle, and adding along a row would change the order of the sums; so four neighbouring
// taps are the lanes, and three rows of taps go along together.
#include <algorithm>

#include "engine/kernels/conv2d.hpp"
#include "engine/kernels/map.hpp"

namespace engine::kernels {
namespace {

using simd::f32x4;

constexpr int kRows = 3;

struct Taps {
  const f32* row[kRows];  // where the taps begin for output (0, 0)
  const f32* dy;
  int out_h, out_w, pitch;
};

// sum[r] += row[r](i, j .. j + 3) dy(i, j), over i, then j
void add_products(const Taps& taps, f32x4 (&sum)[kRows]) {
  f32x4 a = sum[0], b = sum[1], c = sum[2];
  const f32* dy = taps.dy;
  for (int i = 0; i < taps.out_h; ++i) {
    const std::ptrdiff_t at = std::ptrdiff_t(i) * taps.pitch;
    for (int j = 0; j < taps.out_w; ++j) {
      const f32x4 d = simd::splat(*dy++);
      a = a + simd::load(taps.row[0] + at + j) * d;
      b = b + simd::load(taps.row[1] + at + j) * d;
      c = c + simd::load(taps.row[2] + at + j) * d;
    }
  }
  sum[0] = a;
  sum[1] = b;
  sum[2] = c;
}

f32x4 load_some(const f32* p, int count) {
  return count >= 4 ? simd::load(p) : Tail{std::size_t(count)}.load(p);
}

void store_some(f32* p, f32x4 v, int count) {
  if (count >= 4) {
    simd::store(p, v);
  } else {
    Tail{std::size_t(count)}.store(p, v);
  }
}

}  // namespace

// Adds one sample to a group's sums (C/G, K, K). The last vector of a row of taps may load up to
// three floats beyond it: they lie in padded, and their sums are dropped.
void Conv2dPlan::depthwise_weight_gradient(const f32* dy, f32* sums, const f32* padded,
                                           bool first) const {
  const int kernel = shape_.kernel, rows = shape_.group_c() * kernel;
  for (int row = 0; row < rows; row += kRows) {
    for (int kw = 0; kw < kernel; kw += 4) {
      Taps taps{{}, dy, shape_.out_h(), shape_.out_w(), x_planes_.pitch};
      f32x4 sum[kRows] = {};
      const int count = std::min(4, kernel - kw);
      for (int r = 0; r < kRows; ++r) {
        const int tap = std::min(row + r, rows - 1) * kernel + kw;  // of what is too much, the last
        taps.row[r] = padded + table_[std::size_t(tap)];
        if (!first) sum[r] = load_some(sums + tap, count);
      }
      add_products(taps, sum);
      for (int r = 0; r < std::min(kRows, rows - row); ++r)
        store_some(sums + (row + r) * kernel + kw, sum[r], count);
    }
  }
}

}  // namespace engine::kernels
