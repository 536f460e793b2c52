// A network's layers as ONNX operators.
#pragma once
#include <vector>

#include "engine/io/onnx_graph.hpp"
#include "engine/spec/layers.hpp"

namespace engine::io::onnx {

// What follows from the spec alone: equal for every set of weights.
struct Lowered {
  std::vector<Node> nodes;
  std::vector<TensorData> constants;  // initializers that are no weights (dropout's ratio, ...)
};

// `spec` is accepted by infer().
Lowered lower(const spec::Network& spec);

inline constexpr const char* kInput = "images";
inline constexpr const char* kOutput = "logits";

}  // namespace engine::io::onnx
