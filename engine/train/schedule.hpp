// The learning rate as a pure function of the step, so that a resumed run needs no state for it.
#pragma once
#include "engine/core/types.hpp"
#include "engine/spec/train.hpp"

namespace engine::train {

// Steps of the warm-up (Goyal et al. 2017): train.warmup epochs, rounded to whole steps, at most
// `total`.
u64 warmup_steps(const spec::Train& train, u64 total, u64 steps_per_epoch);

// The rate of step `step` (0, 1, ...) out of `total` (>= 1); a step past the end gets the last
// one's. The first n = warmup_steps() rise in a line, (step + 1) / n of lr: step n - 1 has lr. The
// schedule begins after them, counting its steps, epochs and total from there: PyTorch's LinearLR
// with start_factor 1/n and total_iters n - 1, then the schedule, by SequentialLR at milestone n.
// With lr = train.learning_rate and epoch = step / steps_per_epoch (>= 1):
//
//   constant   lr
//   step       lr step_factor^(epoch / step_epochs), whole division: PyTorch's StepLR
//   cosine     lr (1 + cos(pi step / total)) / 2, from lr towards 0 (Loshchilov and Hutter 2017,
//              without restarts): CosineAnnealingLR with eta_min 0, by steps
//   one_cycle  a cosine from lr/25 up to lr over the first 30 % of steps, then one down to
//              lr/250,000 (Smith 2018): OneCycleLR's defaults with max_lr = lr, cycle_momentum off
f32 learning_rate(const spec::Train& train, u64 step, u64 total, u64 steps_per_epoch);

}  // namespace engine::train
