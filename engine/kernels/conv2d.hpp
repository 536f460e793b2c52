// 2-d cross-correlation and its gradients, square kernels, any stride and padding, in one or more
// groups of channels, without im2col.
//
// A sample is copied once into a buffer padded with zeros and split into S x S stride phases.
// There, tap (c, kh, kw) of all outputs is one window shifted by a constant, which is a row of b in
// tile.hpp: the copy is 1/K^2 of im2col's. Rows of a plane lie W + P apart, not W + 2P: the zeros
// at the right of one row are those at the left of the next. Products are computed over whole
// padded rows; the few columns between them are dropped when y is written.
//
// With G groups, group g is a convolution of its own from channels [g C/G, (g+1) C/G) to outputs [g
// O/G, (g+1) O/G): its planes alone are copied, and c and o below run over its channels alone. 1 x
// 1 kernels need no path of their own: their copy costs one move for O multiply-adds.
//
// Where it pays (Winograd::pays, by shape alone), 3 x 3 kernels of stride 1 are computed as
// winograd.hpp says, in its order of summation, all but db.
//
// Order of summation (part of the contract; ref/conv2d.hpp returns the same bits):
//
// y(n, o, i, j): from b(o), or 0 without bias, over (c, kh, kw), the zeros of the padding included.
//
// dx(n, c, h, w): from 0, over (o, kh, kw), of the taps with kh = h + P and kw = w + P modulo S; dy
// outside its plane is 0.
//
// dW(o, c, kh, kw): each shard of the batch from 0, over (n, i, j); the shards fold as
// fold_shards() says, and their sum is added to dW.
//
// db(o): each shard from 0, adding sum(dy(n, o)) (reduce.hpp) sample by sample; folded and added
// as dW.
#pragma once
#include <optional>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/core/team.hpp"
#include "engine/core/view.hpp"
#include "engine/kernels/conv2d_shape.hpp"
#include "engine/kernels/tile.hpp"
#include "engine/kernels/winograd.hpp"

namespace engine::kernels {

// The shards are those of core/team.hpp. Shard s + half is added to shard s, where half is the
// smallest power of two with 2 half >= shards, then the same with `half` shards, down to one.
// Leaves the fold of `shards` vectors of n floats, `pitch` apart, in the first; the others are
// overwritten.
void fold_shards(f32* sums, std::size_t pitch, int shards, std::size_t n);

// Everything about one convolution that does not depend on data. Immutable once built.
class Conv2dPlan {
 public:
  explicit Conv2dPlan(Conv2dShape shape, const Tiles& variant = tiles());

  const Conv2dShape& shape() const { return shape_; }
  std::size_t shared_floats(int batch) const;  // scratch of one call
  std::size_t worker_floats() const;           // Pool::scratch of one task

  // x (N, C, H, W), w (O, C/G, K, K), b (O) or null, y (N, O, H', W') assigned, through the gate.
  void forward(Pool& pool, BatchIn x, const f32* w, const f32* b, BatchOut y, f32* shared,
               Gate gate = {}) const;
  // dx assigned, through the gate.
  void input_gradient(Pool& pool, BatchIn dy, const f32* w, BatchOut dx, f32* shared,
                      Gate gate = {}) const;
  // dw added to; db too, unless null. x and dy hold the rows of the share; the result is that of
  // the whole batch.
  void weight_gradient(Pool& pool, const Share& share, BatchIn x, BatchIn dy, f32* dw, f32* db,
                       f32* shared) const;

 private:
  // Planes of zero-padded rows: the geometry of one padded buffer.
  struct Planes {
    int rows = 0, pitch = 0;
    int left = 0, top = 0;  // zeros before the first column and row; of dy only
    int size = 0;           // floats from one plane to the next
  };
  // One stride phase of dx: which of its pixels, and which taps reach them.
  struct Phase {
    int h0 = 0, w0 = 0, rows = 0, columns = 0;  // dx(h0 + S i, w0 + S j), i < rows, j < columns
    int origin = 0;                  // where position (0, 0) lies in a plane of padded dy
    int first_kh = 0, first_kw = 0;  // the first tap that reaches them; the others follow S apart
    std::vector<i32> table;          // offset of (o, kh, kw), in order
  };

  void plan_forward();
  void plan_backward();
  // One shard's, without the bias.
  void shard_weight_gradient(BatchIn x, BatchIn dy, Part samples, f32* sums, f32* scratch) const;
  // Of one group.
  void pad_input(const f32* x, f32* padded) const;
  void pad_output_gradient(const f32* dy, f32* padded) const;
  void group_input_gradient(const f32* dy, const f32*& packed, f32* dx, f32* scratch) const;
  void group_weight_gradient(const f32* dy, f32* sums, f32* scratch, bool first) const;
  void depthwise_weight_gradient(const f32* dy, f32* sums, const f32* padded, bool first) const;

  void forward_sample(const f32* x, const f32* packed, const f32* b, f32* y, int unit0, int unit1,
                      f32* scratch, bool clear) const;
  void input_gradient_sample(const f32* dy, const f32* packed, f32* dx, f32* scratch,
                             bool clear) const;
  void weight_gradient_sample(const f32* x, const f32* dy, f32* sums, f32* scratch,
                              bool first) const;
  void pack_for_forward(const f32* w, f32* packed) const;
  void pack_for_input_gradient(const f32* w, f32* packed) const;
  // One output a group, windows side by side: then the taps of a row are the lanes of dW.
  bool depthwise() const { return shape_.group_o() == 1 && shape_.stride == 1; }
  // A shard's sums of dW: for each group and tap a row of outputs, so many floats long; then db's.
  int padded_columns() const {
    return depthwise() ? 1 : round_up(shape_.group_o(), variant_->panel_width(shape_.group_o()));
  }
  int sum_rows() const { return shape_.groups * shape_.taps(); }
  std::size_t shard_floats() const;

  Conv2dShape shape_;
  const Tiles* variant_;
  std::optional<Winograd> winograd_;  // when it pays
  Planes x_planes_, dy_planes_;
  std::vector<i32> table_;  // offset of tap (c, kh, kw) in the padded phases of one group
  std::vector<Phase> phases_;
  std::size_t padded_x_ = 0, padded_dy_ = 0;  // floats of one group of a padded sample
};

}  // namespace engine::kernels
