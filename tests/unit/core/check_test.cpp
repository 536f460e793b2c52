#include "engine/core/check.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/core/pool.hpp"

#ifndef __EMSCRIPTEN__  // a child process is needed to see a program end
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace {

// Whether f() ends the program by abort(), its message aside.
template <class F>
bool aborts(const F& f) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    static_cast<void>(std::freopen("/dev/null", "w", stderr));
    f();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST_CASE("ENSURE ends the program when its condition is false, and only then", "[core]") {
  CHECK(aborts([] { ENSURE(1 + 1 == 3, "arithmetic"); }));
  CHECK_FALSE(aborts([] { ENSURE(1 + 1 == 2, "arithmetic"); }));
}

TEST_CASE("a pool refuses to run from within its own tasks", "[core]") {
  CHECK(aborts([] {
    engine::Pool pool(1);
    pool.run(2, [&](int, int) { pool.run(1, [](int, int) {}); });
  }));
  CHECK(aborts([] { engine::Pool pool(0); }));
}
#endif

TEST_CASE("ENSURE is an expression", "[core]") {
  int steps = 0;
  ENSURE(++steps == 1, "evaluated once"), ++steps;
  CHECK(steps == 2);
}
