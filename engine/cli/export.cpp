// export: weights in the format of other programs, chosen by the file's ending.
#include <cstdio>
#include <string_view>

#include "engine/cli/common.hpp"
#include "engine/data/files.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string weights, to;
  bool half = false;
};

Outcome export_weights(const Options& options) {
  const auto model = load_weights(options.weights);
  if (!model.ok()) return model.problem();
  if (!std::string_view(options.to).ends_with(".safetensors")) {
    return Problem{
        Code::bad_config,
        "'" + options.to + "' has no ending that can be written. End it with .safetensors."};
  }
  const auto precision = options.half ? io::Precision::half : io::Precision::full;
  const auto file = io::save_model(model->network, model->card, precision);
  if (!file.ok()) return file.problem();
  if (Status written = data::write_file(options.to, *file); !written.ok()) return written.problem();
  std::printf("saved to %s, %zu bytes\n", options.to.c_str(), file->size());
  return 0;
}

}  // namespace

Command add_export(CLI::App& app) {
  CLI::App* command = app.add_subcommand("export", "Write weights in another format.");
  auto options = std::make_shared<Options>();
  command->add_option("--weights", options->weights, "file of weights")->required();
  command->add_option("--to", options->to, "file to write: *.safetensors")->required();
  command->add_flag("--half", options->half, "store the weights as float16");
  return [options] { return export_weights(*options); };
}

}  // namespace engine::cli
