#include "engine/nn/avgpool2d.hpp"

#include "engine/core/check.hpp"
#include "engine/nn/planes.hpp"

namespace engine::nn {

AvgPool2d::AvgPool2d(const spec::AvgPool2d& spec, Shape input)
    : channels_(input.c), shape_{input.h, input.w, spec.kernel, spec.stride, spec.padding} {
  ENSURE(spec.kernel >= 1 && spec.stride >= 1, "pooling without a window or a stride");
  ENSURE(spec.padding >= 0 && 2 * spec.padding <= spec.kernel,
         "the padding of a pooling layer is at most half its window");
  ENSURE(spec.kernel <= input.h + 2 * spec.padding && spec.kernel <= input.w + 2 * spec.padding,
         "a window larger than the padded image");
}

// Calls f(where the plane begins in x, and in y) for every plane of the batch.
template <class F>
void AvgPool2d::each(const Pass& pass, int n, const F& f) const {
  const std::size_t in_area = std::size_t(shape_.h * shape_.w);
  const std::size_t out_area = std::size_t(shape_.out_h() * shape_.out_w());
  const u64 work = u64(n) * u64(channels_) * out_area * u64(shape_.kernel * shape_.kernel);
  each_plane(*pass.pool, n, channels_, work,
             [&](std::size_t plane) { f(plane * in_area, plane * out_area); });
}

void AvgPool2d::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  each(pass, x.n, [&](std::size_t in, std::size_t out) {
    kernels::avgpool(shape_, x.data + in, y.data + out);
  });
}

void AvgPool2d::backward(const Pass& pass, BatchIn, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  each(pass, dy.n, [&](std::size_t in, std::size_t out) {
    kernels::avgpool_backward(shape_, dy.data + out, dx.data + in);
  });
}

}  // namespace engine::nn
