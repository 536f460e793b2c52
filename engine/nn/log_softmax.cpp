#include "engine/nn/log_softmax.hpp"

#include "engine/kernels/softmax.hpp"

namespace engine::nn {

// On the caller's thread: the last layer has ten or so features, too little work to share.
void LogSoftmax::forward(const Pass&, BatchIn x, BatchOut y) const {
  kernels::log_softmax_rows(x.data, y.data, std::size_t(x.n), shape_.size());
}

void LogSoftmax::backward(const Pass&, BatchIn, BatchIn y, BatchIn dy, BatchOut dx) const {
  if (dx) {
    kernels::log_softmax_backward_rows(y.data, dy.data, dx.data, std::size_t(y.n), shape_.size());
  }
}

}  // namespace engine::nn
