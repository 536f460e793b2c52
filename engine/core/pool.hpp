// The threads of one trainer or predictor.
//
// run(tasks, f) calls f(task, worker) once for each task in [0, tasks), on any worker, in any
// order, and returns when all are done. What a task computes must depend on its number alone, never
// on the worker or on the number of threads: cut work into a number of tasks that follows from
// shapes only, let each write its own output, and fold partial results afterwards in a fixed order.
// Then one seed gives the same bits for any number of threads.
//
// Workers spin briefly, then sleep. run() neither locks nor allocates. It is not re-entrant. With
// one thread, tasks run in order on the caller.
#pragma once
#include <memory>

#include "engine/core/types.hpp"

namespace engine {

// A reference to a callable, valid while the callable lives (std::function without the allocation).
class TaskRef {
 public:
  template <class F>
  TaskRef(const F& f)  // NOLINT(google-explicit-constructor)
      : object_(&f), call_([](const void* o, int task, int worker) {
          (*static_cast<const F*>(o))(task, worker);
        }) {}
  void operator()(int task, int worker) const { call_(object_, task, worker); }

 private:
  const void* object_;
  void (*call_)(const void*, int, int);
};

class Pool {
 public:
  explicit Pool(int threads = 1);  // threads >= 1, the caller of run() included; clamped to 64
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const;
  void run(int tasks, TaskRef f);

  // Scratch of one worker: garbage at the start of each task, 64-byte aligned. reserve() keeps the
  // largest request; it allocates and must not be called during run().
  void reserve_scratch(std::size_t floats_per_worker);
  f32* scratch(int worker) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine
