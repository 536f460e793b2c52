// How a network's tensors start.
//
//   pytorch     weights and biases uniform in +-1/sqrt(fan_in): what nn.Linear and nn.Conv2d do
//   he_normal   weights normal with variance 2/fan_in, biases 0 (He et al. 2015): kaiming_normal_
//   he_uniform  weights uniform in +-sqrt(6/fan_in), biases 0: kaiming_uniform_ with a ReLU's gain
//   xavier      weights uniform in +-sqrt(6/(fan_in + fan_out)), biases 0 (Glorot and Bengio 2010):
//               xavier_uniform_
//   lab         weights standard normal times 1/sqrt(fan_in), biases 0: the line of NumPy that a
//               Linear written by hand starts with
//
// Tensors that are not drawn (fan_in 0: batch normalisation) start as their `fill` in each of them.
#pragma once
#include <span>

#include "engine/nn/layer.hpp"
#include "engine/spec/train.hpp"

namespace engine::nn {

// The outputs that one input reaches: dims[0] times the size of a kernel, as PyTorch counts.
int fan_out(const TensorInfo& info);

// Draws from the tensor's own stream, Rng(seed, Purpose::init, 0, index), so that its start does
// not depend on the tensors before it. `value` holds info.size() floats.
void initialise(const TensorInfo& info, spec::Init how, u64 seed, u32 index, std::span<f32> value);

}  // namespace engine::nn
