// IEEE 754 half precision and bfloat16, by bit operations: shipped weights may be stored in 16
// bits.
#pragma once
#include "engine/core/types.hpp"

namespace engine::io {

// Rounds to the nearest half, ties to the even one. Above 65,519.99... gives infinity; NaN stays
// NaN, signs stay.
u16 to_half(f32 value);

f32 from_half(u16 bits);      // exact
f32 from_bfloat16(u16 bits);  // exact

}  // namespace engine::io
