// A network from a file of any format that is read here, recognised by its content: safetensors,
// NumPy's .npz, PyTorch's .pt, ONNX.
#pragma once
#include <span>
#include <string_view>

#include "engine/io/model_file.hpp"

namespace engine::io {

enum class Format : u32 { unknown, safetensors, npz, torch, onnx };

// By the first bytes, and for archives by what they hold.
Format recognise(std::span<const std::byte> bytes);

// Any bytes give a model or a sentence that begins with `name`, when there is one. Code::bad_file,
// too_large, or those of reading a spec (spec/json.hpp).
Result<LoadedModel> load_any(std::span<const std::byte> bytes, std::string_view name = {});

}  // namespace engine::io
