// The arrays of the lab: NumPy's, in C++. Row-major, double precision as NumPy's default, any
// number of dimensions.
#pragma once
#include <xtensor/xarray.hpp>

namespace engine::lab {

using Array = xt::xarray<double>;

// a (M, K) times b (K, N). Each element sums k = 0, 1, 2, ... in order.
Array matmul(const Array& a, const Array& b);

// Elementwise exp(x), within 2 ulp, from + - * / alone: the same bits on every platform, as
// core/math.hpp does for f32. Overflows to infinity, underflows to 0, NaN stays NaN.
double exponential(double x);

}  // namespace engine::lab
