#include "engine/cli/isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <new>

#include "engine/cli/console.hpp"

namespace engine::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kOutOfMemory = 86;  // exit code of a child that asked for too much
constexpr int kLook = 100;        // milliseconds between two looks at the clock
constexpr std::size_t kMaxAnswer = std::size_t(64) << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kLimitMemory = false;  // its shadow takes terabytes of address space
#elif defined(__has_feature)
constexpr bool kLimitMemory = !__has_feature(address_sanitizer);
#else
constexpr bool kLimitMemory = true;
#endif

void limit(decltype(RLIMIT_AS) what, u64 value) {
  const rlimit both{rlim_t(value), rlim_t(value)};
  setrlimit(what, &both);
}

// The child: nothing of the terminal, no core, no files, no new memory beyond the limit.
[[noreturn]] void work_and_exit(int out, const Limits& limits,
                                const std::function<std::vector<std::byte>()>& work) {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, stream);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  if (kLimitMemory) limit(RLIMIT_AS, limits.memory);
  std::set_new_handler([] { _exit(kOutOfMemory); });
  std::signal(SIGINT, SIG_IGN);  // the parent decides
  const std::vector<std::byte> bytes = work();
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = write(out, bytes.data() + at, bytes.size() - at);
    if (written <= 0) _exit(1);
    at += std::size_t(written);
  }
  _exit(0);
}

Problem too_slow(double seconds) {
  char text[96];
  std::snprintf(text, sizeof text, "It took longer than %g s and was stopped.", seconds);
  return {Code::too_large, text};
}

// Everything the child writes until it ends, is too slow, or the user interrupts.
Result<std::vector<std::byte>> read_all(int in, double seconds) {
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                   std::chrono::duration<double>(seconds));
  std::vector<std::byte> bytes;
  std::array<std::byte, 1 << 16> block;
  for (;;) {
    if (interrupted()) return Problem{Code::cancelled, "Interrupted."};
    if (Clock::now() > end) return too_slow(seconds);
    pollfd look{in, POLLIN, 0};
    if (poll(&look, 1, kLook) <= 0) continue;
    const ssize_t got = read(in, block.data(), block.size());
    if (got <= 0) return bytes;
    bytes.insert(bytes.end(), block.begin(), block.begin() + got);
    if (bytes.size() > kMaxAnswer) return Problem{Code::too_large, "Its answer has no end."};
  }
}

}  // namespace

Result<std::vector<std::byte>> isolated(const Limits& limits,
                                        const std::function<std::vector<std::byte>()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0)
    return Problem{Code::io_failed, "The system gives no pipe for another process."};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work_and_exit(ends[1], limits, work);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return Problem{Code::io_failed, "The system gives no other process."};
  }
  Result<std::vector<std::byte>> answer = read_all(ends[0], limits.seconds);
  close(ends[0]);
  if (!answer.ok()) kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (!answer.ok()) return answer;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return answer;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemory) {
    return Problem{Code::too_large,
                   "It needs more than " + std::to_string(limits.memory >> 20) + " MiB of memory."};
  }
  const std::string how = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                              : "code " + std::to_string(WEXITSTATUS(status));
  return Problem{Code::bad_file, "Reading or running it crashed (" + how + ")."};
}

}  // namespace engine::cli
