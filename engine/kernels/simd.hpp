// Four floats, the same on every target: WebAssembly SIMD128, SSE2, NEON, or whatever the compiler
// makes of it. The compilers' own vector types carry + - * / and comparisons; here is the rest, and
// the only #if by target of the kernels. Arithmetic is IEEE 754 without fusing, so that all targets
// give the same bits.
//
// Code that includes this must be compiled with -ffp-contract=off.
#pragma once
#include "engine/core/types.hpp"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#define ENGINE_INLINE inline __attribute__((always_inline))

namespace engine::simd {

using f32x4 = f32 __attribute__((vector_size(16)));
using u32x4 = u32 __attribute__((vector_size(16)));
using i32x4 = i32 __attribute__((vector_size(16)));  // also masks: all bits of a lane set, or none

ENGINE_INLINE f32x4 splat(f32 v) { return f32x4{v, v, v, v}; }
ENGINE_INLINE f32x4 zero() { return f32x4{}; }

// No alignment is needed.
ENGINE_INLINE f32x4 load(const f32* p) {
  f32x4 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
ENGINE_INLINE void store(f32* p, f32x4 v) { __builtin_memcpy(p, &v, sizeof v); }

ENGINE_INLINE u32x4 bits(f32x4 v) { return reinterpret_cast<u32x4>(v); }
ENGINE_INLINE f32x4 from_bits(u32x4 v) { return reinterpret_cast<f32x4>(v); }
ENGINE_INLINE f32x4 to_float(i32x4 v) { return __builtin_convertvector(v, f32x4); }

ENGINE_INLINE i32x4 lower(f32x4 a, f32x4 b) { return reinterpret_cast<i32x4>(a < b); }
ENGINE_INLINE i32x4 lower_or_equal(f32x4 a, f32x4 b) { return reinterpret_cast<i32x4>(a <= b); }
ENGINE_INLINE i32x4 equal(f32x4 a, f32x4 b) { return reinterpret_cast<i32x4>(a == b); }
ENGINE_INLINE f32x4 select(i32x4 mask, f32x4 yes, f32x4 no) {
  const u32x4 m = reinterpret_cast<u32x4>(mask);
  return from_bits((bits(yes) & m) | (bits(no) & ~m));
}

// a < b ? b : a, and so a when either is NaN.
ENGINE_INLINE f32x4 max(f32x4 a, f32x4 b) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<f32x4>(
      wasm_f32x4_pmax(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
#elif defined(__SSE2__)
  return _mm_max_ps(b, a);
#else
  return select(lower(a, b), b, a);
#endif
}

// Correctly rounded.
ENGINE_INLINE f32x4 sqrt(f32x4 v) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<f32x4>(wasm_f32x4_sqrt(reinterpret_cast<v128_t>(v)));
#elif defined(__SSE2__)
  return _mm_sqrt_ps(v);
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return reinterpret_cast<f32x4>(vsqrtq_f32(reinterpret_cast<float32x4_t>(v)));
#else
  return f32x4{__builtin_sqrtf(v[0]), __builtin_sqrtf(v[1]), __builtin_sqrtf(v[2]),
               __builtin_sqrtf(v[3])};
#endif
}

// Lanes of a and b by index, 0..3 from a and 4..7 from b.
template <int I0, int I1, int I2, int I3>
ENGINE_INLINE f32x4 shuffle(f32x4 a, f32x4 b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, I0, I1, I2, I3);
#else
  return __builtin_shuffle(a, b, i32x4{I0, I1, I2, I3});
#endif
}

// Rows become columns.
ENGINE_INLINE void transpose(f32x4& a, f32x4& b, f32x4& c, f32x4& d) {
  const f32x4 ab_low = shuffle<0, 4, 1, 5>(a, b), ab_high = shuffle<2, 6, 3, 7>(a, b);
  const f32x4 cd_low = shuffle<0, 4, 1, 5>(c, d), cd_high = shuffle<2, 6, 3, 7>(c, d);
  a = shuffle<0, 1, 4, 5>(ab_low, cd_low);
  b = shuffle<2, 3, 6, 7>(ab_low, cd_low);
  c = shuffle<0, 1, 4, 5>(ab_high, cd_high);
  d = shuffle<2, 3, 6, 7>(ab_high, cd_high);
}

// The operations that core/elementary.hpp is written in.
struct Lanes {
  using F = f32x4;
  using I = u32x4;
  static ENGINE_INLINE F splat(f32 v) { return simd::splat(v); }
  static ENGINE_INLINE I isplat(u32 v) { return I{v, v, v, v}; }
  static ENGINE_INLINE I bits(F v) { return simd::bits(v); }
  static ENGINE_INLINE F from_bits(I v) { return simd::from_bits(v); }
  static ENGINE_INLINE F to_float(I v) { return simd::to_float(reinterpret_cast<i32x4>(v)); }
  static ENGINE_INLINE F select(i32x4 mask, F yes, F no) { return simd::select(mask, yes, no); }
  static ENGINE_INLINE i32x4 lower(F a, F b) { return simd::lower(a, b); }
  static ENGINE_INLINE i32x4 equal(F a, F b) { return simd::equal(a, b); }
};

}  // namespace engine::simd
