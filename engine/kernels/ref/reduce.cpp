#include "engine/kernels/ref/reduce.hpp"

namespace engine::kernels::ref {
namespace {

template <class Term>
f32 reduce(std::size_t n, const Term& term) {
  f32 lane[16] = {};
  for (std::size_t i = 0; i < n; ++i) lane[i % 16] += term(i);
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
  }
  return lane[0];
}

}  // namespace

f32 sum(const f32* x, std::size_t n) {
  return reduce(n, [x](std::size_t i) { return x[i]; });
}

f32 sum_squares(const f32* x, std::size_t n) {
  return reduce(n, [x](std::size_t i) { return x[i] * x[i]; });
}

f32 dot(const f32* a, const f32* b, std::size_t n) {
  return reduce(n, [a, b](std::size_t i) { return a[i] * b[i]; });
}

f32 sum_squared_deviations(const f32* x, f32 mean, std::size_t n) {
  return reduce(n, [x, mean](std::size_t i) { return (x[i] - mean) * (x[i] - mean); });
}

f32 dot_deviations(const f32* a, const f32* x, f32 mean, std::size_t n) {
  return reduce(n, [a, x, mean](std::size_t i) { return a[i] * (x[i] - mean); });
}

}  // namespace engine::kernels::ref
