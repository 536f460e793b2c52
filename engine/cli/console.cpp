#include "engine/cli/console.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace engine::cli {
namespace {

using std::chrono::steady_clock;

volatile std::sig_atomic_t interrupt_seen = 0;  // a signal handler can reach nothing else

void on_interrupt(int signal) {
  interrupt_seen = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

Progress::Progress() : terminal_(isatty(STDERR_FILENO) == 1) {
  if (!terminal_) last_ = steady_clock::now();
}

bool Progress::due() const {
  const auto gap = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  return !last_ || steady_clock::now() - *last_ >= gap;
}

void Progress::show(const std::string& line) {
  if (!due()) return;
  last_ = steady_clock::now();
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  std::fprintf(stderr, "\r%-*s", int(width_), line.c_str());
  std::fflush(stderr);
  width_ = std::max(width_, line.size());
}

void Progress::clear() {
  if (width_ == 0) return;
  std::fprintf(stderr, "\r%*s\r", int(width_), "");
  std::fflush(stderr);
  width_ = 0;
}

std::string clock_text(double seconds) {
  const long s = seconds > 0 ? long(seconds + 0.5) : 0;
  char text[40];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  }
  return text;
}

void watch_interrupts() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

bool interrupted() { return interrupt_seen != 0; }

}  // namespace engine::cli
