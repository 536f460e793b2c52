// Cuts the planes of a batch into tasks for the pool, some samples a task.
#pragma once
#include <algorithm>

#include "engine/kernels/work.hpp"

namespace engine::nn {

// Calls f(plane) for every plane of a batch of n samples with `channels` planes; `work` is that of
// all of them.
template <class F>
void each_plane(Pool& pool, int n, int channels, u64 work, const F& f) {
  const int tasks = std::min(n, 16);
  kernels::run_tasks(pool, tasks, work, [&](int task, int) {
    for (int plane = task * n / tasks * channels; plane < (task + 1) * n / tasks * channels;
         ++plane)
      f(std::size_t(plane));
  });
}

}  // namespace engine::nn
