// Batch normalisation of images (N, C, H, W): see nn/batchnorm.hpp.
#pragma once
#include "engine/nn/batchnorm.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

class BatchNorm2d final : public BatchNorm {
 public:
  BatchNorm2d(const spec::BatchNorm2d& spec, Shape input)  // spec.channels of 0, or input.c
      : BatchNorm(spec.channels, spec.momentum, spec.eps, input) {}
};

}  // namespace engine::nn
