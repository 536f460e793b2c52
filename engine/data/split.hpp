// Which images train and which validate: a seeded permutation of all ids (plain, not by class), its
// beginning taken.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::data {

struct Split {
  std::vector<u32> train, validation;  // disjoint ids
  bool operator==(const Split&) const = default;
};

// Of `count` >= 2 images takes round(count * fraction), at least 2; of these round(taken *
// validation), at least 1 and never all, validate. Both shares in (0, 1]. A pure function of its
// arguments: Rng(seed, Purpose::split). The images taken for a small fraction are among those taken
// for a larger one.
Split split(u32 count, f32 fraction, f32 validation, u64 seed);

// The first `take` of a seeded permutation of [0, count), e.g. a subset of a test set. take <=
// count.
std::vector<u32> subset(u32 count, u32 take, u64 seed);

}  // namespace engine::data
