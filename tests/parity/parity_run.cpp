// Compares the engine with PyTorch, by goldens (golden.hpp says what is asked for).
//
//   parity_run FOLDER   every case of every file there; prints a table with, for each operation,
//   the
//                       worst error in units of its bound and absolutely. Last line: N passed, N
//                       failed. The judge is tried too: it must refuse goldens made wrong.
//   parity_run --zoo    the ready networks as a JSON list, for torch_goldens.py
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/parity/answers.hpp"
#include "tests/parity/judge.hpp"

namespace {

using parity::Blindness;
using parity::Case;
using parity::Verdict;

int passed = 0, failed = 0;

void count(bool good) { ++(good ? passed : failed); }

int print_zoo() {
  const char* before = "[";
  for (const engine::spec::Network& network : engine::spec::zoo()) {
    std::printf("%s%s", before, engine::spec::to_json(network).c_str());
    before = ",\n";
  }
  std::printf("]\n");
  return 0;
}

void run_file(const std::filesystem::path& path, Blindness& blind) {
  const engine::Result<std::vector<Case>> cases = parity::read_goldens(path.string());
  if (!cases.ok()) {
    std::printf("FAILED %s: %s\n", path.filename().c_str(), cases.problem().sentence.c_str());
    count(false);
    return;
  }
  Verdict worst;
  for (const Case& c : *cases) {
    const engine::Result<parity::Tensors> got = parity::answer(c);
    const Verdict verdict =
        got.ok() ? judge(c, *got) : Verdict{.ok = false, .what = got.problem().sentence};
    count(verdict.ok);
    if (!verdict.ok) std::printf("FAILED %s: %s\n", c.name.c_str(), verdict.what.c_str());
    if (verdict.units >= worst.units) worst.where = verdict.where;
    worst.units = std::max(worst.units, verdict.units);
    worst.absolute = std::max(worst.absolute, verdict.absolute);
    worst.values += verdict.values;
    if (!got.ok()) continue;
    const Blindness found = blindness(c, *got);
    blind.tried += found.tried;
    blind.passed += found.passed;
  }
  std::printf("%-22s %5zu %9zu %12.3f %14.2e  %s\n", cases->front().op.c_str(), cases->size(),
              worst.values, worst.units, worst.absolute, worst.where.c_str());
}

int run_folder(const char* folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::printf("%-22s %5s %9s %12s %14s  %s\n", "operation", "cases", "values", "worst/bound",
              "worst absolute", "worst in");
  Blindness blind;
  for (const std::filesystem::path& file : files) run_file(file, blind);
  std::printf("%d wrong answers tried on the judge, %d passed\n", blind.tried, blind.passed);
  count(blind.tried > 0 && blind.passed == 0);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && !files.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--zoo") return print_zoo();
  if (argc == 2) return run_folder(argv[1]);
  std::fprintf(stderr, "usage: parity_run FOLDER | --zoo\n");
  return 2;
}
