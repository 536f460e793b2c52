#include "engine/lab/array.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "engine/core/check.hpp"
#include "engine/core/types.hpp"

namespace engine::lab {

Array matmul(const Array& a, const Array& b) {
  ENSURE(a.dimension() == 2 && b.dimension() == 2 && a.shape(1) == b.shape(0),
         "a product of (M, K) and (K, N)");
  const std::size_t m = a.shape(0), k = a.shape(1), n = b.shape(1);
  Array c = xt::zeros<double>({m, n});
  for (std::size_t i = 0; i < m; ++i) {
    double* row = c.data() + i * n;
    for (std::size_t j = 0; j < k; ++j) {
      const double factor = a.data()[i * k + j];
      const double* from = b.data() + j * n;
      for (std::size_t l = 0; l < n; ++l) row[l] += factor * from[l];
    }
  }
  return c;
}

namespace {

// 2^n for a normal result, by its exponent bits.
double power_of_two(int n) { return std::bit_cast<double>(u64(1023 + n) << 52); }

}  // namespace

double exponential(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, the first with trailing zeros so that n
  // * kHigh is exact.
  constexpr double kHigh = 0x1.62e42feep-1, kLow = 0x1.a39ef35793c76p-33;
  const double n = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - n * kHigh) - n * kLow;
  // Taylor's series to r^13: the rest is below 2^-57.
  double sum = 1;
  for (int i = 13; i > 0; --i) sum = 1 + r * sum / i;
  const int half =
      int(n) / 2;  // in two factors, so that denormal and largest results need no special case
  return sum * power_of_two(half) * power_of_two(int(n) - half);
}

}  // namespace engine::lab
