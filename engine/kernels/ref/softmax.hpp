// Plain twins of softmax.hpp. Same bits.
#pragma once
#include "engine/core/types.hpp"

namespace engine::kernels::ref {

void softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns);
void softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                           std::size_t columns);
void log_softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns);
void log_softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                               std::size_t columns);

}  // namespace engine::kernels::ref
