#include "engine/data/batcher.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/random.hpp"

namespace engine::data {

Batcher::Batcher(std::vector<u32> ids, u32 batch, u64 seed)
    : ids_(std::move(ids)), order_(ids_), batch_(batch), seed_(seed) {
  ENSURE(!ids_.empty() && batch >= 1, "a batcher needs ids and a batch size");
}

u32 Batcher::steps() const { return u32((u64(ids_.size()) + batch_ - 1) / batch_); }

std::span<const u32> Batcher::step(u32 epoch, u32 step) {
  ENSURE(step < steps(), "an epoch has no such step");
  if (!shuffled_ || epoch != epoch_) {
    std::copy(ids_.begin(), ids_.end(),
              order_.begin());  // from the same start each time: no epoch depends on another
    Rng rng(seed_, Purpose::shuffle, epoch);
    shuffle(order_, rng);
    epoch_ = epoch;
    shuffled_ = true;
  }
  const std::size_t at = std::size_t(step) * batch_;
  return std::span<const u32>(order_).subspan(at,
                                              std::min(std::size_t(batch_), order_.size() - at));
}

}  // namespace engine::data
