#include "engine/kernels/pointwise.hpp"

#include "engine/core/elementary.hpp"
#include "engine/kernels/map.hpp"

namespace engine::kernels {

using simd::f32x4;
using simd::Lanes;

namespace {

constexpr f32 kRootHalf = 0.707106781f;       // sqrt(1 / 2)
constexpr f32 kNormalDensity = 0.398942280f;  // 1 / sqrt(2 pi)

}  // namespace

void fill(f32* y, f32 value, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = value;
}

void scale(f32* y, f32 alpha, std::size_t n) {
  map(y, y, n, [alpha](f32x4 v) { return alpha * v; });
}

void add(const f32* x, f32* y, std::size_t n) {
  map(x, y, y, n, [](f32x4 a, f32x4 b) { return b + a; });
}

void axpy(f32 alpha, const f32* x, f32* y, std::size_t n) {
  map(x, y, y, n, [alpha](f32x4 a, f32x4 b) { return b + alpha * a; });
}

void multiply(const f32* a, const f32* b, f32* y, std::size_t n) {
  map(a, b, y, n, [](f32x4 u, f32x4 v) { return u * v; });
}

void blend(const f32* a, f32 share, const f32* b, f32* y, std::size_t n) {
  const f32 rest = 1.0f - share;
  map(a, b, y, n, [=](f32x4 u, f32x4 v) { return share * u + rest * v; });
}

void scale_shift(const f32* x, f32 alpha, f32 beta, f32* y, std::size_t n) {
  map(x, y, n, [=](f32x4 v) { return v * alpha + beta; });
}

void normalize_backward(const Normalization& k, const f32* x, const f32* dy, f32* dx,
                        std::size_t n) {
  map(x, dy, dx, n,
      [&k](f32x4 v, f32x4 d) { return ((d - k.shift) - (v - k.mean) * k.slope) * k.alpha; });
}

void add_to_rows(const f32* b, f32* y, std::size_t rows, std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r) add(b, y + r * columns, columns);
}

void relu(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return simd::max(v, simd::zero()); });
}

void relu_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  map(y, dy, dx, n, [](f32x4 v, f32x4 d) {
    return simd::select(simd::lower_or_equal(v, simd::zero()), simd::zero(), d);
  });
}

void sigmoid(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return elementary::sigmoid<Lanes>(v); });
}

void sigmoid_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  map(y, dy, dx, n, [](f32x4 v, f32x4 d) { return (d * (1.0f - v)) * v; });
}

void tanh(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return elementary::tanh<Lanes>(v); });
}

void tanh_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  map(y, dy, dx, n, [](f32x4 v, f32x4 d) { return d * (1.0f - v * v); });
}

void leaky_relu(const f32* x, f32 slope, f32* y, std::size_t n) {
  map(x, y, n,
      [slope](f32x4 v) { return simd::select(simd::lower(simd::zero(), v), v, v * slope); });
}

void leaky_relu_backward(const f32* x, f32 slope, const f32* dy, f32* dx, std::size_t n) {
  map(x, dy, dx, n, [slope](f32x4 v, f32x4 d) {
    return simd::select(simd::lower(simd::zero(), v), d, d * slope);
  });
}

void gelu(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return (v * 0.5f) * (elementary::erf<Lanes>(v * kRootHalf) + 1.0f); });
}

void gelu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n) {
  map(x, dy, dx, n, [](f32x4 v, f32x4 d) {
    const f32x4 below = (elementary::erf<Lanes>(v * kRootHalf) + 1.0f) * 0.5f;
    const f32x4 density = elementary::exp<Lanes>((v * v) * -0.5f) * kNormalDensity;
    return d * (below + v * density);
  });
}

void silu(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return v * elementary::sigmoid<Lanes>(v); });
}

void silu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n) {
  map(x, dy, dx, n, [](f32x4 v, f32x4 d) {
    const f32x4 s = elementary::sigmoid<Lanes>(v);
    return d * (s * (v * (1.0f - s) + 1.0f));
  });
}

void exp(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return elementary::exp<Lanes>(v); });
}

void log(const f32* x, f32* y, std::size_t n) {
  map(x, y, n, [](f32x4 v) { return elementary::log<Lanes>(v); });
}

}  // namespace engine::kernels
