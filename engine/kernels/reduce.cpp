#include "engine/kernels/reduce.hpp"

#include "engine/kernels/lane_sum.hpp"

namespace engine::kernels {
using simd::f32x4;

f32 sum(const f32* x, std::size_t n) {
  return lane_sum(n, [x](std::size_t i, const auto& load) { return load(x + i); });
}

f32 sum_squares(const f32* x, std::size_t n) {
  return lane_sum(n, [x](std::size_t i, const auto& load) {
    const f32x4 v = load(x + i);
    return v * v;
  });
}

f32 dot(const f32* a, const f32* b, std::size_t n) {
  return lane_sum(n, [a, b](std::size_t i, const auto& load) { return load(a + i) * load(b + i); });
}

f32 sum_squared_deviations(const f32* x, f32 mean, std::size_t n) {
  return lane_sum(n, [x, mean](std::size_t i, const auto& load) {
    const f32x4 d = load(x + i) - mean;
    return d * d;
  });
}

f32 dot_deviations(const f32* a, const f32* x, f32 mean, std::size_t n) {
  return lane_sum(n, [a, x, mean](std::size_t i, const auto& load) {
    return load(a + i) * (load(x + i) - mean);
  });
}

// Without argmax's branch, which nobody can predict.
f32 maximum(const f32* x, std::size_t n) {
  f32 best = x[0];
  for (std::size_t i = 0; i < n; ++i) {
    if (x[i] != x[i]) return x[i];
    best = x[i] > best ? x[i] : best;
  }
  return best;
}

std::size_t argmax(const f32* x, std::size_t n) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (x[i] != x[i]) return i;
    if (x[i] > x[best]) best = i;
  }
  return best;
}

bool all_finite(const f32* x, std::size_t n) {
  simd::i32x4 finite = {-1, -1, -1, -1};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const f32x4 v = simd::load(x + i);
    finite = finite & simd::equal(v - v, simd::zero());  // inf - inf and NaN - NaN are NaN
  }
  bool all = (finite[0] & finite[1] & finite[2] & finite[3]) != 0;
  for (; i < n; ++i) all = all && x[i] - x[i] == 0.0f;
  return all;
}

}  // namespace engine::kernels
