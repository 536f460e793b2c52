// Places for values that live for a while, so that those that are never alive together share
// memory.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace engine::nn {

// Alive from time `first` to time `last`, both included. Size 0 takes no place.
struct Lifetime {
  int first = 0, last = 0;
  std::size_t size = 0;
};

struct Places {
  std::vector<std::size_t> at;  // offset of each
  std::size_t total = 0;
};

// The largest first, each at the lowest place that is free all its life ("greedy by size",
// Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020). O(n^2);
// depends on the lifetimes alone.
Places share_memory(std::span<const Lifetime> lifetimes);

}  // namespace engine::nn
