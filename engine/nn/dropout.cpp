#include "engine/nn/dropout.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/random.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {
namespace {

constexpr u32 kDraws = 1 << 16;

}  // namespace

Dropout::Dropout(const spec::Dropout& spec, Shape input, int index)
    : shape_(input), index_(u32(index)), dropped_(u32(spec.p * f32(kDraws) + 0.5f)) {
  ENSURE(spec.p >= 0 && spec.p <= 1, "a probability of dropout lies in 0..1");
  scale_ = dropped_ < kDraws ? f32(kDraws) / f32(kDraws - dropped_) : 0.0f;
}

Memory Dropout::memory(int batch) const { return {.saved = std::size_t(batch) * shape_.size()}; }

void Dropout::draw_mask(const Pass& pass, int n, f32* mask) const {
  const Purpose purpose{u32(Purpose::dropout) + index_};
  Rng rng(pass.seed, purpose, pass.epoch, pass.samples[std::size_t(n)]);
  const std::size_t size = shape_.size();
  for (std::size_t e = 0; e < size; e += 2) {
    const u32 draw = rng.next();
    mask[e] = (draw & 0xffff) < dropped_ ? 0.0f : scale_;
    if (e + 1 < size) mask[e + 1] = (draw >> 16) < dropped_ ? 0.0f : scale_;
  }
}

void Dropout::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  if (passes_through(pass.training)) {
    std::copy_n(x.data, x.size(), y.data);
    return;
  }
  ENSURE(pass.samples.size() >= std::size_t(x.n), "dropout needs the number of each row's sample");
  ENSURE(pass.saved != nullptr,
         "dropout keeps its mask, so it trains only in a network planned for training");
  const std::size_t size = shape_.size();
  const int group = int(std::max<std::size_t>(1, kRange / size));  // samples of one task
  const int tasks = (x.n + group - 1) / group;
  // A draw costs about as much as 16 multiply-adds.
  kernels::run_tasks(*pass.pool, tasks, 16 * u64(x.size()), [&](int task, int) {
    for (int n = task * group; n < std::min(x.n, (task + 1) * group); ++n) {
      f32* mask = pass.saved + std::size_t(n) * size;
      draw_mask(pass, n, mask);
      kernels::multiply(x.sample(n), mask, y.sample(n), size);
    }
  });
}

void Dropout::backward(const Pass& pass, BatchIn, BatchIn, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  if (passes_through(pass.training)) {
    std::copy_n(dy.data, dy.size(), dx.data);
    return;
  }
  run_ranges(*pass.pool, dy.size(), [&](std::size_t at, std::size_t n) {
    kernels::multiply(dy.data + at, pass.saved + at, dx.data + at, n);
  });
}

}  // namespace engine::nn
