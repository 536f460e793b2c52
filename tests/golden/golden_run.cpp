// Prints the engine's fingerprint, one `name hash` a line: the same on every build. The optional
// argument is the number of threads.
#include <charconv>
#include <cstdio>
#include <string_view>

#include "engine/core/hash.hpp"
#include "engine/train/golden.hpp"

int main(int argc, char** argv) {
  int threads = 1;
  if (argc > 1) {
    const std::string_view text = argv[1];
    const auto [end, error] = std::from_chars(text.begin(), text.end(), threads);
    if (error != std::errc{} || end != text.end() || threads < 1 || argc > 2) {
      std::fprintf(stderr, "usage: golden_run [threads]\n");
      return 2;
    }
  }
  for (const engine::train::GoldenLine& line : engine::train::golden_run(threads)) {
    std::printf("%s %s\n", line.name.c_str(), engine::hex(line.hash).c_str());
  }
  return 0;
}
