#include "engine/nn/maxpool2d.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/maxpool.hpp"
#include "engine/kernels/work.hpp"

namespace engine::nn {
namespace {

// Calls f(plane) for every plane of the batch, some samples a task.
template <class F>
void each_plane(const Pass& pass, int n, Shape out, int window, const F& f) {
  const int tasks = std::min(n, 16);
  kernels::run_tasks(*pass.pool, tasks, u64(n) * out.size() * u64(window), [&](int task, int) {
    for (int plane = task * n / tasks * out.c; plane < (task + 1) * n / tasks * out.c; ++plane)
      f(std::size_t(plane));
  });
}

}  // namespace

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
  each_plane(pass, x.n, out_, kernel_ * kernel_, [&](std::size_t plane) {
    kernels::maxpool(shape, x.data + plane * in_area, y.data + plane * out_area,
                     index ? index + plane * out_area : nullptr);
  });
}

void MaxPool2d::backward(const Pass& pass, BatchIn, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  ENSURE(pass.saved != nullptr, "backward of a pooling layer needs what forward saved");
  const kernels::PoolShape shape{in_.h, in_.w, kernel_, stride_, padding_};
  const std::size_t in_area = std::size_t(in_.h * in_.w), out_area = std::size_t(out_.h * out_.w);
  const u32* index = reinterpret_cast<const u32*>(pass.saved);
  each_plane(pass, dy.n, out_, kernel_ * kernel_, [&](std::size_t plane) {
    kernels::maxpool_backward(shape, dy.data + plane * out_area, index + plane * out_area,
                              dx.data + plane * in_area);
  });
}

}  // namespace engine::nn
