// A network in the formats of other programs. Every export carries labels, preprocessing and golden
// images (goldens.hpp): archives as entries, safetensors and ONNX as notes, the C++ header as
// arrays; the Python code finds them in the file of weights that it loads.
#pragma once
#include <optional>
#include <string>

#include "engine/io/goldens.hpp"
#include "engine/io/model_file.hpp"

namespace engine::io {

// Append only: the numbers are those of the message Export (engine/protocol).
enum class Export : u32 {
  safetensors,  // model.safetensors
  half,         // the same with float16 weights
  torch,        // model.pt
  onnx,         // model.onnx
  npz,          // model.npz
  bundle,       // bundle.zip: the lab's hand-in
  pytorch,      // pytorch_cnn.py
  numpy,        // numpy_cnn.py
  cpp,          // network.hpp
  check,        // check_export.py
  ddp,          // train_ddp.py: needs the card's note "train", the configuration as JSON
};
inline constexpr u32 kExports = 11;

// The file that is made when nobody says another name.
std::string_view file_name(Export format);
// By a path's ending (.safetensors, .pt, .pth, .onnx, .npz, .zip), or none.
std::optional<Export> format_of(std::string_view path);

// Part 1 of the lab, from a run of its network on two digits (engine/lab): its program and the two
// pictures. Empty: there was none.
struct LabPart {
  Bytes program, training_png, classification_png;
  bool empty() const {
    return program.empty() || training_png.empty() || classification_png.empty();
  }
};

// `images` are test images of the network's shape, 8-bit, for the goldens (make_goldens). The same
// input gives the same bytes. Code::bad_file or too_large for what check_writable() refuses,
// bad_spec for what cannot be said in PyTorch (code.hpp), wrong_state for ddp without its note or
// of a run that drew, and for a bundle without the lab's part.
Result<Bytes> export_model(Export format, const LoadedModel& model, std::span<const u8> images,
                           const LabPart& lab = {});

}  // namespace engine::io
