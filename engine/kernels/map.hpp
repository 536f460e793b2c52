// Applies a formula over f32x4 to n consecutive floats. The tail goes through the same formula, in
// a vector filled up with zeros, so a formula is written once and an element's bits do not depend
// on its place.
#pragma once
#include "engine/kernels/simd.hpp"

namespace engine::kernels {

// In registers: what is written to memory in parts and read as a whole makes the processor wait.
struct Tail {
  std::size_t count;  // 1..3
  ENGINE_INLINE simd::f32x4 load(const f32* p) const {
    if (count == 1) return simd::f32x4{p[0], 0, 0, 0};
    if (count == 2) return simd::f32x4{p[0], p[1], 0, 0};
    return simd::f32x4{p[0], p[1], p[2], 0};
  }
  ENGINE_INLINE void store(f32* p, simd::f32x4 v) const {
    p[0] = v[0];
    if (count > 1) p[1] = v[1];
    if (count > 2) p[2] = v[2];
  }
  // The first `count` lanes of v, the others of rest.
  ENGINE_INLINE simd::f32x4 merge(simd::f32x4 v, simd::f32x4 rest) const {
    return simd::f32x4{v[0], count > 1 ? v[1] : rest[1], count > 2 ? v[2] : rest[2], rest[3]};
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
