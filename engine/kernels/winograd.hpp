// 3 x 3 convolutions of stride 1 and their gradients with 36 multiplications for a tile of 4 x 4
// outputs, where the direct sum takes 144: Winograd's minimal filtering F(4 x 4, 3 x 3) [Lavin and
// Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016, section 4], with the points
// 0, 1, -1, 1/2, -2 and infinity [Barabasz et al., Error Analysis and Improving the Accuracy of
// Winograd Convolution for Deep Neural Networks, ACM TOMS 46(4), 2020].
//
// Tile (i, j) of an output plane is y(4i .. 4i + 3, 4j .. 4j + 3), from the 6 x 6 window d of
// padded x that begins at (4i, 4j). With the maps of winograd_tiles.hpp, product by product:
//
//   y = output(sum over c of filter(W(o, c)) input(d(c))) + b(o)
//   dx: the same of dy, padded with 2 - P, with filters turned by half a turn and o, c swapped
//   dW(o, c) = weight(sum over tiles of gradient(dy(o)) input(d(c)))
//
// Order of summation (part of the contract; ref/winograd.hpp returns the same bits): y from 0 over
// c, dx from 0 over o; dW each shard from 0, over (n, i, j). Tiles that reach beyond y see zeros.
//
// Error, against sums in double, at 64 channels of 14 x 14 (tests/unit/kernels/winograd_test.cpp),
// in units of eps = 2^-23 times the sum of magnitudes: at most 3.8 of the largest sum for y and 3.1
// for dW, where the direct sum is off by 1.5; 0.39 and 0.35 on average, where it is off by 0.14.
// That of any order of the direct sum is bounded by 288 and 392 (tests/parity/bounds.py), so its
// bounds hold unchanged. With the more usual points 2 and -2 instead of 1/2 and -2 it would be
// twice as much. F(2 x 2, 3 x 3) is as exact as the direct sum, but needs 64 multiplications where
// this needs 36.
#pragma once
#include "engine/core/pool.hpp"
#include "engine/core/team.hpp"
#include "engine/core/view.hpp"
#include "engine/kernels/conv2d_shape.hpp"
#include "engine/kernels/gate.hpp"
#include "engine/kernels/tile.hpp"

namespace engine::kernels {

// From planes of c channels to planes of o.
struct WinogradDirection {
  int c, h, w, o, out_h, out_w, padding;
  int tile_rows() const { return (out_h + 3) / 4; }
  int tile_columns() const { return (out_w + 3) / 4; }
};

// Everything about one such convolution that does not depend on data. Immutable once built.
class Winograd {
 public:
  // Whether a convolution is computed this way: kernel 3, stride 1, one group, and channels and
  // outputs enough for the multiplications saved to be worth more than the maps.
  static bool pays(const Conv2dShape& shape);

  // kernel 3, stride 1, one group; whether it pays or not.
  Winograd(const Conv2dShape& shape, const Tiles& variant);

  std::size_t filter_floats() const;  // `filters` of one call
  std::size_t worker_floats() const;  // Pool::scratch of one task

  // As those of Conv2dPlan.
  void forward(Pool& pool, BatchIn x, const f32* w, const f32* b, BatchOut y, f32* filters,
               Gate gate = {}) const;
  void input_gradient(Pool& pool, BatchIn dy, const f32* w, BatchOut dx, f32* filters,
                      Gate gate = {}) const;
  // One shard: dw[(c * 9 + tap) * pitch + o] assigned, with O rounded up to whole panels as
  // pitch.
  void weight_gradient(BatchIn x, BatchIn dy, Part samples, f32* dw, f32* scratch) const;

 private:
  using Direction = WinogradDirection;
  int chunk_rows(const Direction& d, int batch) const;
  int gradient_rows() const;
  int pitch(const Direction& d, int rows) const;
  static std::ptrdiff_t step(int rows, int pitch);
  int outputs() const { return 4 * variant_->rows; }  // that share an input in L1
  std::size_t direction_floats(const Direction& d) const;
  std::size_t gradient_floats() const;

  // One pass over a batch.
  struct Job {
    const Direction& d;
    BatchIn x;
    const f32* filters;
    const f32* b;
    BatchOut y;
    Gate gate;
  };
  void map_filters(Pool& pool, const Direction& d, const f32* w, bool turned, f32* filters) const;
  void map_input(const Direction& d, Part rows, BatchIn x, f32* lines, f32* v, int pitch) const;
  static void map_output(const Job& job, Part rows, Part outputs, const f32* m, int pitch);
  void map_gradient(Part rows, BatchIn dy, f32* planes, f32* g, int pitch) const;
  void multiply(const Job& job, Part outputs, int tiles, const f32* v, f32* m, int pitch) const;
  void add_products(int tiles, const f32* v, int v_pitch, const f32* g, int g_pitch, f32* sums,
                    bool add) const;
  void run(Pool& pool, const Job& job) const;
  void run_rows(const Job& job, Part rows, Part groups, f32* scratch) const;

  Direction forward_, backward_;
  const Tiles* variant_;
};

}  // namespace engine::kernels
