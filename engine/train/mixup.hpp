// mixup (Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018): each image of a batch
// is mixed with the next one, the last with the first; the batch is shuffled, so that is a pair at
// random. With s drawn from Beta(alpha, alpha) for each image,
//
//   x_i = s x_i + (1 - s) x_(i+1),  target = s of label i, 1 - s of label i+1
//
// s is a pure function of (seed, epoch, sample). A batch of one image stays as it is.
#pragma once
#include <span>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/pool.hpp"
#include "engine/nn/loss.hpp"

namespace engine::train {

// From Beta(alpha, alpha), 0 < alpha <= 1, by Jöhnk's method (1964) on our own exp and log.
f32 mixup_share(f32 alpha, u64 seed, u32 epoch, u32 sample);

class Mixup {
 public:
  Mixup() = default;
  Mixup(std::size_t batch, std::size_t area);

  // Mixes the images x (samples.size(), area) of `samples`, at most `batch`. Allocates nothing.
  void mix(Pool& pool, f32 alpha, u64 seed, u32 epoch, std::span<const u32> samples, const f32* x,
           std::span<const u8> labels);

  // Of the last mix(): the images, and what they should answer.
  const f32* images() const { return images_.data(); }
  nn::Targets targets(std::span<const u8> labels) const;

 private:
  std::size_t area_ = 0;
  Arena images_;
  std::vector<u8> others_;
  std::vector<f32> shares_;
};

}  // namespace engine::train
