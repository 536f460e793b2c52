#include "engine/train/mixup.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/core/random.hpp"
#include "engine/kernels/pointwise.hpp"

namespace engine::train {

// Jöhnk: u^(1/alpha) and v^(1/alpha), drawn until their sum is at most 1, divide the unit in the
// share sought. The logarithms keep the quotient where both powers underflow.
f32 mixup_share(f32 alpha, u64 seed, u32 epoch, u32 sample) {
  Rng rng(seed, Purpose::mixup, epoch, sample);
  for (;;) {
    const f32 a = math::log(1 - rng.uniform()) / alpha;  // 1 - uniform: above 0
    const f32 b = math::log(1 - rng.uniform()) / alpha;
    if (math::exp(a) + math::exp(b) > 1) continue;
    const f32 top = std::max(a, b);
    const f32 x = math::exp(a - top), y = math::exp(b - top);
    return x / (x + y);
  }
}

Mixup::Mixup(std::size_t batch, std::size_t area)
    : area_(area), images_(batch * area), others_(batch), shares_(batch) {}

void Mixup::mix(Pool& pool, f32 alpha, u64 seed, u32 epoch, std::span<const u32> samples,
                const f32* x, std::span<const u8> labels) {
  const std::size_t count = samples.size();
  ENSURE(count >= 1 && count <= others_.size() && labels.size() == count,
         "a batch of another size");
  pool.run(int(count), [&](int task, int) {
    const std::size_t i = std::size_t(task), next = (i + 1) % count;
    const f32 share = count == 1 ? 1 : mixup_share(alpha, seed, epoch, samples[i]);
    shares_[i] = share;
    others_[i] = labels[next];
    kernels::blend(x + i * area_, share, x + next * area_, images_.data() + i * area_, area_);
  });
}

nn::Targets Mixup::targets(std::span<const u8> labels) const {
  return {.labels = labels,
          .others = std::span(others_).first(labels.size()),
          .shares = std::span(shares_).first(labels.size())};
}

}  // namespace engine::train
