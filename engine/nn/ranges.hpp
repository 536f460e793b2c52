// Cuts n consecutive floats into ranges for the pool. The cut follows from n alone (core/pool.hpp).
#pragma once
#include <algorithm>

#include "engine/kernels/work.hpp"

namespace engine::nn {

// Floats of one task: 64 KiB, a few microseconds of work.
inline constexpr std::size_t kRange = 1 << 14;

// Calls f(begin, count) for ranges that cover [0, n) without overlap.
template <class F>
void run_ranges(Pool& pool, std::size_t n, const F& f) {
  const int tasks = int((n + kRange - 1) / kRange);
  kernels::run_tasks(pool, tasks, 8 * u64(n), [&](int task, int) {
    const std::size_t begin = std::size_t(task) * kRange;
    f(begin, std::min(kRange, n - begin));
  });
}

}  // namespace engine::nn
