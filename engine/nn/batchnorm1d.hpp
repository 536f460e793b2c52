// Batch normalisation of lists (N, C), each value over the batch: see nn/batchnorm.hpp.
#pragma once
#include "engine/nn/batchnorm.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class BatchNorm1d final : public BatchNorm {
 public:
  BatchNorm1d(const spec::BatchNorm1d& spec, Shape input)  // flat; spec.channels of 0, or input.c
      : BatchNorm(spec.channels, spec.momentum, spec.eps, input) {}
};

}  // namespace engine::nn
