#include "engine/io/load.hpp"

#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/io/torch_file.hpp"

namespace engine::io {
namespace {

bool is_safetensors(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  return reader.number<u64>() <= kMaxWeightHeader && reader.number<char>() == '{' && reader.ok();
}

// ModelProto begins with its first field, ir_version, a small number.
bool is_onnx(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  const u8 tag = reader.number<u8>(), version = reader.number<u8>();
  return reader.ok() && tag == 0x08 && version >= 3 && version < 0x80;
}

bool is_pickle(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  const u8 proto = reader.number<u8>(), version = reader.number<u8>();
  return reader.ok() && proto == 0x80 && version >= 2 && version <= 5;
}

Result<LoadedModel> load_unnamed(std::span<const std::byte> bytes) {
  Result<WeightFile> file = [&]() -> Result<WeightFile> {
    switch (recognise(bytes)) {
      case Format::torch:
        return read_torch(bytes);
      case Format::npz:
        return read_npz(bytes);
      case Format::onnx:
        return read_onnx(bytes);
      case Format::safetensors:
        return read_safetensors(bytes);
      default:
        break;
    }
    if (is_pickle(bytes)) {
      return bad_file(
          "This is a file of PyTorch before 1.6, or another pickle. Save it with a newer "
          "torch.save.");
    }
    const Result<WeightFile> plain = read_safetensors(bytes);
    if (plain.ok()) return plain;
    return bad_file(
        "These are no weights in a format that is read here: safetensors, .pt, .npz or ONNX. " +
        plain.problem().sentence);
  }();
  if (!file.ok()) return file.problem();
  return model_of(*file);
}

}  // namespace

Format recognise(std::span<const std::byte> bytes) {
  if (is_zip(bytes)) {
    const Result<Zip> zip = Zip::open(bytes);
    return zip.ok() && !pickle_of(*zip).empty() ? Format::torch : Format::npz;
  }
  if (is_safetensors(bytes)) return Format::safetensors;
  return is_onnx(bytes) ? Format::onnx : Format::unknown;
}

Result<LoadedModel> load_any(std::span<const std::byte> bytes, std::string_view name) {
  Result<LoadedModel> model = load_unnamed(bytes);
  if (model.ok() || name.empty()) return model;
  return Problem{model.problem().code, std::string(name) + ": " + model.problem().sentence};
}

}  // namespace engine::io
