#include "engine/kernels/ref/pointwise.hpp"

#include "engine/core/math.hpp"

namespace engine::kernels::ref {

void scale(f32* y, f32 alpha, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = alpha * y[i];
}

void add(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] + x[i];
}

void axpy(f32 alpha, const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = y[i] + alpha * x[i];
}

void multiply(const f32* a, const f32* b, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
}

void blend(const f32* a, f32 share, const f32* b, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = share * a[i] + (1.0f - share) * b[i];
}

void scale_shift(const f32* x, f32 alpha, f32 beta, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] * alpha + beta;
}

void relu(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] < 0 ? 0 : x[i];
}

void relu_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dx[i] = y[i] <= 0 ? 0 : dy[i];
}

void sigmoid(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = math::sigmoid(x[i]);
}

void sigmoid_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dx[i] = (dy[i] * (1.0f - y[i])) * y[i];
}

void tanh(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = math::tanh(x[i]);
}

void tanh_backward(const f32* y, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dx[i] = dy[i] * (1.0f - y[i] * y[i]);
}

void leaky_relu(const f32* x, f32 slope, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

void leaky_relu_backward(const f32* x, f32 slope, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
}

void gelu(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    y[i] = (0.5f * x[i]) * (1.0f + math::erf(x[i] * 0.707106781f));
}

void gelu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const f32 below = 0.5f * (1.0f + math::erf(x[i] * 0.707106781f));
    const f32 density = 0.398942280f * math::exp(-0.5f * (x[i] * x[i]));
    dx[i] = dy[i] * (below + x[i] * density);
  }
}

void silu(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] * math::sigmoid(x[i]);
}

void silu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const f32 s = math::sigmoid(x[i]);
    dx[i] = dy[i] * (s * (1.0f + x[i] * (1.0f - s)));
  }
}

void exp(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = math::exp(x[i]);
}

void log(const f32* x, f32* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = math::log(x[i]);
}

void normalize_backward(const Normalization& k, const f32* x, const f32* dy, f32* dx,
                        std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    dx[i] = ((dy[i] - k.shift) - (x[i] - k.mean) * k.slope) * k.alpha;
}

void add_to_rows(const f32* b, f32* y, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows * columns; ++i) y[i] = y[i] + b[i % columns];
}

}  // namespace engine::kernels::ref
