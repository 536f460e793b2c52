#include "engine/kernels/ref/softmax.hpp"

#include <vector>

#include "engine/core/math.hpp"
#include "engine/kernels/ref/reduce.hpp"

namespace engine::kernels::ref {
namespace {

// exp(x - m), and m.
f32 powers(const f32* x, std::vector<f32>& p) {
  f32 m = x[0];
  for (std::size_t j = 0; j < p.size(); ++j) {
    if (x[j] > m || x[j] != x[j]) m = x[j];
  }
  for (std::size_t j = 0; j < p.size(); ++j) p[j] = math::exp(x[j] - m);
  return m;
}

}  // namespace

void softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns) {
  std::vector<f32> p(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    powers(x + r * columns, p);
    const f32 total = sum(p.data(), columns);
    for (std::size_t j = 0; j < columns; ++j) y[r * columns + j] = p[j] / total;
  }
}

void softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                           std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r) {
    const f32 total = dot(dy + r * columns, y + r * columns, columns);
    for (std::size_t j = r * columns; j < (r + 1) * columns; ++j) dx[j] = y[j] * (dy[j] - total);
  }
}

void log_softmax_rows(const f32* x, f32* y, std::size_t rows, std::size_t columns) {
  std::vector<f32> p(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    const f32 m = powers(x + r * columns, p);
    const f32 log_total = math::log(sum(p.data(), columns));
    for (std::size_t j = 0; j < columns; ++j)
      y[r * columns + j] = (x[r * columns + j] - m) - log_total;
  }
}

void log_softmax_backward_rows(const f32* y, const f32* dy, f32* dx, std::size_t rows,
                               std::size_t columns) {
  for (std::size_t r = 0; r < rows; ++r) {
    const f32 total = sum(dy + r * columns, columns);
    for (std::size_t j = r * columns; j < (r + 1) * columns; ++j)
      dx[j] = dy[j] - math::exp(y[j]) * total;
  }
}

}  // namespace engine::kernels::ref
