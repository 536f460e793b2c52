// The terminal: a progress line, and Ctrl-C as a question instead of an end.
#pragma once
#include <chrono>
#include <optional>
#include <string>

namespace engine::cli {

// On a terminal the line is rewritten in place, at most five times a second; elsewhere (a log file)
// it is printed as a line of its own every ten seconds. Everything goes to stderr, so that stdout
// holds results only.
class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool due() const;  // whether show() would print now: saves making the line
  void show(const std::string& line);
  void clear();  // wipes the line, so that others can print

 private:
  bool terminal_;
  std::size_t width_ = 0;  // characters to wipe
  std::optional<std::chrono::steady_clock::time_point> last_;
};

// "1:02:03" or "2:03"
std::string clock_text(double seconds);

// After watch_interrupts() the first SIGINT or SIGTERM makes interrupted() true; the second ends
// the process.
void watch_interrupts();
bool interrupted();

}  // namespace engine::cli
