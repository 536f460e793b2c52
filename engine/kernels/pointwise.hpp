// Elementwise kernels over n consecutive floats. No alignment is needed; n == 0 does nothing.
// Output may be the same memory as an input (in place) but must not overlap it otherwise. Every
// kernel has a plain twin in ref/pointwise.hpp that returns the same bits.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

void fill(f32* y, f32 value, std::size_t n);
void scale(f32* y, f32 alpha, std::size_t n);                      // y = alpha y
void add(const f32* x, f32* y, std::size_t n);                     // y += x
void axpy(f32 alpha, const f32* x, f32* y, std::size_t n);         // y += alpha x
void multiply(const f32* a, const f32* b, f32* y, std::size_t n);  // y = a b
// y = share a + (1 - share) b
void blend(const f32* a, f32 share, const f32* b, f32* y, std::size_t n);
void scale_shift(const f32* x, f32 alpha, f32 beta, f32* y, std::size_t n);  // y = x alpha + beta

// The derivative of a normalisation: dx = ((dy - shift) - (x - mean) slope) alpha.
struct Normalization {
  f32 mean = 0, shift = 0, slope = 0, alpha = 1;
};
void normalize_backward(const Normalization& k, const f32* x, const f32* dy, f32* dx,
                        std::size_t n);

// y(r, c) += b(c) for y (rows, columns), row-major.
void add_to_rows(const f32* b, f32* y, std::size_t rows, std::size_t columns);

// Activations. NaN stays NaN. Their derivatives read y, the forward's output, or x where y does not
// tell.
void relu(const f32* x, f32* y, std::size_t n);                              // y = x < 0 ? 0 : x
void relu_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);     // dx = y <= 0 ? 0 : dy
void sigmoid(const f32* x, f32* y, std::size_t n);                           // math::sigmoid
void sigmoid_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);  // dx = dy (1 - y) y
void tanh(const f32* x, f32* y, std::size_t n);                              // math::tanh
void tanh_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);     // dx = dy (1 - y y)
void leaky_relu(const f32* x, f32 slope, f32* y, std::size_t n);  // y = x > 0 ? x : slope x
void gelu(const f32* x, f32* y, std::size_t n);  // y = (x / 2) (1 + math::erf(x / sqrt(2)))
void silu(const f32* x, f32* y, std::size_t n);  // y = x math::sigmoid(x)
void exp(const f32* x, f32* y, std::size_t n);   // math::exp
void log(const f32* x, f32* y, std::size_t n);   // math::log
// dx = x > 0 ? dy : slope dy
void leaky_relu_backward(const f32* x, f32 slope, const f32* dy, f32* dx, std::size_t n);
// dx = dy ((1 + math::erf(x / sqrt(2))) / 2 + x (math::exp(-x x / 2) / sqrt(2 pi)))
void gelu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n);
// dx = dy (s (1 + x (1 - s))) with s = math::sigmoid(x)
void silu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n);

}  // namespace engine::kernels
