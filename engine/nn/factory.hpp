// From spec to behaviour: the one place that knows every kind of layer.
#pragma once
#include <memory>
#include <span>

#include "engine/nn/join.hpp"
#include "engine/nn/layer.hpp"
#include "engine/spec/layers.hpp"

namespace engine::nn {

// Builds the layer for samples of shape `input`, which infer() (spec/infer.hpp) must have accepted.
// `index` is the layer's place in the network: it keys the masks of dropout, so that two dropout
// layers differ.
std::unique_ptr<Layer> make_layer(const spec::Layer& layer, Shape input, int index);

// The same for layers that read several outputs (spec::joins()).
std::unique_ptr<Join> make_join(const spec::Layer& layer, std::span<const Shape> inputs);

}  // namespace engine::nn
