#include "engine/io/half.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using namespace engine;

namespace {

// By the definition of the format, in double: sign, exponent - 15, fraction / 1024.
double value_of(u32 bits) {
  const int exponent = int(bits >> 10 & 31);
  const double fraction = double(bits & 1023) / 1024;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

bool is_finite(u32 bits) { return (bits >> 10 & 31) != 31; }

}  // namespace

TEST_CASE("half: all 65,536 patterns widen exactly and come back", "[io]") {
  u32 wrong = 0;
  for (u32 bits = 0; bits < 65'536; ++bits) {
    const f32 wide = io::from_half(u16(bits));
    const bool nan = !is_finite(bits) && (bits & 1023) != 0;
    if (nan) {
      wrong += !std::isnan(wide) || (io::to_half(wide) & 0x7C00) != 0x7C00 ||
               (io::to_half(wide) & 1023) == 0;
      continue;
    }
    const bool infinite = !is_finite(bits);
    wrong += infinite ? !std::isinf(wide) : double(wide) != value_of(bits);
    wrong += std::signbit(wide) != ((bits & 0x8000) != 0);
    wrong += io::to_half(wide) != bits;
  }
  CHECK(wrong == 0);
}

TEST_CASE("half: between any two neighbours the nearer is taken, in the middle the even one",
          "[io]") {
  u32 wrong = 0;
  for (u32 bits = 0; bits + 1 < 0x7C00; ++bits) {
    const f32 low = io::from_half(u16(bits)), high = io::from_half(u16(bits + 1));
    const f32 middle = low + (high - low) / 2;  // exact: a half has 13 bits less than a float
    const u32 even = (bits & 1) == 0 ? bits : bits + 1;
    for (const f32 sign : {1.0f, -1.0f}) {
      const u32 with_sign = sign < 0 ? 0x8000 : 0;
      wrong += io::to_half(sign * middle) != (with_sign | even);
      wrong += io::to_half(sign * std::nextafter(middle, 0.0f)) != (with_sign | bits);
      wrong += io::to_half(sign * std::nextafter(middle, high)) != (with_sign | (bits + 1));
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("half: beyond its range lie zero, infinity and NaN", "[io]") {
  CHECK(io::to_half(65'504.0f) == 0x7BFF);
  CHECK(io::to_half(std::nextafter(65'520.0f, 0.0f)) == 0x7BFF);
  CHECK(io::to_half(65'520.0f) == 0x7C00);
  CHECK(io::to_half(65'536.0f) == 0x7C00);
  CHECK(io::to_half(std::numeric_limits<f32>::max()) == 0x7C00);
  CHECK(io::to_half(-std::numeric_limits<f32>::infinity()) == 0xFC00);
  CHECK(io::to_half(std::numeric_limits<f32>::quiet_NaN()) == 0x7E00);
  CHECK(io::to_half(0x1p-25f) == 0);  // a tie with zero, which is even
  CHECK(io::to_half(std::nextafter(0x1p-25f, 1.0f)) == 1);
  CHECK(io::to_half(std::numeric_limits<f32>::denorm_min()) == 0);
  CHECK(io::to_half(-0.0f) == 0x8000);
}

TEST_CASE("bfloat16: the upper half of a float", "[io]") {
  CHECK(io::from_bfloat16(0x3F80) == 1.0f);
  CHECK(io::from_bfloat16(0xC049) == -3.140625f);
  CHECK(std::isnan(io::from_bfloat16(0x7FC0)));
}
