// The exponential moving average of a network's weights and buffers (the averaging of Polyak
// and Juditsky 1992 with forgetting). After step t = 1, 2, ...:
//
//   average = d_t average + (1 - d_t) now,   d_t = min(decay, (1 + t) / (10 + t))
//
// It starts as the network's first weights. The rising d_t, which keeps them from lingering in a
// short run, is that of TensorFlow's tf.train.ExponentialMovingAverage(decay, num_updates); the
// update is that of PyTorch's torch.optim.swa_utils.get_ema_avg_fn(decay) with use_buffers=True.
#pragma once
#include <span>

#include "engine/core/pool.hpp"

namespace engine::train {

f32 average_decay(f32 decay, u64 step);  // d_t

// The update of one block. The bits do not depend on the number of threads.
void update_average(Pool& pool, f32 decay, std::span<const f32> now, std::span<f32> average);

}  // namespace engine::train
