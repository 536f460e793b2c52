#include "engine/train/average.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::train {

f32 average_decay(f32 decay, u64 step) { return std::min(decay, f32(1 + step) / f32(10 + step)); }

void update_average(Pool& pool, f32 decay, std::span<const f32> now, std::span<f32> average) {
  ENSURE(now.size() == average.size(), "an average of other weights");
  nn::run_ranges(pool, now.size(), [&](std::size_t at, std::size_t n) {
    kernels::blend(average.data() + at, decay, now.data() + at, average.data() + at, n);
  });
}

}  // namespace engine::train
