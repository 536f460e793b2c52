// The sum behind reduce.hpp and softmax.hpp, in the order that reduce.hpp promises.
#pragma once
#include "engine/kernels/map.hpp"

namespace engine::kernels {

// The 16 lanes in four vectors.
struct Lanes16 {
  simd::f32x4 v[4] = {};
  // 8+8, 4+4, 2+2, 1+1
  f32 fold() const {
    f32 lanes[4];
    simd::store(lanes, (v[0] + v[2]) + (v[1] + v[3]));
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
};

// Adds term(i, load) for each group of four, where `load` reads four floats, or the rest of the
// last group. What lies beyond the end must not be added: x + 0 could still turn -0 into 0, and a
// term of zeros need not be 0.
template <class Term>
ENGINE_INLINE f32 lane_sum(std::size_t n, const Term& term) {
  Lanes16 sum;
  std::size_t i = 0;
  const auto whole = [](const f32* p) { return simd::load(p); };
  for (; i + 16 <= n; i += 16) {
    for (std::size_t k = 0; k < 4; ++k) sum.v[k] = sum.v[k] + term(i + 4 * k, whole);
  }
  std::size_t k = 0;
  for (; i + 4 <= n; i += 4, ++k) sum.v[k] = sum.v[k] + term(i, whole);
  if (i < n) {
    const Tail tail{n - i};
    const simd::f32x4 more = term(i, [tail](const f32* p) { return tail.load(p); });
    sum.v[k] = tail.merge(sum.v[k] + more, sum.v[k]);
  }
  return sum.fold();
}

}  // namespace engine::kernels
