// Applies a formula over f32x4 to n consecutive floats. The tail goes through the same formula, in
// a vector filled up with zeros, so a formula is written once and an element's bits do not depend
// on its place.
#pragma once
#include "engine/kernels/simd.hpp"

namespace engine::kernels {

struct Tail {
  std::size_t count;  // 1..3
  ENGINE_INLINE simd::f32x4 load(const f32* p) const {
    f32 lanes[4] = {};
    for (std::size_t i = 0; i < count; ++i) lanes[i] = p[i];
    return simd::load(lanes);
  }
  ENGINE_INLINE void store(f32* p, simd::f32x4 v) const {
    f32 lanes[4];
    simd::store(lanes, v);
    for (std::size_t i = 0; i < count; ++i) p[i] = lanes[i];
  }
};

// y = f(x)
template <class F>
ENGINE_INLINE void map(const f32* x, f32* y, std::size_t n, const F& f) {
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) simd::store(y + i, f(simd::load(x + i)));
  if (i == n) return;
  const Tail tail{n - i};
  tail.store(y + i, f(tail.load(x + i)));
}

// y = f(a, b)
template <class F>
ENGINE_INLINE void map(const f32* a, const f32* b, f32* y, std::size_t n, const F& f) {
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) simd::store(y + i, f(simd::load(a + i), simd::load(b + i)));
  if (i == n) return;
  const Tail tail{n - i};
  tail.store(y + i, f(tail.load(a + i), tail.load(b + i)));
}

}  // namespace engine::kernels
