#include "engine/nn/batchnorm2d.hpp"

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/conv2d.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/kernels/work.hpp"

namespace engine::nn {
namespace {

// One channel of a batch: N planes of `area` floats, `pitch` apart.
struct Channel {
  int n;
  std::size_t area, first, pitch;
  std::size_t count() const { return std::size_t(n) * area; }
  std::size_t plane(int i) const { return first + std::size_t(i) * pitch; }

  // The sum over the samples of term(plane), folded as a tree: as exact for a thousand samples as
  // for ten.
  template <class Term>
  f32 total(f32* partial, const Term& term) const {
    for (int i = 0; i < n; ++i) partial[i] = term(plane(i));
    kernels::fold_shards(partial, 1, n, 1);
    return partial[0];
  }
};

// Calls f(c, channel, scratch of n floats) for every channel.
template <class F>
void each_channel(const Pass& pass, int n, Shape shape, const F& f) {
  const std::size_t area = std::size_t(shape.h) * std::size_t(shape.w);
  kernels::run_tasks(*pass.pool, shape.c, u64(n) * shape.size() * 4, [&](int c, int worker) {
    f(std::size_t(c), Channel{n, area, std::size_t(c) * area, shape.size()},
      pass.pool->scratch(worker));
  });
}

}  // namespace

BatchNorm2d::BatchNorm2d(const spec::BatchNorm2d& spec, Shape input)
    : shape_(input), momentum_(spec.momentum), eps_(spec.eps) {
  ENSURE(spec.channels == 0 || spec.channels == input.c,
         "a batch normalisation was given another number of channels than it was made for");
}

Memory BatchNorm2d::memory(int batch) const {
  Memory m;
  m.saved = 2 * std::size_t(shape_.c);  // mean and 1 / sqrt(variance + eps) of each channel
  m.worker = std::size_t(batch);
  return m;
}

std::vector<TensorInfo> BatchNorm2d::tensors() const {
  return {{"weight", {shape_.c}, Role::weight, 0, 1},
          {"bias", {shape_.c}, Role::bias, 0, 0},
          {"running_mean", {shape_.c}, Role::buffer, 0, 0},
          {"running_var", {shape_.c}, Role::buffer, 0, 1}};
}

void BatchNorm2d::bind(std::span<const Bound> tensors) {
  ENSURE(tensors.size() == 4, "bind() must be given the tensors that tensors() lists");
  weight_ = tensors[0];
  bias_ = tensors[1];
  running_mean_ = tensors[2];
  running_var_ = tensors[3];
}

void BatchNorm2d::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  each_channel(pass, x.n, shape_, [&](std::size_t c, const Channel& channel, f32* partial) {
    f32 mean = running_mean_.value[c], variance = running_var_.value[c];
    if (pass.training) {
      const f32 count = f32(channel.count());
      mean = channel.total(partial, [&](std::size_t at) {
        return kernels::sum(x.data + at, channel.area);
      }) / count;
      const f32 squares = channel.total(partial, [&](std::size_t at) {
        return kernels::sum_squared_deviations(x.data + at, mean, channel.area);
      });
      variance = squares / count;
      const f32 unbiased = channel.count() > 1 ? squares / (count - 1) : variance;
      running_mean_.value[c] = (1 - momentum_) * running_mean_.value[c] + momentum_ * mean;
      running_var_.value[c] = (1 - momentum_) * running_var_.value[c] + momentum_ * unbiased;
    }
    const f32 inverse = 1 / math::sqrt(variance + eps_);
    if (pass.saved) {
      pass.saved[2 * c] = mean;
      pass.saved[2 * c + 1] = inverse;
    }
    const f32 alpha = inverse * weight_.value[c], beta = bias_.value[c] - mean * alpha;
    for (int n = 0; n < x.n; ++n) {
      kernels::scale_shift(x.data + channel.plane(n), alpha, beta, y.data + channel.plane(n),
                           channel.area);
    }
  });
}

void BatchNorm2d::backward(const Pass& pass, BatchIn x, BatchIn, BatchIn dy, BatchOut dx) const {
  ENSURE(pass.saved != nullptr, "backward of a batch normalisation needs what forward saved");
  each_channel(pass, x.n, shape_, [&](std::size_t c, const Channel& channel, f32* partial) {
    const f32 mean = pass.saved[2 * c], inverse = pass.saved[2 * c + 1];
    const f32 sum = channel.total(
        partial, [&](std::size_t at) { return kernels::sum(dy.data + at, channel.area); });
    const f32 dot = channel.total(partial, [&](std::size_t at) {
      return kernels::dot_deviations(dy.data + at, x.data + at, mean, channel.area);
    });
    weight_.grad[c] += dot * inverse;
    bias_.grad[c] += sum;
    if (!dx) return;
    kernels::Normalization k{mean, 0, 0, inverse * weight_.value[c]};
    if (pass.training) {  // mean and variance moved with x
      k.shift = sum / f32(channel.count());
      k.slope = dot * inverse * inverse / f32(channel.count());
    }
    for (int n = 0; n < x.n; ++n) {
      const std::size_t at = channel.plane(n);
      kernels::normalize_backward(k, x.data + at, dy.data + at, dx.data + at, channel.area);
    }
  });
}

}  // namespace engine::nn
