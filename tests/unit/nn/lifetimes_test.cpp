#include "engine/nn/lifetimes.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/core/random.hpp"

using engine::nn::Lifetime;
using engine::nn::share_memory;

TEST_CASE("values that live together never overlap", "[nn][lifetimes]") {
  for (engine::u32 seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    engine::Rng rng(seed, engine::Purpose::probe);
    std::vector<Lifetime> lives(1 + rng.below(20));
    for (Lifetime& life : lives) {
      life.first = int(rng.below(12));
      life.last = life.first + int(rng.below(6));
      life.size = rng.below(5) * 16;
    }
    const auto places = share_memory(lives);
    for (std::size_t a = 0; a < lives.size(); ++a) {
      CHECK(places.at[a] + lives[a].size <= std::max(places.total, lives[a].size));
      for (std::size_t b = 0; b < a; ++b) {
        const bool together = lives[a].first <= lives[b].last && lives[b].first <= lives[a].last;
        const bool overlap = places.at[a] < places.at[b] + lives[b].size &&
                             places.at[b] < places.at[a] + lives[a].size;
        CHECK_FALSE((together && overlap));
      }
    }
  }
}

TEST_CASE("a chain needs room for two neighbours only", "[nn][lifetimes]") {
  const std::vector<Lifetime> chain{{0, 1, 64}, {1, 2, 32}, {2, 3, 64}, {3, 4, 16}};
  CHECK(share_memory(chain).total == 96);
  CHECK(share_memory({}).total == 0);
}
