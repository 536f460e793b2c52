// export: weights in the format of other programs, chosen by the file's ending, and code beside it.
#include <cstdio>
#include <filesystem>

#include "engine/cli/common.hpp"
#include "engine/data/files.hpp"
#include "engine/io/export.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string weights, to, code;
  std::string lab;  // the folder with part 1's program and pictures
  bool half = false;
};

// Test images for the goldens, if the network is one for them; otherwise the exporter makes its
// own.
std::vector<u8> golden_pixels(const spec::Network& spec) {
  auto dataset = data::load_fashion_mnist();
  if (!dataset.ok() || spec.input != Shape{1, dataset->test.h, dataset->test.w}) return {};
  dataset->test.pixels.resize(
      std::min(dataset->test.pixels.size(), io::kGoldenImages * spec.input.size()));
  return std::move(dataset->test.pixels);
}

Result<io::LabPart> load_lab(const std::string& folder) {
  io::LabPart lab;
  const std::pair<const char*, io::Bytes*> files[] = {
      {"numpy_nn.py", &lab.program},
      {"numpy_nn_training.png", &lab.training_png},
      {"numpy_nn_classification.png", &lab.classification_png}};
  for (const auto& [name, to] : files) {
    auto file = data::read_file((std::filesystem::path(folder) / name).string());
    if (!file.ok()) {
      return Problem{file.problem().code,
                     file.problem().sentence +
                         " The hand-in needs it: let `atelier lab` write it, and name its folder "
                         "with --lab."};
    }
    *to = std::move(file).value();
  }
  return lab;
}

Status write(const std::string& path, const Result<io::Bytes>& file) {
  if (!file.ok()) return file.problem();
  if (Status written = data::write_file(path, *file); !written.ok()) return written;
  std::printf("saved to %s, %zu bytes\n", path.c_str(), file->size());
  return Done{};
}

// The files to write: the one asked for, code when it is asked for, and the check of them all.
Result<std::vector<std::pair<std::string, io::Export>>> plan(const Options& options) {
  const auto format = io::format_of(options.to);
  if (!format) {
    return Problem{Code::bad_config, "'" + options.to +
                                         "' has no ending that can be written. End it with .pt, "
                                         ".onnx, .npz, .safetensors or .zip."};
  }
  const bool half = options.half && *format == io::Export::safetensors;
  if (options.half && !half) {
    return Problem{Code::bad_config,
                   "--half is for .safetensors only. Leave it out, or choose that ending."};
  }
  std::vector<std::pair<std::string, io::Export>> files{
      {options.to, half ? io::Export::half : *format}};
  const auto add = [&](io::Export code) {
    const auto folder = std::filesystem::path(options.to).parent_path();
    files.emplace_back((folder / io::file_name(code)).string(), code);
  };
  if (options.code == "pytorch") add(io::Export::pytorch);
  if (options.code == "numpy") add(io::Export::numpy);
  if (options.code == "cpp") add(io::Export::cpp);
  if (options.code == "ddp") add(io::Export::ddp);
  if (*format != io::Export::bundle) add(io::Export::check);
  return files;
}

Outcome export_weights(const Options& options) {
  const auto files = plan(options);
  if (!files.ok()) return files.problem();
  const auto model = load_weights(options.weights);
  if (!model.ok()) return model.problem();
  io::LabPart lab;
  if (files->front().second == io::Export::bundle) {
    auto loaded = load_lab(options.lab);
    if (!loaded.ok()) return loaded.problem();
    lab = std::move(loaded).value();
  }
  const std::vector<u8> pixels = golden_pixels(model->network.spec());
  for (const auto& [path, format] : *files) {
    const Status written = write(path, io::export_model(format, *model, pixels, lab));
    if (!written.ok()) return written.problem();
  }
  return 0;
}

}  // namespace

Command add_export(CLI::App& app) {
  CLI::App* command = app.add_subcommand("export", "Write weights in another format.");
  auto options = std::make_shared<Options>();
  command->add_option("--weights", options->weights, "file of weights, in any of the formats")
      ->required();
  command
      ->add_option("--to", options->to,
                   "file to write: *.pt, *.onnx, *.npz, *.safetensors, or bundle.zip (the lab's "
                   "hand-in); check_export.py comes beside it")
      ->required();
  command
      ->add_option(
          "--code", options->code,
          "source code beside it: pytorch, numpy, cpp, or ddp (the training, for torchrun)")
      ->check(CLI::IsMember({"pytorch", "numpy", "cpp", "ddp"}));
  command->add_option("--lab", options->lab,
                      "for bundle.zip: folder with numpy_nn.py and its two pictures, as `atelier "
                      "lab` writes them");
  command->add_flag("--half", options->half, "store the weights as float16 (safetensors)");
  return [options] { return export_weights(*options); };
}

}  // namespace engine::cli
