// Plain twins of pointwise.hpp: one element at a time, on core/math. Same bits.
#pragma once
#include "engine/kernels/pointwise.hpp"

namespace engine::kernels::ref {

void scale(f32* y, f32 alpha, std::size_t n);
void add(const f32* x, f32* y, std::size_t n);
void axpy(f32 alpha, const f32* x, f32* y, std::size_t n);
void multiply(const f32* a, const f32* b, f32* y, std::size_t n);
void blend(const f32* a, f32 share, const f32* b, f32* y, std::size_t n);
void scale_shift(const f32* x, f32 alpha, f32 beta, f32* y, std::size_t n);
void normalize_backward(const Normalization& k, const f32* x, const f32* dy, f32* dx,
                        std::size_t n);
void add_to_rows(const f32* b, f32* y, std::size_t rows, std::size_t columns);
void relu(const f32* x, f32* y, std::size_t n);
void relu_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);
void sigmoid(const f32* x, f32* y, std::size_t n);
void sigmoid_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);
void tanh(const f32* x, f32* y, std::size_t n);
void tanh_backward(const f32* y, const f32* dy, f32* dx, std::size_t n);
void leaky_relu(const f32* x, f32 slope, f32* y, std::size_t n);
void leaky_relu_backward(const f32* x, f32 slope, const f32* dy, f32* dx, std::size_t n);
void gelu(const f32* x, f32* y, std::size_t n);
void gelu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n);
void silu(const f32* x, f32* y, std::size_t n);
void silu_backward(const f32* x, const f32* dy, f32* dx, std::size_t n);
void exp(const f32* x, f32* y, std::size_t n);
void log(const f32* x, f32* y, std::size_t n);

}  // namespace engine::kernels::ref
