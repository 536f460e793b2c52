// Elementary functions built from + - * / and bit operations, so that every platform returns the
// same bits (libm and wasm's musl differ: tanhf in 2.6 % of all inputs). Used wherever a value
// feeds training or prediction. Accuracy (proven over all floats or dense samples in tests): stated
// beside each, in units in the last place (ulp). NaN gives NaN; infinities give the limit.
#pragma once
#include "engine/core/types.hpp"

namespace engine::math {

f32 exp(f32 x);      // <= 2 ulp; overflows to +inf, underflows to 0 (no denormals are returned)
f32 log(f32 x);      // <= 2 ulp; log(0) = -inf, log(negative) = NaN
f32 tanh(f32 x);     // <= 4 ulp
f32 sigmoid(f32 x);  // 1 / (1 + exp(-x)), <= 4 ulp; 0 where exp(x) is
f32 erf(f32 x);      // <= 3 ulp
f32 sin(f32 x);      // |x| <= 1000, absolute error <= 2e-7
f32 cos(f32 x);      // the same
f32 sqrt(f32 x);     // correctly rounded by IEEE 754

}  // namespace engine::math
