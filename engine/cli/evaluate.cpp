// evaluate: how well saved weights do on labelled images.
#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/cli/printable.hpp"
#include "engine/data/files.hpp"
#include "engine/data/idx.hpp"
#include "engine/data/permutation.hpp"
#include "engine/io/npy.hpp"
#include "engine/kernels/image.hpp"
#include "engine/session/scoring.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string weights, logits;
  std::vector<std::string> data{"fashion-mnist"};
  int threads = 0;
  bool json = false;
  bool preprocess = false;
};

Result<data::Images> load_test_images(const std::vector<std::string>& names) {
  if (names.size() == 2) return data::read_idx_pair(names[0], names[1]);
  Result<data::Dataset> data = load_data(names[0]);
  if (!data.ok()) return data.problem();
  return std::move(data->test);
}

// Each image as the page would show it to the network, rounded to the 256 levels that images have.
// `blank` counts those with nothing on them.
data::Images preprocessed(const data::Images& images, u32& blank) {
  data::Images result{kernels::kImageSide, kernels::kImageSide, {}, images.labels};
  result.pixels.resize(std::size_t(images.count()) * kernels::kImageSize);
  std::vector<f32> x(kernels::kImageSize);
  blank = 0;
  for (u32 i = 0; i < images.count(); ++i) {
    if (!kernels::preprocess_image({images.image(i).data(), images.w, images.h}, x)) ++blank;
    std::ranges::transform(x, result.pixels.begin() + std::ptrdiff_t(i) * kernels::kImageSize,
                           data::to_pixel);
  }
  return result;
}

spec::Json share_json(const analysis::Share& share) {
  spec::Json json;
  json["value"] = f32(share.value);
  json["low"] = f32(share.low);
  json["high"] = f32(share.high);
  return json;
}

void print_json(const session::Scoring& scoring, const io::ModelCard& card) {
  const analysis::Confusion& confusion = scoring.confusion();
  spec::Json json;
  json["images"] = confusion.total();
  json["correct"] = confusion.correct();
  json["accuracy"] = share_json(confusion.accuracy());
  json["loss"] = scoring.loss();
  json["calibration_error"] = f32(scoring.calibration().error());
  json["sure"] = share_json(analysis::wilson(scoring.sure(), confusion.total()));
  spec::Json classes = spec::Json::array(), matrix = spec::Json::array();
  for (int c = 0; c < confusion.classes(); ++c) {
    spec::Json row;
    row["name"] = class_name(card, c);
    row["images"] = confusion.of_class(c);
    row["recall"] = share_json(confusion.recall(c));
    row["precision"] = share_json(confusion.precision(c));
    classes.push_back(row);
    spec::Json counts = spec::Json::array();
    for (int p = 0; p < confusion.classes(); ++p) counts.push_back(confusion.at(c, p));
    matrix.push_back(counts);
  }
  json["classes"] = classes;
  json["confusion"] = matrix;
  std::printf("%s\n", spec::dump_json(json).c_str());
}

void print_text(const session::Scoring& scoring, const io::ModelCard& card) {
  const analysis::Confusion& confusion = scoring.confusion();
  const analysis::Share accuracy = confusion.accuracy();
  std::printf("accuracy %s %% (95 %% interval %s to %s): %" PRIu64 " of %" PRIu64
              " images; loss %.4f\n",
              percent(accuracy.value).c_str(), percent(accuracy.low).c_str(),
              percent(accuracy.high).c_str(), confusion.correct(), confusion.total(),
              double(scoring.loss()));
  const analysis::Share sure = analysis::wilson(scoring.sure(), confusion.total());
  std::printf("sure of %s %% of them; expected calibration error %s %% (%d bins)\n\n",
              percent(sure.value).c_str(), percent(scoring.calibration().error()).c_str(),
              analysis::Calibration::kBins);
  std::printf("%-12s %7s %22s %9s   taken for", "class", "images", "recognised (95 %)",
              "precision");
  for (int c = 0; c < confusion.classes(); ++c) std::printf(" %5d", c);
  std::printf("\n");
  for (int c = 0; c < confusion.classes(); ++c) {
    const analysis::Share recall = confusion.recall(c);
    const std::string range =
        percent(recall.value) + " (" + percent(recall.low) + "-" + percent(recall.high) + ")";
    std::printf("%-12s %7" PRIu64 " %22s %9s   %9d", printable(class_name(card, c)).c_str(),
                confusion.of_class(c), range.c_str(), percent(confusion.precision(c).value).c_str(),
                c);
    for (int p = 0; p < confusion.classes(); ++p) std::printf(" %5u", confusion.at(c, p));
    std::printf("\n");
  }
}

// What the network answers to each image, as a NumPy array (N, classes).
Status write_logits(const io::LoadedModel& model, const data::Images& images, Pool& pool,
                    const std::string& path) {
  constexpr u32 kBatch = 256;
  nn::Network network = std::move(nn::Network::create(model.network.spec(), 0)).value();
  network.copy_weights(model.network);
  network.plan(pool, int(kBatch), nn::Keep::output);
  nn::Pass pass;
  pass.pool = &pool;
  const data::Permutation permutation(io::permute_of(model.card), images.area());
  std::vector<f32> x(kBatch * images.area()), scratch(images.area()), logits;
  for (u32 at = 0; at < images.count(); at += kBatch) {
    const u32 n = std::min(kBatch, images.count() - at);
    const auto pixels = std::span(images.pixels).subspan(at * images.area(), n * images.area());
    std::ranges::transform(pixels, x.begin(), data::pixel_value);
    permutation.apply(std::span(x).first(n * images.area()), scratch);
    const BatchIn y = network.forward(pass, {x.data(), int(n), network.spec().input});
    logits.insert(logits.end(), y.data, y.data + y.size());
  }
  const u64 dims[] = {images.count(), u64(network.classes())};
  return data::write_file(path, io::write_npy(dims, std::span<const f32>(logits)));
}

Outcome evaluate(const Options& options) {
  const auto model = load_weights(options.weights);
  if (!model.ok()) return model.problem();
  auto images = load_test_images(options.data);
  if (!images.ok()) return images.problem();
  if (options.preprocess) {
    u32 blank = 0;
    *images = preprocessed(*images, blank);
    if (blank > 0)
      std::fprintf(stderr, "atelier: %" PRIu32 " of %" PRIu32 " images show nothing.\n", blank,
                   images->count());
  }
  Pool pool(thread_count(options.threads));
  const spec::Loss loss = session::natural_loss(model->network.spec());
  const auto scoring =
      session::Scoring::create(model->network, loss, *images, session::all_ids(images->count()),
                               pool, io::permute_of(model->card));
  if (!scoring.ok()) return scoring.problem();
  while ((*scoring)->step()) {
  }
  if (!options.logits.empty()) {
    const Status written = write_logits(*model, *images, pool, options.logits);
    if (!written.ok()) return written.problem();
  }
  (options.json ? print_json : print_text)(**scoring, model->card);
  return 0;
}

}  // namespace

Command add_evaluate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("evaluate", "Measure saved weights on labelled images.");
  auto options = std::make_shared<Options>();
  command->add_option("--weights", options->weights, "file of weights")->required();
  command
      ->add_option("--data", options->data,
                   "fashion-mnist or a folder with four IDX files (their test set), or IMAGES "
                   "LABELS, two IDX files")
      ->expected(1, 2)
      ->capture_default_str();
  command->add_flag("--preprocess", options->preprocess,
                    "treat each image as a drawing or photo, of any size: find its ground, crop, "
                    "scale, as the page does; IDX images are taken as they are otherwise");
  command->add_option("--logits", options->logits,
                      "write the network's output for each image to this file (.npy)");
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  command->add_flag("--json", options->json, "print one JSON object");
  return [options] { return evaluate(*options); };
}

}  // namespace engine::cli
