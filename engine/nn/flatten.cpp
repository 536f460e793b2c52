#include "engine/nn/flatten.hpp"

#include <algorithm>

namespace engine::nn {

void Flatten::forward(const Pass&, BatchIn x, BatchOut y) const {
  std::copy_n(x.data, x.size(), y.data);
}

void Flatten::backward(const Pass&, BatchIn, BatchIn, BatchIn dy, BatchOut dx) const {
  if (dx) std::copy_n(dy.data, dy.size(), dx.data);
}

}  // namespace engine::nn
