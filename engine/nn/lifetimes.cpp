#include "engine/nn/lifetimes.hpp"

#include <algorithm>
#include <numeric>

namespace engine::nn {
namespace {

bool meet(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

Places share_memory(std::span<const Lifetime> lifetimes) {
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return lifetimes[a].size > lifetimes[b].size;
  });
  Places places{std::vector<std::size_t>(lifetimes.size()), 0};
  std::vector<std::size_t> placed;  // by their offset
  for (const std::size_t i : order) {
    const Lifetime& life = lifetimes[i];
    if (life.size == 0) continue;
    std::size_t at = 0;
    for (const std::size_t other : placed) {
      if (!meet(life, lifetimes[other]) || places.at[other] + lifetimes[other].size <= at) continue;
      if (places.at[other] >= at + life.size) break;
      at = places.at[other] + lifetimes[other].size;
    }
    places.at[i] = at;
    places.total = std::max(places.total, at + life.size);
    const auto behind = std::upper_bound(
        placed.begin(), placed.end(), at,
        [&](std::size_t offset, std::size_t other) { return offset < places.at[other]; });
    placed.insert(behind, i);
  }
  return places;
}

}  // namespace engine::nn
