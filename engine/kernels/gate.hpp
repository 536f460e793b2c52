// What a kernel still does to a piece of its output, elementwise, while the piece is in cache: the
// ReLU that comes after a layer, or the gradient of the one before it.
#pragma once
#include "engine/core/view.hpp"
#include "engine/kernels/pointwise.hpp"

namespace engine::kernels {

struct Gate {
  bool rectify = false;       // y = relu(y)
  const f32* open = nullptr;  // relu_backward: 0 where `open`, laid out as all of y, is not above 0

  // A piece of n floats of the output `y`.
  void apply(const f32* y, f32* piece, std::size_t n) const {
    if (rectify) relu(piece, piece, n);
    if (open) relu_backward(open + (piece - y), piece, piece, n);
  }
};

}  // namespace engine::kernels
