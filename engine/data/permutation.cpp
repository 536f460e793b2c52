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
  const std::size_t area = order_.size();
  ENSURE(x.size() % area == 0 && scratch.size() >= area,
         "images of another size than the order of their pixels");
  for (std::size_t at = 0; at < x.size(); at += area) {
    const std::span<f32> image = x.subspan(at, area);
    std::copy(image.begin(), image.end(), scratch.begin());
    for (std::size_t i = 0; i < area; ++i) image[i] = scratch[order_[i]];
  }
}

}  // namespace engine::data
