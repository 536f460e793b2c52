// Prints the engine's fingerprint, one `name hash` a line: the same on every build.
//
//   golden_run [THREADS] [--tiles 128|avx2|avx512] [--dump FILE]
//   golden_run [THREADS] [--tiles ...] --explain FILE     compares a dump with this build
//   golden_run --explain FILE FILE                        compares two dumps
//
// --explain prints the first value that differs and ends with 1.
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include "engine/core/hash.hpp"
#include "engine/kernels/tile.hpp"
#include "engine/train/golden_lab.hpp"
#include "tests/golden/dump.hpp"

namespace {

using engine::train::GoldenLine;
using engine::train::GoldenTap;

struct Options {
  int threads = 1;
  std::string tiles, dump;
  std::vector<std::string> explain;
};

int usage() {
  std::fprintf(
      stderr,
      "usage: golden_run [THREADS] [--tiles 128|avx2|avx512] [--dump FILE | --explain FILE "
      "[FILE]]\n");
  return 2;
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--tiles" && i + 1 < argc) {
      options.tiles = argv[++i];
    } else if (word == "--dump" && i + 1 < argc) {
      options.dump = argv[++i];
    } else if (word == "--explain" && i + 1 < argc) {
      while (i + 1 < argc && options.explain.size() < 2) options.explain.emplace_back(argv[++i]);
    } else {
      const auto [end, error] =
          std::from_chars(word.data(), word.data() + word.size(), options.threads);
      if (error != std::errc{} || end != word.data() + word.size() || options.threads < 1)
        return std::nullopt;
    }
  }
  return options;
}

std::vector<GoldenLine> run(int threads, const GoldenTap& tap) {
  std::vector<GoldenLine> lines = engine::train::golden_run(threads, tap);
  const std::vector<GoldenLine> lab = engine::train::golden_lab_run(threads, tap);
  lines.insert(lines.end(), lab.begin(), lab.end());
  return lines;
}

int explain(const Options& options) {
  std::vector<golden::Tensor> here;
  auto first = golden::read_dump(options.explain[0]);
  if (first.ok() && options.explain.size() == 2) {
    auto second = golden::read_dump(options.explain[1]);
    if (second.ok()) {
      here = std::move(second).value();
    } else {
      first = second.problem();
    }
  } else if (first.ok()) {
    run(options.threads, [&](const std::string& name, std::span<const engine::f32> values) {
      here.push_back({name, {values.begin(), values.end()}});
    });
  }
  if (!first.ok()) {
    std::fprintf(stderr, "golden_run: %s\n", first.problem().sentence.c_str());
    return 2;
  }
  const std::string other = options.explain.size() == 2 ? options.explain[1] : "this build";
  const std::string text = golden::first_difference(*first, here, options.explain[0], other);
  if (text.empty()) {
    std::printf("the same bits: %zu tensors\n", here.size());
    return 0;
  }
  std::printf("first difference: %s\n", text.c_str());
  return 1;
}

int print(const Options& options) {
  std::optional<golden::DumpWriter> dump;
  if (!options.dump.empty()) dump.emplace(options.dump);
  GoldenTap tap;
  if (dump) tap = [&](const auto& name, auto values) { dump->add(name, values); };
  for (const GoldenLine& line : run(options.threads, tap))
    std::printf("%s %s\n", line.name.c_str(), engine::hex(line.hash).c_str());
  if (!dump || dump->finish()) return 0;
  std::fprintf(stderr, "golden_run: %s could not be written.\n", options.dump.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) return usage();
  if (!options->tiles.empty() && !engine::kernels::choose_tiles(options->tiles)) {
    std::fprintf(stderr, "golden_run: this processor does not run %s tiles.\n",
                 options->tiles.c_str());
    return 2;
  }
  return options->explain.empty() ? print(*options) : explain(*options);
}
