#include "engine/kernels/softmax.hpp"

#include "engine/core/elementary.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/lane_sum.hpp"
#include "engine/kernels/reduce.hpp"

namespace engine::kernels {

using simd::f32x4;

namespace {

f32x4 exp(f32x4 v) { return elementary::exp<simd::Lanes>(v); }

}  // namespace

void softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const f32 m = maximum(x, columns);
    map(x, y, columns, [m](f32x4 v) { return exp(v - m); });
    const f32 total = sum(y, columns);
    map(y, y, columns, [total](f32x4 v) { return v / total; });
  }
}

void softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                           std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    const f32 total = dot(dy, y, columns);
    map(y, dy, dx, columns, [total](f32x4 v, f32x4 d) { return v * (d - total); });
  }
}

void log_softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const f32 m = maximum(x, columns);
    const f32 total =
        lane_sum(columns, [x, m](std::size_t i, const auto& load) { return exp(load(x + i) - m); });
    const f32 log_total = math::log(total);
    map(x, y, columns, [m, log_total](f32x4 v) { return (v - m) - log_total; });
  }
}

void log_softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                               std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r, y += columns, dy += columns, dx += columns) {
    const f32 total = sum(dy, columns);
    map(y, dy, dx, columns, [total](f32x4 v, f32x4 d) { return d - exp(v) * total; });
  }
}

}  // namespace engine::kernels
