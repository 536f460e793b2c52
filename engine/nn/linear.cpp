#include "engine/nn/linear.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/gemm.hpp"
#include "engine/kernels/pointwise.hpp"

namespace engine::nn {

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

void Linear::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  kernels::gemm_tn_add(*pass.pool, {out_, in_, x.n}, dy.data, x.data, weight_.grad);
  for (int n = 0; has_bias_ && n < dy.n; ++n)
    kernels::add(dy.sample(n), bias_.grad, std::size_t(out_));
  if (dx) kernels::gemm_nn(*pass.pool, {x.n, in_, out_}, dy.data, weight_.value, dx.data);
}

}  // namespace engine::nn
