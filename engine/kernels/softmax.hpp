// Softmax over the rows of x (rows, columns), row-major, columns >= 1. The row's maximum m is taken
// off first, so no finite input overflows. Sums run in 16 virtual lanes (reduce.hpp). A row with
// NaN or +inf gives NaN, as in PyTorch. y may be x, dx may be dy. Twins in ref/softmax.hpp return
// the same bits.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels {

// y = exp(x - m) / sum exp(x - m)
void softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns);
// dx = y (dy - sum(dy y)), with y the output of softmax_rows
void softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                           std::size_t columns);
// y = (x - m) - log(sum exp(x - m))
void log_softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns);
// dx = dy - exp(y) sum(dy), with y the output of log_softmax_rows
void log_softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                               std::size_t columns);

}  // namespace engine::kernels
