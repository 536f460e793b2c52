#include "engine/analysis/scoreboard.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/analysis/mcnemar.hpp"

using namespace engine;
using analysis::Entry;
using analysis::mcnemar;
using Catch::Matchers::WithinRel;

namespace {

// An entry that is right on images [begin, end) of `count`, whose truth is 0.
Entry right_on(std::string name, std::size_t begin, std::size_t end, std::size_t count) {
  Entry entry{std::move(name), std::vector<u8>(count, 1)};
  for (std::size_t i = begin; i < end; ++i) entry.answers[i] = 0;
  return entry;
}

}  // namespace

TEST_CASE("McNemar's exact test gives the sums of binomial probabilities",
          "[analysis][scoreboard]") {
  CHECK(mcnemar(0, 0) == 1.0);
  CHECK(mcnemar(7, 7) == 1.0);
  CHECK_THAT(mcnemar(2, 8), WithinRel(2.0 * (1 + 10 + 45) / 1024, 1e-14));
  CHECK_THAT(mcnemar(8, 2), WithinRel(2.0 * (1 + 10 + 45) / 1024, 1e-14));
  CHECK_THAT(mcnemar(0, 6), WithinRel(2.0 / 64, 1e-14));
  // In Python: 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n
  CHECK_THAT(mcnemar(40, 60), WithinRel(0.05688793364098078, 1e-9));
  CHECK_THAT(mcnemar(430, 570), WithinRel(1.0709737664959512e-05, 1e-9));
  CHECK(mcnemar(0, 100'000) == 0.0);
}

TEST_CASE("only images on which two classifiers differ count", "[analysis][scoreboard]") {
  const std::vector<u8> truth(10, 0);
  const Entry a = right_on("a", 0, 8, 10), b = right_on("b", 2, 9, 10);
  CHECK(mcnemar(a.answers, b.answers, truth) == mcnemar(2, 1));
  CHECK(mcnemar(a.answers, a.answers, truth) == 1.0);
}

TEST_CASE("places give the lab's points", "[analysis][scoreboard]") {
  const std::vector<u8> truth(100, 0);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < 7; ++i)
    entries.push_back(right_on(std::string(1, char('a' + i)), 0, 30 + 10 * i, 100));
  const Entry baseline = right_on("baseline", 0, 40, 100);
  const auto board = analysis::rank(entries, truth, &baseline);
  REQUIRE(board.size() == 7);
  std::string order;
  std::vector<int> places, points;
  for (const auto& row : board) {
    order += entries[row.entry].name;
    places.push_back(row.place);
    points.push_back(row.points);
  }
  CHECK(order == "gfedcba");
  CHECK(places == std::vector{1, 2, 3, 4, 5, 6, 7});
  CHECK(points == std::vector{16, 14, 12, 10, 8, 0, 0});  // b equals the baseline, a is below
  CHECK(board[0].correct == 90);
  CHECK(board[0].accuracy.value == 0.9);
  CHECK(board[5].versus_baseline == 1.0);
}

TEST_CASE("equal accuracy shares a place and its points; the next place is skipped",
          "[analysis][scoreboard]") {
  const std::vector<u8> truth(20, 0);
  const std::vector<Entry> entries = {right_on("z", 0, 15, 20), right_on("b", 5, 20, 20),
                                      right_on("c", 0, 20, 20), right_on("d", 0, 1, 20)};
  const auto board = analysis::rank(entries, truth, nullptr);
  std::vector<int> places, points;
  for (const auto& row : board) {
    places.push_back(row.place);
    points.push_back(row.points);
  }
  CHECK(places == std::vector{1, 2, 2, 4});
  CHECK(points == std::vector{16, 14, 14, 10});
  CHECK(entries[board[1].entry].name == "b");
}

TEST_CASE("a difference that may be luck is called a tie with the place above",
          "[analysis][scoreboard]") {
  const std::vector<u8> truth(50, 0);
  const std::vector<Entry> entries = {right_on("a", 0, 50, 50), right_on("b", 0, 45, 50),
                                      right_on("c", 0, 39, 50)};
  const auto board = analysis::rank(entries, truth, nullptr);
  CHECK_FALSE(board[0].tied_above);
  CHECK(board[1].tied_above);  // 5 to 0: p = 2 / 32
  CHECK_THAT(board[1].versus_above, WithinRel(0.0625, 1e-14));
  CHECK_FALSE(board[2].tied_above);  // 6 to 0: p = 2 / 64
  CHECK_THAT(board[2].versus_above, WithinRel(0.03125, 1e-14));
}

TEST_CASE("a place that is not above the baseline gives no points", "[analysis][scoreboard]") {
  const std::vector<u8> truth(10, 0);
  const std::vector<Entry> entries = {right_on("a", 0, 5, 10), right_on("b", 0, 4, 10)};
  const Entry baseline = right_on("baseline", 0, 5, 10);
  for (const auto& row : analysis::rank(entries, truth, &baseline)) CHECK(row.points == 0);
  CHECK(analysis::rank({}, truth, &baseline).empty());
}
