// The formulas of math.hpp, written once for one float and for vectors of floats, so that both give
// the same bits. Ops names the type F, its integers I of the same width, and:
//   splat(f32) -> F, isplat(u32) -> I, bits(F) -> I, from_bits(I) -> F, to_float(I) -> F (of signed
//   values), select(mask, F, F) -> F, lower(F a, F b) and equal(F a, F b) -> mask.
// I is unsigned: wrap-around is wanted, and a NaN's bits go through the integers unharmed.
// Polynomials: Moshier, Cephes Mathematical Library (single precision), 1992.
#pragma once
#include "engine/core/types.hpp"

namespace engine::elementary {

// Adding 1.5 * 2^23 rounds |x| < 2^22 to an integer, which then stands in the low bits of the
// mantissa.
inline constexpr f32 kRound = 12582912.0f;
inline constexpr u32 kRoundBits = 0x4B400000u;

template <class Ops, class F = typename Ops::F>
F horner(F x, F sum) {
  return static_cast<void>(x), sum;
}
template <class Ops, class F = typename Ops::F, class... C>
F horner(F x, F sum, f32 next, C... rest) {
  return horner<Ops>(x, sum * x + Ops::splat(next), rest...);
}

template <class Ops, class F = typename Ops::F>
F exp(F x) {
  using I = typename Ops::I;
  const F shifted = x * Ops::splat(1.44269504f) + Ops::splat(kRound);
  const I n = Ops::bits(shifted) - Ops::isplat(kRoundBits);
  const F whole = shifted - Ops::splat(kRound);
  const F r = (x - whole * Ops::splat(0.693359375f)) +
              whole * Ops::splat(2.12194440e-4f);  // ln 2 in two parts
  const F p = horner<Ops>(r, Ops::splat(1.9875691500e-4f), 1.3981999507e-3f, 8.3334519073e-3f,
                          4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f);
  const F y = (p * (r * r) + r) + Ops::splat(1.0f);
  // 2^n in two factors: n may be 128, and each factor must be a normal number.
  const I half = ((n + Ops::isplat(512)) >> 1) - Ops::isplat(256);
  const F scaled = (y * Ops::from_bits((half + Ops::isplat(127)) << 23)) *
                   Ops::from_bits((n - half + Ops::isplat(127)) << 23);
  const F above =
      Ops::select(Ops::lower(Ops::splat(88.7228317f), x), Ops::splat(__builtin_inff()), scaled);
  const F below = Ops::select(Ops::lower(x, Ops::splat(-87.3365402f)), Ops::splat(0.0f), above);
  return Ops::select(Ops::equal(x, x), below, x);
}

template <class Ops, class F = typename Ops::F>
F log(F x) {
  using I = typename Ops::I;
  const auto tiny = Ops::lower(x, Ops::splat(0x1p-126f));
  const F normal = Ops::select(tiny, x * Ops::splat(0x1p23f), x);
  const F shift = Ops::select(tiny, Ops::splat(-23.0f), Ops::splat(0.0f));
  // normal = m 2^e with m in [sqrt(1/2), sqrt(2)).
  const I bits = Ops::bits(normal) - Ops::isplat(0x3F3504F3u);
  const I steps =
      (bits >> 23) ^ Ops::isplat(0x100u);  // e as a 9-bit two's complement number, plus 256
  const F e = (Ops::to_float(steps) - Ops::splat(256.0f)) + shift;
  const F m = Ops::from_bits((bits & Ops::isplat(0x007FFFFFu)) + Ops::isplat(0x3F3504F3u));
  const F r = m - Ops::splat(1.0f);
  const F z = r * r;
  const F p = horner<Ops>(r, Ops::splat(7.0376836292e-2f), -1.1514610310e-1f, 1.1676998740e-1f,
                          -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f,
                          -2.4999993993e-1f, 3.3333331174e-1f);
  const F tail = ((r * z) * p + e * Ops::splat(-2.12194440e-4f)) - Ops::splat(0.5f) * z;
  const F y = (r + tail) + e * Ops::splat(0.693359375f);
  const F inf = Ops::splat(__builtin_inff());
  const F finite = Ops::select(Ops::lower(x, inf), y, x);  // inf and NaN are their own logarithm
  const F at_zero = Ops::select(Ops::equal(x, Ops::splat(0.0f)), -inf, finite);
  return Ops::select(Ops::lower(x, Ops::splat(0.0f)), Ops::splat(__builtin_nanf("")), at_zero);
}

template <class Ops, class F = typename Ops::F>
F magnitude(F x) {
  return Ops::from_bits(Ops::bits(x) & Ops::isplat(0x7FFFFFFFu));
}
template <class Ops, class F = typename Ops::F>
F with_sign_of(F x, F sign) {
  return Ops::from_bits(Ops::bits(x) | (Ops::bits(sign) & Ops::isplat(0x80000000u)));
}

template <class Ops, class F = typename Ops::F>
F tanh(F x) {
  const F a = magnitude<Ops>(x);
  const F z = a * a;
  const F small = horner<Ops>(z, Ops::splat(-5.70498872745e-3f), 2.06390887954e-2f,
                              -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f) *
                      z * a +
                  a;
  const F e = exp<Ops>(a + a);
  const F large = Ops::splat(1.0f) - Ops::splat(2.0f) / (e + Ops::splat(1.0f));
  return with_sign_of<Ops>(Ops::select(Ops::lower(a, Ops::splat(0.625f)), small, large), x);
}

template <class Ops, class F = typename Ops::F>
F sigmoid(F x) {
  const F one = Ops::splat(1.0f);
  const F e = exp<Ops>(-magnitude<Ops>(x));
  return Ops::select(Ops::lower(x, Ops::splat(0.0f)), e, one) / (one + e);
}

// The polynomials are tests/parity/fit_erf.py's.
template <class Ops, class F = typename Ops::F>
F erf(F x) {
  const F a = magnitude<Ops>(x);
  const F z = a * a;
  const F small = horner<Ops>(z, Ops::splat(8.370104479e-5f), -8.142705192e-4f, 5.201032385e-3f,
                              -2.685939893e-2f, 1.12836957e-1f, -3.76126349e-1f, 1.283791661e-1f) *
                      a +
                  a;
  const F t = Ops::select(Ops::lower(Ops::splat(4.0f), a), Ops::splat(4.0f), a);  // erf(4) is 1
  const F q = horner<Ops>(t, Ops::splat(-2.134691313e-4f), 3.210789058e-3f, -2.287690528e-2f,
                          1.052419841e-1f, 6.357329488e-1f, 1.128510118f);
  const F large = Ops::splat(1.0f) - exp<Ops>(-(t * q));
  return with_sign_of<Ops>(Ops::select(Ops::lower(a, Ops::splat(0.921875f)), small, large), x);
}

// sin(x) for quarter = 0, cos(x) for quarter = 1.
template <class Ops, class F = typename Ops::F>
F sine(F x, u32 quarter) {
  using I = typename Ops::I;
  const F shifted = x * Ops::splat(0.636619772f) + Ops::splat(kRound);  // 2 / pi
  const I n = Ops::bits(shifted) - Ops::isplat(kRoundBits) + Ops::isplat(quarter);
  const F whole = shifted - Ops::splat(kRound);
  // pi / 2 in three parts; the products with |whole| < 2^10 are exact for the first two.
  const F r =
      ((x - whole * Ops::splat(1.5703125f)) - whole * Ops::splat(4.837512969970703125e-4f)) -
      whole * Ops::splat(7.54978995489188216e-8f);
  const F z = r * r;
  const F odd =
      horner<Ops>(z, Ops::splat(-1.9515295891e-4f), 8.3321608736e-3f, -1.6666654611e-1f) * z * r +
      r;
  const F even = (horner<Ops>(z, Ops::splat(2.443315711809948e-5f), -1.388731625493765e-3f,
                              4.166664568298827e-2f) *
                      z * z -
                  Ops::splat(0.5f) * z) +
                 Ops::splat(1.0f);
  const F parity = Ops::to_float(n & Ops::isplat(1u));
  const F value = Ops::select(Ops::equal(parity, Ops::splat(0.0f)), odd, even);
  return Ops::from_bits(Ops::bits(value) ^ ((n & Ops::isplat(2u)) << 30));
}

}  // namespace engine::elementary
