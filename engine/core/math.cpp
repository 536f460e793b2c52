#include "engine/core/math.hpp"

#include <bit>

#include "engine/core/elementary.hpp"

namespace engine::math {
namespace {

struct Scalar {
  using F = f32;
  using I = u32;
  static F splat(f32 v) { return v; }
  static I isplat(u32 v) { return v; }
  static I bits(F v) { return std::bit_cast<u32>(v); }
  static F from_bits(I v) { return std::bit_cast<f32>(v); }
  static F to_float(I v) { return f32(i32(v)); }
  static F select(bool mask, F yes, F no) { return mask ? yes : no; }
  static bool lower(F a, F b) { return a < b; }
  static bool equal(F a, F b) { return a == b; }
};

}  // namespace

f32 exp(f32 x) { return elementary::exp<Scalar>(x); }
f32 log(f32 x) { return elementary::log<Scalar>(x); }
f32 tanh(f32 x) { return elementary::tanh<Scalar>(x); }
f32 sigmoid(f32 x) { return elementary::sigmoid<Scalar>(x); }
f32 erf(f32 x) { return elementary::erf<Scalar>(x); }
f32 sin(f32 x) { return elementary::sine<Scalar>(x, 0); }
f32 cos(f32 x) { return elementary::sine<Scalar>(x, 1); }
f32 sqrt(f32 x) { return __builtin_sqrtf(x); }

}  // namespace engine::math
