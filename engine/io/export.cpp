#include "engine/io/export.hpp"

#include <array>

#include "engine/io/bytes.hpp"
#include "engine/io/code.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/io/torch_file.hpp"
#include "engine/spec/json.hpp"

namespace engine::io {
namespace {

constexpr std::array<std::string_view, kExports> kNames{
    "model.safetensors", "model.safetensors", "model.pt",       "model.onnx",
    "model.npz",         "bundle.zip",        "pytorch_cnn.py", "numpy_cnn.py",
    "network.hpp",       "check_export.py",   "train_ddp.py"};

Bytes to_bytes(std::string_view text) {
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

Result<Bytes> code_bytes(const Result<std::string>& code) {
  if (!code.ok()) return code.problem();
  return to_bytes(*code);
}

// Goldens of large images, from about 200 x 200 on, do not fit a header: then it goes without.
Result<Bytes> write_annotated(WeightFile file, const Goldens& goldens, Precision precision) {
  const auto notes = golden_notes(goldens);
  file.metadata.insert(notes.begin(), notes.end());
  Result<Bytes> written = write_safetensors(file, precision);
  if (written.ok() || written.problem().code != Code::too_large) return written;
  for (const auto& [key, note] : notes) file.metadata.erase(key);
  return write_safetensors(file, precision);
}

Result<std::string> training_code(const LoadedModel& model) {
  const auto note = model.card.notes.find("train");
  if (note == model.card.notes.end()) {
    return Problem{Code::wrong_state,
                   "These weights do not say how they were trained, so no program can repeat it. "
                   "Export weights that Atelier trained."};
  }
  const Result<spec::Train> train = spec::train_from_json(note->second);
  if (!train.ok()) return train.problem();
  if (train->draws()) {
    return Problem{
        Code::wrong_state,
        "These weights were trained with drawings, which only Atelier makes, so no other "
        "program can repeat it. Export weights that were trained on images alone."};
  }
  return ddp_code(model.network.spec(), *train);
}

// The lab's hand-in: exact names, no folders.
Result<Bytes> write_bundle(const LoadedModel& model, const WeightFile& file, const Goldens& goldens,
                           const LabPart& lab) {
  if (lab.empty()) {
    return Problem{Code::wrong_state,
                   "The hand-in needs the program and the two pictures of part 1. Train the "
                   "two-digit network first, then export again."};
  }
  const Result<std::string> code = pytorch_code(model.network.spec(), model.card);
  if (!code.ok()) return code.problem();
  Result<Bytes> weights = write_torch(file, golden_entries(goldens));
  if (!weights.ok()) return weights.problem();
  return write_zip(std::vector<ZipEntry>{{"numpy_nn.py", lab.program},
                                         {"numpy_nn_training.png", lab.training_png},
                                         {"numpy_nn_classification.png", lab.classification_png},
                                         {"pytorch_cnn.py", to_bytes(*code)},
                                         {"model.pt", std::move(*weights)}});
}

bool is_program(Export format) {
  return format == Export::bundle || format == Export::pytorch || format == Export::numpy ||
         format == Export::cpp || format == Export::ddp;
}

}  // namespace

std::string_view file_name(Export format) { return kNames[std::size_t(format)]; }

std::optional<Export> format_of(std::string_view path) {
  constexpr std::pair<std::string_view, Export> kEndings[] = {{".safetensors", Export::safetensors},
                                                              {".pt", Export::torch},
                                                              {".pth", Export::torch},
                                                              {".onnx", Export::onnx},
                                                              {".npz", Export::npz},
                                                              {".zip", Export::bundle}};
  for (const auto& [ending, format] : kEndings) {
    if (path.ends_with(ending)) return format;
  }
  return {};
}

Result<Bytes> export_model(Export format, const LoadedModel& model, std::span<const u8> images,
                           const LabPart& lab) {
  const spec::Network& spec = model.network.spec();
  if (is_program(format) && permute_of(model.card) > 0) {
    return Problem{Code::wrong_state,
                   "These weights want permuted pixels, which the program would not give them. "
                   "Export the weights alone, or train without permuting."};
  }
  if (format == Export::pytorch) return code_bytes(pytorch_code(spec, model.card));
  if (format == Export::numpy) return to_bytes(numpy_code(spec, model.card));
  if (format == Export::ddp) return code_bytes(training_code(model));
  if (format == Export::check) return to_bytes(check_script());
  const Result<WeightFile> file = weights_of(model.network, model.card);
  if (!file.ok()) return file.problem();
  const bool half = format == Export::half;
  if (auto problem = check_writable(*file, half ? Precision::half : Precision::full))
    return *problem;
  const Goldens goldens =
      half ? make_goldens(rounded(model.network), images) : make_goldens(model.network, images);
  switch (format) {
    case Export::safetensors:
      return write_annotated(*file, goldens, Precision::full);
    case Export::half:
      return write_annotated(*file, goldens, Precision::half);
    case Export::torch:
      return write_torch(*file, golden_entries(goldens));
    case Export::onnx:
      return write_onnx(spec, *file, golden_notes(goldens));
    case Export::npz:
      return write_npz(*file, golden_entries(goldens));
    case Export::cpp:
      return to_bytes(cpp_code(model.network, model.card, goldens));
    case Export::bundle:
      return write_bundle(model, *file, goldens, lab);
    default:
      return Problem{Code::bad_config, "There is no such format to export to."};
  }
}

}  // namespace engine::io
