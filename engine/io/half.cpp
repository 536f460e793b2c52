#include "engine/io/half.hpp"

#include <bit>

namespace engine::io {

// A half has 5 bits of exponent (bias 15) and 10 of fraction; a float 8 (bias 127) and 23.
u16 to_half(f32 value) {
  const u32 bits = std::bit_cast<u32>(value);
  const u32 sign = bits >> 16 & 0x8000u;
  const u32 magnitude = bits & 0x7FFF'FFFFu;
  if (magnitude > 0x7F80'0000u) return u16(sign | 0x7E00u);   // NaN
  if (magnitude >= 0x4780'0000u) return u16(sign | 0x7C00u);  // 65,536 and above
  const int exponent = int(magnitude >> 23) - 127 + 15;       // of the half; 0 and below: subnormal
  const u32 fraction = (magnitude & 0x007F'FFFFu) | 0x0080'0000u;
  const int drop = exponent > 0 ? 13 : 14 - exponent;  // bits of the fraction that do not fit
  if (drop > 24) return u16(sign);                     // below half of the smallest
  u32 kept = fraction >> drop;
  const u32 rest = fraction & ((1u << drop) - 1), middle = 1u << (drop - 1);
  if (rest > middle || (rest == middle && (kept & 1) != 0)) ++kept;
  // The leading one of `kept` is added to the exponent, so a carry moves up by itself, to infinity
  // at last.
  const u32 base = exponent > 0 ? u32(exponent - 1) << 10 : 0;
  return u16(sign | (base + kept));
}

f32 from_half(u16 bits) {
  const u32 sign = u32(bits & 0x8000u) << 16;
  const u32 exponent = bits >> 10 & 0x1Fu, fraction = bits & 0x3FFu;
  if (exponent == 31) return std::bit_cast<f32>(sign | 0x7F80'0000u | fraction << 13);
  if (exponent == 0) {
    const f32 magnitude = f32(fraction) * 0x1p-24f;  // exact
    return sign != 0 ? -magnitude : magnitude;
  }
  return std::bit_cast<f32>(sign | (exponent + 112) << 23 | fraction << 13);
}

f32 from_bfloat16(u16 bits) { return std::bit_cast<f32>(u32(bits) << 16); }

}  // namespace engine::io
