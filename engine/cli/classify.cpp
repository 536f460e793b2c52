// classify: names for pictures and images without labels.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "engine/cli/common.hpp"
#include "engine/cli/picture.hpp"
#include "engine/cli/printable.hpp"
#include "engine/data/files.hpp"
#include "engine/data/idx.hpp"
#include "engine/data/permutation.hpp"
#include "engine/kernels/image.hpp"
#include "engine/nn/predict.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string weights, csv;
  std::vector<std::string> paths;
  int threads = 0;
  bool json = false;
};

constexpr int kBatch = 256;

// The inputs of one file, ready for the network.
struct Inputs {
  int count = 0;
  std::vector<f32> x;
  bool blank = false;  // a picture with nothing on it
  bool many = false;   // an IDX file: rows are numbered
};

struct Row {
  std::string file;
  int label = 0;
  std::string name;
  std::span<const f32> p;
  bool blank = false;
};

// How an IDX file of bytes begins, whether of images or of labels.
bool is_idx(std::span<const std::byte> bytes) {
  constexpr u8 kMagic[] = {0, 0, 8};
  return bytes.size() >= sizeof kMagic && std::memcmp(bytes.data(), kMagic, sizeof kMagic) == 0;
}

// The file is read once: it may be a pipe.
Result<Inputs> read_inputs(const std::string& path, Shape wanted) {
  auto file = data::read_file(path);
  if (!file.ok()) return file.problem();
  Inputs inputs;
  if (is_picture(*file)) {
    const auto picture = decode_picture(*file, path);
    if (!picture.ok()) return picture.problem();
    inputs.count = 1;
    inputs.x.resize(kernels::kImageSize);
    inputs.blank = !kernels::preprocess_image(
        {picture->grey.data(), picture->width, picture->height}, inputs.x);
    return inputs;
  }
  file = data::maybe_gunzip(std::move(*file), data::kMaxIdxBytes, path);
  if (!file.ok()) return file.problem();
  const auto images = data::parse_idx_images(*file, path);
  if (!images.ok() && is_idx(*file)) return images.problem();
  if (!images.ok()) {
    return Problem{images.problem().code,
                   path + " is neither a PNG or JPEG picture nor a file of IDX images."};
  }
  if (images->h != wanted.h || images->w != wanted.w) {
    return Problem{Code::bad_file, path + " holds images of " + std::to_string(images->h) + " x " +
                                       std::to_string(images->w) + " pixels, the network expects " +
                                       std::to_string(wanted.h) + " x " + std::to_string(wanted.w) +
                                       "."};
  }
  inputs.many = true;
  inputs.count = int(images->pixels.size() / images->area());
  inputs.x.resize(images->pixels.size());
  std::transform(images->pixels.begin(), images->pixels.end(), inputs.x.begin(), data::pixel_value);
  return inputs;
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const Row& row) {
  std::string line =
      csv_text(row.file) + "," + std::to_string(row.label) + "," + csv_text(row.name);
  for (f32 p : row.p) {
    char number[32];
    std::snprintf(number, sizeof number, ",%.9g", double(p));
    line += number;
  }
  return line + "\n";
}

std::string json_line(const Row& row) {
  spec::Json json;
  json["file"] = row.file;
  json["label"] = row.label;
  json["name"] = row.name;
  json["probabilities"] = std::vector<f32>(row.p.begin(), row.p.end());
  json["blank"] = row.blank;
  json["sure"] = !row.blank && nn::is_sure(row.p);
  return spec::dump_json(json) + "\n";
}

std::string plain_line(const Row& row) {
  const std::string name =
      printable(row.name) + " (" + percent(double(row.p[std::size_t(row.label)])) + " %)";
  const std::string file = printable(row.file);
  if (row.blank) return file + ": nothing\n";
  return file + ": " + (nn::is_sure(row.p) ? name : "not sure, perhaps " + name) + "\n";
}

// Classifies files one after the other and collects what is to be written.
class Classifier {
 public:
  Classifier(io::LoadedModel model, const Options& options)
      : model_(std::move(model)),
        options_(options),
        pool_(thread_count(options.threads)),
        permutation_(io::permute_of(model_.card), model_.network.spec().input.size()),
        scratch_(model_.network.spec().input.size()) {
    if (options.csv.empty()) return;
    csv_ = "file,label,name";
    for (int c = 0; c < classes(); ++c) csv_ += ",p" + std::to_string(c);
    csv_ += "\n";
  }

  Status add(const std::string& path) {
    auto inputs = read_inputs(path, model_.network.spec().input);
    if (!inputs.ok()) return inputs.problem();
    permutation_.apply(inputs->x, scratch_);
    if (inputs->blank)
      std::fprintf(stderr, "atelier: %s shows nothing: its contrast is too low.\n",
                   printable(path).c_str());
    const std::size_t k = std::size_t(model_.network.classes()), n = std::size_t(inputs->count);
    std::vector<u8> labels(n);
    std::vector<f32> p(n * k);
    nn::predict(model_.network, pool_,
                {inputs->x.data(), inputs->count, model_.network.spec().input}, kBatch, labels, p);
    if (k == 1) p = both_classes(p);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string file = inputs->many ? path + "[" + std::to_string(i) + "]" : path;
      const auto row_p =
          std::span<const f32>(p).subspan(i * std::size_t(classes()), std::size_t(classes()));
      print({file, labels[i], class_name(model_.card, labels[i]), row_p, inputs->blank});
    }
    return Done{};
  }

  Status finish() const {
    if (options_.csv.empty()) return Done{};
    return data::write_text(options_.csv, csv_);
  }

 private:
  int classes() const { return std::max(2, model_.network.classes()); }

  // One output p stands for the classes {1 - p, p}.
  static std::vector<f32> both_classes(std::span<const f32> p) {
    std::vector<f32> both;
    for (f32 v : p) both.insert(both.end(), {1.0f - v, v});
    return both;
  }

  void print(const Row& row) {
    if (!options_.csv.empty()) csv_ += csv_line(row);
    if (options_.json) {
      std::fputs(json_line(row).c_str(), stdout);
    } else if (options_.csv.empty()) {
      std::fputs(plain_line(row).c_str(), stdout);
    }
  }

  io::LoadedModel model_;
  const Options& options_;
  Pool pool_;
  data::Permutation permutation_;  // as in training, when that permuted the pixels
  std::vector<f32> scratch_;       // one image
  std::string csv_;
};

Outcome classify(const Options& options) {
  auto model = load_weights(options.weights);
  if (!model.ok()) return model.problem();
  if (model->network.spec().input != Shape{1, kernels::kImageSide, kernels::kImageSide}) {
    return Problem{
        Code::bad_spec,
        options.weights + " is a network for other images than 28 x 28 pixels. Choose another."};
  }
  Classifier classifier(std::move(model).value(), options);
  int failures = 0;
  for (const std::string& path : options.paths) {
    const Status added = classifier.add(path);
    if (added.ok()) continue;
    std::fprintf(stderr, "atelier: %s\n", printable(added.problem().sentence).c_str());
    ++failures;
  }
  if (Status written = classifier.finish(); !written.ok()) return written.problem();
  return failures == 0 ? 0 : 1;
}

}  // namespace

Command add_classify(CLI::App& app) {
  CLI::App* command = app.add_subcommand("classify", "Name what pictures show.");
  auto options = std::make_shared<Options>();
  command->add_option("--weights", options->weights, "file of weights")->required();
  command
      ->add_option("paths", options->paths,
                   "PNG or JPEG pictures of any size, or IDX images, which are taken as they are")
      ->required();
  command->add_option("--csv", options->csv, "write file,label,name,p0,...,p9 to this file");
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  command->add_flag("--json", options->json, "print one JSON object a line");
  return [options] { return classify(*options); };
}

}  // namespace engine::cli
