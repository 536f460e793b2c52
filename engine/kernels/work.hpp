// When work is too small for threads: waking them costs a few microseconds, some 10^5
// multiply-adds. What is compared is the multiply-adds of one call, or its moved elements times 8.
#pragma once
#include "engine/core/pool.hpp"

namespace engine::kernels {

inline constexpr u64 kInlineWork = u64(1) << 18;

// pool.run(tasks, f), or the same tasks in order on the caller, as worker 0, when the whole `work`
// is small. It depends on shapes only; the bits are the same either way.
template <class F>
void run_tasks(Pool& pool, int tasks, u64 work, const F& f) {
  if (work < kInlineWork || tasks == 1) {
    for (int task = 0; task < tasks; ++task) f(task, 0);
  } else {
    pool.run(tasks, f);
  }
}

}  // namespace engine::kernels
