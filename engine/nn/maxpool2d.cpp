#include "engine/nn/maxpool2d.hpp"

#include "engine/core/check.hpp"
#include "engine/kernels/gate.hpp"
#include "engine/kernels/maxpool.hpp"
#include "engine/nn/planes.hpp"

namespace engine::nn {

MaxPool2d::MaxPool2d(const spec::MaxPool2d& spec, Shape input)
    : kernel_(spec.kernel), stride_(spec.stride), padding_(spec.padding), in_(input) {
  ENSURE(kernel_ >= 1 && stride_ >= 1, "pooling without a window or a stride");
  ENSURE(padding_ >= 0 && 2 * padding_ <= kernel_,
         "the padding of a pooling layer is at most half its window");
  ENSURE(kernel_ <= in_.h + 2 * padding_ && kernel_ <= in_.w + 2 * padding_,
         "a window larger than the padded image");
  const kernels::PoolShape shape{in_.h, in_.w, kernel_, stride_, padding_};
  out_ = {in_.c, shape.out_h(), shape.out_w()};
}

Memory MaxPool2d::memory(int batch) const {
  static_assert(sizeof(u32) == sizeof(f32), "an index takes the room of a float");
  Memory m;
  m.saved = std::size_t(batch) * out_.size();
  return m;
}

void MaxPool2d::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  const kernels::PoolShape shape{in_.h, in_.w, kernel_, stride_, padding_};
  const std::size_t in_area = std::size_t(in_.h * in_.w), out_area = std::size_t(out_.h * out_.w);
  u32* index = reinterpret_cast<u32*>(pass.saved);
  const u64 work = u64(x.n) * out_.size() * u64(kernel_ * kernel_);
  each_plane(*pass.pool, x.n, out_.c, work, [&](std::size_t plane) {
    kernels::maxpool(shape, x.data + plane * in_area, y.data + plane * out_area,
                     index ? index + plane * out_area : nullptr);
  });
}

void MaxPool2d::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  ENSURE(pass.saved != nullptr, "backward of a pooling layer needs what forward saved");
  const kernels::PoolShape shape{in_.h, in_.w, kernel_, stride_, padding_};
  const std::size_t in_area = std::size_t(in_.h * in_.w), out_area = std::size_t(out_.h * out_.w);
  const u32* index = reinterpret_cast<const u32*>(pass.saved);
  const u64 work = u64(dy.n) * out_.size() * u64(kernel_ * kernel_);
  each_plane(*pass.pool, dy.n, out_.c, work, [&](std::size_t plane) {
    kernels::maxpool_backward(shape, dy.data + plane * out_area, index + plane * out_area,
                              dx.data + plane * in_area);
    const kernels::Gate gate{false, pass.gate ? x.data : nullptr};
    gate.apply(dx.data, dx.data + plane * in_area, in_area);
  });
}

}  // namespace engine::nn
