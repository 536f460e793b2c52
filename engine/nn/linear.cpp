#include "engine/nn/linear.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/gemm.hpp"
#include "engine/kernels/layout.hpp"
#include "engine/kernels/pointwise.hpp"

namespace engine::nn {
namespace {

// The whole batch of which `rows` are this rank's.
BatchIn whole_batch(const Share& share, int slot, BatchIn rows) {
  const std::size_t pitch = rows.shape.size();
  f32* all = share.team->room(slot, std::size_t(share.batch) * pitch);
  std::copy_n(rows.data, rows.size(), all + std::size_t(share.rows().begin) * pitch);
  share.gather_rows(all, pitch);
  return {all, share.batch, rows.shape};
}

}  // namespace

Linear::Linear(const spec::Linear& spec, Shape input)
    : in_(int(input.size())), out_(spec.out), has_bias_(spec.bias) {
  ENSURE(spec.in == 0 || spec.in == in_,
         "a linear layer was given another number of features than it was made for");
  ENSURE(in_ >= 1 && out_ >= 1, "a linear layer without inputs or outputs");
}

Memory Linear::memory(int batch) const {
  Memory m;
  m.shared = kernels::gemm_nt_shared({batch, out_, in_});
  m.worker = std::max({kernels::gemm_nt_worker({batch, out_, in_}),
                       kernels::gemm_nn_worker({batch, in_, out_}),
                       kernels::gemm_tn_worker({out_, in_, batch})});
  return m;
}

std::vector<TensorInfo> Linear::tensors() const {
  std::vector<TensorInfo> list = {{"weight", {out_, in_}, Role::weight, in_, 0}};
  if (has_bias_) list.push_back({"bias", {out_}, Role::bias, in_, 0});
  return list;
}

void Linear::bind(std::span<const Bound> tensors) {
  ENSURE(tensors.size() == (has_bias_ ? 2u : 1u),
         "bind() must be given the tensors that tensors() lists");
  weight_ = tensors[0];
  if (has_bias_) bias_ = tensors[1];
}

void Linear::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  kernels::gemm_nt(*pass.pool, {x.n, out_, in_}, x.data, weight_.value, bias_.value, y.data,
                   pass.shared);
}

// Each weight sums over the samples in their order, so one rank must compute it whole: the ranks
// are dealt rows of W.
void Linear::gradients_of_team(const Pass& pass, BatchIn x, BatchIn dy) const {
  const Share& share = pass.share;
  const BatchIn all_x = whole_batch(share, 0, x), all_dy = whole_batch(share, 1, dy);
  const Part own = part_of(out_, share.rank(), share.ranks());
  if (own.count() > 0) {
    f32* columns = share.team->room(2, std::size_t(share.batch) * std::size_t(own.count()));
    kernels::copy_rows(all_dy.data + own.begin, out_, columns, own.count(), share.batch,
                       own.count());
    kernels::gemm_tn_add(*pass.pool, {own.count(), in_, share.batch}, columns, all_x.data,
                         weight_.grad + std::ptrdiff_t(own.begin) * in_);
  }
  share.gather_parts(weight_.grad, out_, std::size_t(in_));
  for (int n = 0; has_bias_ && n < all_dy.n; ++n)
    kernels::add(all_dy.sample(n), bias_.grad, std::size_t(out_));
}

void Linear::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  if (pass.share.team) {
    gradients_of_team(pass, x, dy);
  } else {
    kernels::gemm_tn_add(*pass.pool, {out_, in_, x.n}, dy.data, x.data, weight_.grad);
    for (int n = 0; has_bias_ && n < dy.n; ++n)
      kernels::add(dy.sample(n), bias_.grad, std::size_t(out_));
  }
  pass.done(Work::weight_gradient);
  if (!dx) return;
  kernels::gemm_nn(*pass.pool, {x.n, in_, out_}, dy.data, weight_.value, dx.data, kernels::tiles(),
                   {false, pass.gate ? x.data : nullptr});
}

}  // namespace engine::nn
