#include "engine/nn/softmax.hpp"

#include "engine/kernels/softmax.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {
namespace {

// Calls f(first value, rows) for some rows a task: inside a network a row may be long.
template <class F>
void each_rows(const Pass& pass, int n, std::size_t columns, const F& f) {
  const int group = int(std::max<std::size_t>(1, kRange / columns));
  const int tasks = (n + group - 1) / group;
  // An exponential costs about as much as 16 multiply-adds.
  kernels::run_tasks(*pass.pool, tasks, 16 * u64(n) * columns, [&](int task, int) {
    f(std::size_t(task) * std::size_t(group) * columns,
      std::size_t(std::min(group, n - task * group)));
  });
}

}  // namespace

void Softmax::forward(const Pass& pass, BatchIn x, BatchOut y) const {
  each_rows(pass, x.n, shape_.size(), [&](std::size_t at, std::size_t rows) {
    kernels::softmax_rows(x.data + at, y.data + at, rows, shape_.size());
  });
}

void Softmax::backward(const Pass& pass, BatchIn, BatchIn y, BatchIn dy, BatchOut dx) const {
  if (!dx) return;
  each_rows(pass, y.n, shape_.size(), [&](std::size_t at, std::size_t rows) {
    kernels::softmax_backward_rows(y.data + at, dy.data + at, dx.data + at, rows, shape_.size());
  });
}

}  // namespace engine::nn
