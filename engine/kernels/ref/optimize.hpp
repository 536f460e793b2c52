// Plain twins of optimize.hpp. Same bits.
#pragma once
#include "engine/kernels/optimize.hpp"

namespace engine::kernels::ref {

void sgd(const SgdStep& step, f32* w, const f32* g, f32* v, std::size_t n);
void adam(const AdamStep& step, f32* w, const f32* g, f32* m, f32* v, std::size_t n);
void adamw(const AdamStep& step, f32* w, const f32* g, f32* m, f32* v, std::size_t n);
void rmsprop(const RmsPropStep& step, f32* w, const f32* g, f32* v, f32* u, std::size_t n);

}  // namespace engine::kernels::ref
