#include "engine/data/split.hpp"

#include <algorithm>
#include <numeric>

#include "engine/core/check.hpp"
#include "engine/core/random.hpp"

namespace engine::data {
namespace {

// In double, where a product of a float and a 32-bit number is exact, so that every platform rounds
// alike.
u32 share(u32 count, f32 fraction) { return u32(double(count) * double(fraction) + 0.5); }

}  // namespace

std::vector<u32> subset(u32 count, u32 take, u64 seed) {
  ENSURE(take <= count, "a subset cannot be larger than the set");
  std::vector<u32> ids(count);
  std::iota(ids.begin(), ids.end(), u32{0});
  Rng rng(seed, Purpose::split);
  shuffle(ids, rng);
  ids.resize(take);
  return ids;
}

Split split(u32 count, f32 fraction, f32 validation, u64 seed) {
  ENSURE(count >= 2, "two images are the least that can be split");
  ENSURE(fraction > 0 && fraction <= 1 && validation > 0 && validation <= 1,
         "shares lie in (0, 1]");
  const u32 taken = std::clamp(share(count, fraction), u32{2}, count);
  const u32 kept = std::clamp(share(taken, validation), u32{1}, taken - 1);
  const std::vector<u32> ids = subset(count, taken, seed);
  const auto middle = ids.begin() + std::ptrdiff_t(kept);
  return {{middle, ids.end()}, {ids.begin(), middle}};
}

}  // namespace engine::data
