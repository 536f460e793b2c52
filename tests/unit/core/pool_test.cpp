#include "engine/core/pool.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

using namespace engine;

namespace {

// A sum whose rounding depends on its order, computed in tasks and folded in order.
f32 total(Pool& pool, int tasks) {
  std::vector<f32> partial(static_cast<std::size_t>(tasks));
  pool.run(tasks, [&](int task, int) {
    f32 sum = 0;
    for (int i = 0; i < 100; ++i) sum += 1.0f / f32(1 + task * 100 + i);
    partial[std::size_t(task)] = sum;
  });
  f32 sum = 0;
  for (f32 p : partial) sum += p;
  return sum;
}

}  // namespace

TEST_CASE("every task runs exactly once, on a worker that exists", "[core]") {
  for (const int threads : {1, 2, 3, 5}) {
    Pool pool(threads);
    for (const int tasks : {0, 1, 2, 7, 100}) {
      CAPTURE(threads, tasks);
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(tasks));
      std::atomic<int> strangers = 0;
      pool.run(tasks, [&](int task, int worker) {
        runs[std::size_t(task)].fetch_add(1);
        if (worker < 0 || worker >= pool.threads()) strangers.fetch_add(1);
      });
      for (const auto& count : runs) CHECK(count.load() == 1);
      CHECK(strangers.load() == 0);
    }
  }
}

TEST_CASE("thousands of short runs lose nothing, also when workers fall asleep between them",
          "[core]") {
  Pool pool(3);
  u64 sum = 0;
  for (int run = 0; run < 3000; ++run) {
    std::atomic<u64> part = 0;
    pool.run(1 + run % 5, [&](int task, int) { part.fetch_add(u64(task) + 1); });
    sum += part.load();
    if (run % 500 == 0) {  // outlast the workers' patience
      std::atomic<u32> idle = 0;
      while (idle.fetch_add(1) < 2000000) {
      }
    }
  }
  CHECK(sum == 3000 / 5 * (1 + 3 + 6 + 10 + 15));
}

TEST_CASE("a worker that is held up keeps nobody from the other tasks of its part", "[core]") {
  for (const int threads : {2, 3}) {
    Pool pool(threads);
    if (pool.threads() == 1) continue;  // a build without threads: tasks run in order
    for (int repeat = 0; repeat < 50; ++repeat) {
      std::atomic<int> others{0};
      pool.run(9, [&](int task, int) {  // the first of its part waits for all that come after it
        if (task != 0) {
          others.fetch_add(1);
          return;
        }
        while (others.load() < 8) std::this_thread::yield();
      });
      CHECK(others.load() == 8);
    }
  }
  SUCCEED();
}

TEST_CASE(
    "results written to memory by workers are seen by the caller, in the same bits for any threads",
    "[core]") {
  Pool one(1);
  const f32 want = total(one, 37);
  for (const int threads : {2, 4, 5}) {
    Pool pool(threads);
    for (int repeat = 0; repeat < 50; ++repeat) REQUIRE(total(pool, 37) == want);
  }
}

TEST_CASE("one thread runs tasks in order on the caller", "[core]") {
  Pool pool(1);
  std::vector<int> order;
  pool.run(5, [&](int task, int worker) {
    CHECK(worker == 0);
    order.push_back(task);
  });
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("scratch is aligned, each worker's own, and keeps the largest request", "[core]") {
  Pool pool(2);
  pool.reserve_scratch(100);
  pool.reserve_scratch(10);
  for (int worker = 0; worker < pool.threads(); ++worker) {
    CHECK(reinterpret_cast<std::uintptr_t>(pool.scratch(worker)) % 64 == 0);
    for (int i = 0; i < 100; ++i) pool.scratch(worker)[i] = f32(worker);
  }
  for (int worker = 0; worker < pool.threads(); ++worker)
    CHECK(pool.scratch(worker)[99] == f32(worker));
}

TEST_CASE("an unused pool ends", "[core]") {
  for (int i = 0; i < 20; ++i) Pool idle(3);
  SUCCEED();
}

#ifndef __EMSCRIPTEN__  // there, each thread is a worker of its own: some 64 of them take a minute
TEST_CASE("a pool of very many threads is cut to 64", "[core]") {
  CHECK(Pool(1000).threads() == 64);
}
#endif

TEST_CASE("workers keep their numbers when they wake up, so no two share a scratch", "[core]") {
  Pool pool(3);
  std::atomic<int> inside[3] = {0, 0, 0};
  std::atomic<int> clashes{0};
  for (int round = 0; round < 50; ++round) {
    // Long enough for the workers to fall asleep; nothing is asserted about time.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    pool.run(64, [&](int, int worker) {
      if (inside[worker].exchange(1) != 0) ++clashes;
      f32 x = 1;
      for (int i = 0; i < 20000; ++i) x = x * 0.999f + f32(worker);
      if (!(x < 1e9f)) ++clashes;  // uses x: the loop must not be optimised away
      inside[worker].store(0);
    });
  }
  CHECK(clashes.load() == 0);
}
