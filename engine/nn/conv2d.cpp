#include "engine/nn/conv2d.hpp"

#include "engine/core/check.hpp"

namespace engine::nn {
namespace {

kernels::Conv2dShape shape_of(const spec::Conv2d& spec, Shape input) {
  ENSURE(spec.in == 0 || spec.in == input.c,
         "a convolution was given another number of channels than it was made for");
  return {input.c, input.h, input.w, spec.out, spec.kernel, spec.stride, spec.padding, spec.groups};
}

}  // namespace

Conv2d::Conv2d(const spec::Conv2d& spec, Shape input)
    : plan_(shape_of(spec, input)), has_bias_(spec.bias) {}

Shape Conv2d::output() const {
  return {plan_.shape().o, plan_.shape().out_h(), plan_.shape().out_w()};
}

Memory Conv2d::memory(int batch) const {
  Memory m;
  m.shared = plan_.shared_floats(batch);
  m.worker = plan_.worker_floats();
  return m;
}

std::vector<TensorInfo> Conv2d::tensors() const {
  const kernels::Conv2dShape& s = plan_.shape();
  std::vector<TensorInfo> list = {
      {"weight", {s.o, s.group_c(), s.kernel, s.kernel}, Role::weight, s.taps(), 0}};
  if (has_bias_) list.push_back({"bias", {s.o}, Role::bias, s.taps(), 0});
  return list;
}

void Conv2d::bind(std::span<const Bound> tensors) {
  ENSURE(tensors.size() == (has_bias_ ? 2u : 1u),
         "bind() must be given the tensors that tensors() lists");
  weight_ = tensors[0];
  if (has_bias_) bias_ = tensors[1];
}

void Conv2d::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  plan_.forward(*pass.pool, x, weight_.value, bias_.value, y, pass.shared, {pass.rectify, nullptr});
}

void Conv2d::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  plan_.weight_gradient(*pass.pool, pass.share_of(x.n), x, dy, weight_.grad, bias_.grad,
                        pass.shared);
  pass.done(Work::weight_gradient);
  if (!dx) return;
  plan_.input_gradient(*pass.pool, dy, weight_.value, dx, pass.shared,
                       {false, pass.gate ? x.data : nullptr});
}

}  // namespace engine::nn
