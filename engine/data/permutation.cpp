#include "engine/data/permutation.hpp"

#include <algorithm>
#include <numeric>

#include "engine/core/check.hpp"
#include "engine/core/random.hpp"

namespace engine::data {

Permutation::Permutation(u32 seed, std::size_t area) {
  if (seed == 0) return;
  order_.resize(area);
  std::iota(order_.begin(), order_.end(), u32{0});
  Rng rng(seed, Purpose::permute);
  shuffle(order_, rng);
}

void Permutation::apply(std::span<f32> x, std::span<f32> scratch) const {
  if (order_.empty()) return;
  ENSURE(x.size() == order_.size() && scratch.size() >= x.size(),
         "an image of another size than the order of its pixels");
  std::copy(x.begin(), x.end(), scratch.begin());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = scratch[order_[i]];
}

}  // namespace engine::data
