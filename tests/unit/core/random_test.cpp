#include "engine/core/random.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <set>
#include <vector>

#include "tests/support/near.hpp"

using namespace engine;

TEST_CASE("Philox gives the known answers of Random123", "[core]") {
  using Block = std::array<u32, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr u32 kOnes = 0xffffffff;
  CHECK(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("every part of a stream's name changes its draws", "[core]") {
  std::set<u32> first;
  first.insert(Rng(1, Purpose::init).next());
  first.insert(Rng(2, Purpose::init).next());
  first.insert(Rng(u64(1) << 32, Purpose::init).next());
  first.insert(Rng(1, Purpose::shuffle).next());
  first.insert(Rng(1, Purpose::init, 1).next());
  first.insert(Rng(1, Purpose::init, 0, 1).next());
  first.insert(Rng(1, Purpose::dropout).next());
  first.insert(Rng(1, Purpose::dropout, 0, 0, 1).next());
  CHECK(first.size() == 8);
  CHECK(Rng(1, Purpose::init).next() == Rng(1, Purpose::init).next());
}

TEST_CASE("uniform draws fill [0, 1) evenly", "[core]") {
  Rng rng(3, Purpose::probe);
  std::vector<int> bins(16);
  constexpr int kDraws = 160000;
  for (int i = 0; i < kDraws; ++i) {
    const f32 u = rng.uniform();
    REQUIRE(u >= 0.0f);
    REQUIRE(u < 1.0f);
    ++bins[std::size_t(u * 16)];
  }
  // Standard deviation of a bin: sqrt(10000 * 15/16) = 97.
  for (int count : bins) CHECK(test::near(double(count), 10000.0, 5 * 97.0));
  Rng again(3, Purpose::probe);
  const f32 v = again.uniform(-3, 5);
  CHECK(v >= -3.0f);
  CHECK(v < 5.0f);
}

TEST_CASE("normal draws have the moments of a standard normal", "[core]") {
  Rng rng(5, Purpose::noise);
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0, fourth = 0, outside = 0, lag = 0, last = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double v = rng.normal();
    sum += v;
    squares += v * v;
    fourth += v * v * v * v;
    outside += v > 1.959964 || v < -1.959964;
    lag += v * last;
    last = v;
  }
  // Five standard errors: of the mean 1/sqrt(n), the variance sqrt(2/n), the fourth moment
  // sqrt(96/n), 5 % sqrt(.0475/n).
  CHECK(test::near(sum / kDraws, 0.0, 0.0112));
  CHECK(test::near(squares / kDraws, 1.0, 0.0159));
  CHECK(test::near(fourth / kDraws, 3.0, 0.11));
  CHECK(test::near(outside / kDraws, 0.05, 0.0025));
  CHECK(test::near(lag / kDraws, 0.0, 0.0112));
}

TEST_CASE("below(n) is even and never reaches n", "[core]") {
  Rng rng(9, Purpose::probe);
  for (const u32 n : {1u, 2u, 3u, 7u, 10u}) {
    CAPTURE(n);
    std::vector<int> count(n);
    for (int i = 0; i < 20000; ++i) {
      const u32 v = rng.below(n);
      REQUIRE(v < n);
      ++count[v];
    }
    for (int c : count)
      CHECK(test::near(double(c), 20000.0 / n, 5 * 142.0));  // sqrt(20000) bounds the deviation
  }
  for (int i = 0; i < 1000; ++i) REQUIRE(rng.below(0xfffffff0u) < 0xfffffff0u);
}

TEST_CASE("a large n, where plain scaling would favour some values, is drawn without bias",
          "[core]") {
  // n = 3 * 2^30: scaling 2^32 draws to n would give each value v = 0 mod 3 twice as often as the
  // others.
  Rng rng(11, Purpose::probe);
  int count[3] = {};
  for (int i = 0; i < 30000; ++i) ++count[rng.below(3u << 30) % 3];
  for (int c : count) CHECK(test::near(double(c), 10000.0, 5 * 82.0));
}

TEST_CASE("shuffle gives a permutation, the same for the same stream, and all of them evenly",
          "[core]") {
  std::vector<u32> values(1000);
  std::iota(values.begin(), values.end(), 0u);
  const std::vector<u32> sorted = values;
  Rng a(1, Purpose::shuffle), b(1, Purpose::shuffle);
  shuffle(values, a);
  CHECK(values != sorted);
  std::vector<u32> again = sorted;
  shuffle(again, b);
  CHECK(again == values);
  std::sort(values.begin(), values.end());
  CHECK(values == sorted);

  int count[6] = {};
  for (u32 i = 0; i < 6000; ++i) {
    Rng rng(2, Purpose::shuffle, 0, i);
    std::vector<u32> three = {0, 1, 2};
    shuffle(three, rng);
    ++count[three[0] * 2 + (three[1] > three[2])];
  }
  for (int c : count) CHECK(test::near(double(c), 1000.0, 5 * 29.0));  // sqrt(6000 * 5/36)
}
