// The order of training: each epoch a new shuffle of the ids, cut into steps. What a step sees is a
// pure function of (ids, batch, seed, epoch, step), so a resumed run goes on with the same samples.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::data {

class Batcher {
 public:
  Batcher() = default;
  Batcher(std::vector<u32> ids, u32 batch, u64 seed);  // at least one id; batch >= 1

  u32 steps() const;  // of one epoch; the last may be smaller
  u32 samples() const { return u32(ids_.size()); }

  // The ids of a step < steps(), valid until the next call. Shuffles when the epoch changes; never
  // allocates.
  std::span<const u32> step(u32 epoch, u32 step);

 private:
  std::vector<u32> ids_, order_;
  u32 batch_ = 1;
  u64 seed_ = 0;
  u32 epoch_ = 0;
  bool shuffled_ = false;
};

}  // namespace engine::data
