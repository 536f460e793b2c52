// Shapes and non-owning views. The alphabet: N batch, C channels in, O channels out, H W height and
// width, K kernel, S stride, P padding; x, y values; dx, dy gradients. Memory is always (N, C, H,
// W), row-major, without gaps.
#pragma once
#include "engine/core/types.hpp"

namespace engine {

// The shape of one sample. Flat features are (C, 1, 1).
struct Shape {
  int c = 1, h = 1, w = 1;
  bool operator==(const Shape&) const = default;
  std::size_t size() const { return std::size_t(c) * std::size_t(h) * std::size_t(w); }
  bool flat() const { return h == 1 && w == 1; }
};

// A batch of n samples of one shape.
template <class T>
struct Batch {
  T* data = nullptr;
  int n = 0;
  Shape shape;

  std::size_t size() const { return std::size_t(n) * shape.size(); }
  T* sample(int i) const { return data + std::size_t(i) * shape.size(); }
  explicit operator bool() const { return data != nullptr; }
};
using BatchIn = Batch<const f32>;
using BatchOut = Batch<f32>;

}  // namespace engine
