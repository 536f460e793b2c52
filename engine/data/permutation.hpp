// One fixed order of the pixels for all images, as the lab asks: to a fully connected network it is
// all the same, a convolution finds no neighbours any more.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::data {

class Permutation {
 public:
  Permutation(u32 seed, std::size_t area);  // seed 0: pixels stay where they are

  // image[i] := image[order[i]] for each image of `x`, one after the other, `area` values each;
  // `scratch` holds as many as one of them. Allocates nothing.
  void apply(std::span<f32> x, std::span<f32> scratch) const;

 private:
  std::vector<u32> order_;  // empty for seed 0
};

}  // namespace engine::data
