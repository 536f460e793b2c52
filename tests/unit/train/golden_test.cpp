#include "engine/train/golden.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "engine/core/hash.hpp"

using namespace engine;

namespace {

std::vector<std::string> printed(int threads) {
  std::vector<std::string> lines;
  for (const train::GoldenLine& line : train::golden_run(threads)) {
    lines.push_back(line.name + " " + hex(line.hash));
  }
  return lines;
}

}  // namespace

#ifndef __EMSCRIPTEN__  // whose programs read no files; golden_run's output is compared there
TEST_CASE("golden run: this build gives the recorded bits", "[train][golden]") {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/golden/expected.txt");
  REQUIRE(file.good());
  std::vector<std::string> want;
  for (std::string line; std::getline(file, line);) want.push_back(line);
  const std::vector<std::string> got = printed(1);
  CHECK(got.size() == want.size());
  for (std::size_t i = 0; i < std::min(got.size(), want.size()); ++i) CHECK(got[i] == want[i]);
}
#endif

TEST_CASE("golden run: two and three threads give the bits of one", "[train][golden]") {
  const std::vector<std::string> one = printed(1);
  CHECK(printed(2) == one);
  CHECK(printed(3) == one);
}

TEST_CASE("golden run: names are unique, and no two computations have the same hash",
          "[train][golden]") {
  std::set<std::string> names;
  std::set<u64> hashes;
  const std::vector<train::GoldenLine> lines = train::golden_run(1);
  for (const train::GoldenLine& line : lines) {
    names.insert(line.name);
    hashes.insert(line.hash);
  }
  CHECK(names.size() == lines.size());
  CHECK(hashes.size() == lines.size());
  CHECK(lines.size() > 40);
}
