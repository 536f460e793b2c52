// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", 2011). A draw is a pure function of (seed, purpose, epoch, sample, counter), so the
// same seed gives the same bits whatever the order of evaluation, the number of threads or the
// platform. No state is shared, nothing is to be locked.
#pragma once
#include <array>
#include <span>

#include "engine/core/types.hpp"

namespace engine {

// What a stream is for. Append only: the numbers are part of every recorded run. Layers add their
// index to `dropout`, so that two dropout layers draw different masks.
enum class Purpose : u32 {
  init = 1,
  shuffle = 2,
  split = 3,
  augment = 4,
  noise = 5,
  probe = 6,
  mixup = 7,
  sketch = 8,
  permute = 9,
  dropout = 1000
};

std::array<u32, 4> philox(std::array<u32, 4> counter, std::array<u32, 2> key);

class Rng {
 public:
  // A stream of 2^34 draws; `offset` tells the streams of one purpose apart.
  Rng(u64 seed, Purpose purpose, u32 epoch = 0, u32 sample = 0, u32 offset = 0);

  u32 next();                      // uniform over all 32-bit values
  f32 uniform();                   // [0, 1), multiples of 2^-24
  f32 uniform(f32 low, f32 high);  // low + (high - low) * uniform()
  f32 normal();                    // mean 0, variance 1; Box-Muller on our own log, sin and cos
  u32 below(u32 n);                // [0, n), n > 0; without modulo bias (Lemire 2019)

 private:
  std::array<u32, 2> key_;
  std::array<u32, 4> counter_;
  std::array<u32, 4> block_{};
  u32 used_ = 4;
  bool has_spare_ = false;
  f32 spare_ = 0;
};

// Fisher-Yates. The same permutation everywhere, unlike std::shuffle.
void shuffle(std::span<u32> values, Rng& rng);

}  // namespace engine
