#include "engine/nn/join.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {

void Add::forward(Pool& pool, std::span<const BatchIn> xs, BatchOut y) const {
  run_ranges(pool, y.size(), [&](std::size_t at, std::size_t n) {
    std::copy_n(xs[0].data + at, n, y.data + at);
    for (const BatchIn& x : xs.subspan(1)) kernels::add(x.data + at, y.data + at, n);
  });
}

void Add::backward(Pool& pool, int, BatchIn dy, BatchOut dx) const {
  run_ranges(pool, dy.size(),
             [&](std::size_t at, std::size_t n) { std::copy_n(dy.data + at, n, dx.data + at); });
}

Concat::Concat(std::span<const Shape> shapes) : output_{0, shapes[0].h, shapes[0].w} {
  for (const Shape& shape : shapes) {
    ENSURE(shape.h == output_.h && shape.w == output_.w, "maps of different sizes are joined");
    offsets_.push_back(output_.size());
    output_.c += shape.c;
  }
}

void Concat::forward(Pool&, std::span<const BatchIn> xs, BatchOut y) const {
  for (std::size_t i = 0; i < xs.size(); ++i) {
    for (int n = 0; n < y.n; ++n)
      std::copy_n(xs[i].sample(n), xs[i].shape.size(), y.sample(n) + offsets_[i]);
  }
}

void Concat::backward(Pool&, int which, BatchIn dy, BatchOut dx) const {
  for (int n = 0; n < dy.n; ++n)
    std::copy_n(dy.sample(n) + offsets_[std::size_t(which)], dx.shape.size(), dx.sample(n));
}

}  // namespace engine::nn
