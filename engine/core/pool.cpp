#include "engine/core/pool.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/core/check.hpp"
#include "engine/core/wait.hpp"

namespace engine {
namespace {

constexpr int kMaxThreads = 64;

int usable(int threads) {
  ENSURE(threads >= 1, "a pool needs at least the calling thread");
  return ENGINE_HAS_THREADS ? std::min(threads, kMaxThreads) : 1;
}

}  // namespace

// Each worker has a queue, an equal part of the tasks in their order, and serves its own before it
// helps with another's: a worker then finds the samples that it wrote in the last run in its own
// cache.
//
// A task is claimed by decrementing its queue's `left`. Whoever succeeds may read `job` and
// `total`: they were written before any `left` was set, and run() cannot return, and so not change
// them, before the claimed task is done.
struct Pool::State {
  struct alignas(64) Queue {
    std::atomic<u32> left{0};  // tasks not yet claimed: the last ones of its part
  };
  std::vector<Queue> queues;
  alignas(64) std::atomic<u32> pending{0};  // tasks not yet done
  alignas(64) std::atomic<u32> round{0};    // changes with each run(): what idle workers watch
  std::atomic<u32> sleepers{0};             // workers that may need waking
  std::atomic<u32> caller_sleeps{0};
  std::atomic<bool> stop{false};
  std::atomic<bool> busy{false};
  const TaskRef* job = nullptr;
  u32 total = 0;

  int threads = 1;
  std::size_t scratch_floats = 0;
  std::vector<Arena> scratch;
#if ENGINE_HAS_THREADS
  std::vector<std::thread> workers;
#endif

  u32 first_task(int queue) const { return u32(u64(total) * u64(queue) / u64(threads)); }
  void drain(int queue, int worker);
  void work(int worker);
  void serve(int worker);
  void finish_one();
  void await_all();
};

void Pool::State::finish_one() {
  if (pending.fetch_sub(1) == 1 && caller_sleeps.load() != 0) wake_all(pending);
}

// Runs a queue's tasks until none is left to claim.
void Pool::State::drain(int queue, int worker) {
  std::atomic<u32>& left = queues[std::size_t(queue)].left;
  u32 n = left.load();
  while (n != 0) {
    if (!left.compare_exchange_weak(n, n - 1)) continue;
    (*job)(int(first_task(queue + 1) - n), worker);
    finish_one();
    n = left.load();
  }
}

void Pool::State::work(int worker) {
  for (int i = 0; i < threads; ++i) drain((worker + i) % threads, worker);
}

void Pool::State::serve(int worker) {
  u32 seen = 0;
  for (;;) {
    for (int spin = 0; spin < kSpins && round.load() == seen; ++spin) spin_pause();
    if (round.load() == seen) {
      sleepers.fetch_add(1);
      while (round.load() == seen) sleep_while(round, seen);
      sleepers.fetch_sub(1);
    }
    seen = round.load();
    if (stop.load()) return;
    work(worker);
  }
}

void Pool::State::await_all() {
  for (int spin = 0; spin < kSpins && pending.load() != 0; ++spin) spin_pause();
  if (pending.load() == 0) return;
  caller_sleeps.store(1);
  for (u32 n = pending.load(); n != 0; n = pending.load()) sleep_while(pending, n);
  caller_sleeps.store(0);
}

Pool::Pool(int threads) : state_(std::make_unique<State>()) {
  state_->threads = usable(threads);
  state_->scratch.resize(std::size_t(state_->threads));
  state_->queues = std::vector<State::Queue>(std::size_t(state_->threads));
#if ENGINE_HAS_THREADS
  for (int worker = 1; worker < state_->threads; ++worker) {
    state_->workers.emplace_back([state = state_.get(), worker] { state->serve(worker); });
  }
#endif
}

Pool::~Pool() {
  ENSURE(!state_->busy.load(), "a pool was destroyed while it ran");
  state_->stop.store(true);
  state_->round.fetch_add(1);
  wake_all(state_->round);
#if ENGINE_HAS_THREADS
  for (std::thread& worker : state_->workers) worker.join();
#endif
}

int Pool::threads() const { return state_->threads; }

void Pool::run(int tasks, TaskRef f) {
  ENSURE(!state_->busy.exchange(true), "run() was called while the pool was running");
  if (state_->threads == 1 || tasks <= 1) {
    for (int task = 0; task < tasks; ++task) f(task, 0);
  } else {
    State& s = *state_;
    s.job = &f;
    s.total = u32(tasks);
    s.pending.store(u32(tasks));
    for (int q = 0; q < s.threads; ++q)
      s.queues[std::size_t(q)].left.store(s.first_task(q + 1) - s.first_task(q));
    s.round.fetch_add(1);
    if (s.sleepers.load() != 0) wake_all(s.round);
    s.work(0);
    s.await_all();
  }
  state_->busy.store(false);
}

void Pool::reserve_scratch(std::size_t floats_per_worker) {
  ENSURE(!state_->busy.load(), "scratch was reserved while the pool was running");
  if (floats_per_worker <= state_->scratch_floats) return;
  state_->scratch_floats = floats_per_worker;
  for (Arena& arena : state_->scratch) arena = Arena(floats_per_worker);
}

f32* Pool::scratch(int worker) const { return state_->scratch[std::size_t(worker)].data(); }

}  // namespace engine
