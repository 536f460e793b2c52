// Networks as ONNX, opset 17: one operator a layer where ONNX has one, weights under their PyTorch
// names, what the network says of itself in metadata_props.
//
// Read back are our own files, with or without their notes, and those of other programs that use
// the same operators (Conv, Gemm, BatchNormalization, ...; GELU and SiLU in their parts). Other
// operators are refused by name.
#pragma once
#include <span>

#include "engine/io/weight_file.hpp"
#include "engine/spec/layers.hpp"

namespace engine::io {

// `file` holds the tensors of a network of `spec`, which infer() accepts. `notes` go into
// metadata_props beside its own. The codes of check_writable().
Result<std::vector<std::byte>> write_onnx(const spec::Network& spec, const WeightFile& file,
                                          const std::map<std::string, std::string>& notes = {});

// Weights under the names of the layers, and the spec in the metadata: of the graph itself, so that
// a graph that somebody changed is never taken for what its notes say. Code::bad_file, too_large.
Result<WeightFile> read_onnx(std::span<const std::byte> bytes);

}  // namespace engine::io
