// train: from a network and images to a file of weights.
#include <cinttypes>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/ranks.hpp"
#include "engine/cli/replay.hpp"
#include "engine/cli/train_options.hpp"
#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "engine/session/card.hpp"
#include "engine/session/checkpoint.hpp"
#include "engine/session/scoring.hpp"
#include "engine/spec/words.hpp"
#include "engine/train/trainer.hpp"

namespace engine::cli {
namespace {

struct Options {
  std::string model = "simple_cnn", data = "fashion-mnist", out, log, resume;
  std::string capsule, replay, keep_checkpoints;
  int threads = 0;
  double rank_timeout = 60;
  bool half = false;
};

class Training {
 public:
  Training(const Options& options, const TrainOptions& config, bool model_given)
      : options_(options),
        config_(config),
        model_given_(model_given),
        pool_(thread_count(options.threads)) {}

  Outcome run();

 private:
  Status begin();
  Status check_places() const;
  Status check_ranks() const;
  bool leads() const { return ranks() == nullptr || ranks()->rank() == 0; }
  Status save_log() const;
  Status save_epoch() const;
  Outcome save_checkpoint();
  Result<std::unique_ptr<session::Scoring>> measure();
  Outcome save_weights(const session::Scoring& test);
  void show_progress(Progress& progress) const;
  void print_beginning() const;
  void print_epoch() const;
  std::string out_path() const;

  const Options& options_;
  const TrainOptions& config_;
  bool model_given_;
  Pool pool_;
  data::Dataset data_;
  std::unique_ptr<train::Trainer> trainer_;
};

std::string Training::out_path() const {
  return options_.out.empty() ? trainer_->network().spec().name + ".safetensors" : options_.out;
}

Status Training::begin() {
  const std::string other = model_given_ ? "--model" : config_.given();
  if (!options_.resume.empty() && !other.empty()) {
    return Problem{Code::bad_config,
                   "A resumed run keeps its network and settings, so " + other +
                       " cannot be combined with --resume. Leave one of them out."};
  }
  Result<data::Dataset> data = load_data(options_.data);
  if (!data.ok()) return data.problem();
  data_ = std::move(data).value();
  Result<std::unique_ptr<train::Trainer>> made = Problem{};
  if (options_.resume.empty()) {
    const auto network = load_spec(options_.model);
    if (!network.ok()) return network.problem();
    const auto config = config_.config(*network);
    if (!config.ok()) return config.problem();
    made = train::Trainer::create(*network, *config, data_.train, pool_, 0, ranks());
  } else {
    const auto file = data::read_file(options_.resume);
    if (!file.ok()) return file.problem();
    const auto state = session::read_checkpoint(*file);
    if (!state.ok())
      return Problem{state.problem().code, options_.resume + ": " + state.problem().sentence};
    made = train::Trainer::restore(*state, data_.train, pool_, ranks());
  }
  if (!made.ok()) return made.problem();
  trainer_ = std::move(made).value();
  if (Status places = check_places(); !places.ok()) return places;
  return check_ranks();
}

// What is written at the end, or at Ctrl-C, is not to find out then that there is no such folder.
Status Training::check_places() const {
  if (!leads()) return Done{};
  for (const std::string& path : {out_path(), options_.capsule}) {
    if (path.empty()) continue;
    if (Status can = data::can_write(path); !can.ok()) return can;
  }
  return Done{};
}

// Ranks with other data, settings or builds would gather sums that mean nothing.
Status Training::check_ranks() const {
  if (ranks() == nullptr) return Done{};
  ranks()->set_patience(options_.rank_timeout);
  train::RunState state = trainer_->state();
  state.seconds = 0;  // the only part that no bit depends on
  if (ranks()->agree(hash_bytes(session::write_checkpoint(state)))) return Done{};
  return Problem{
      Code::wrong_state,
      "The ranks do not agree: one has other data, settings or another build, or did not "
      "start. Give all of them the same command, files and build."};
}

void Training::show_progress(Progress& progress) const {
  if (!leads() || !progress.due()) return;
  char line[160];
  std::snprintf(line, sizeof line, "epoch %u/%u  step %u/%u  %.0f images/s  %s left",
                trainer_->epoch() + 1, trainer_->config().epochs, trainer_->steps_done(),
                trainer_->steps(), double(trainer_->samples_per_second()),
                clock_text(double(trainer_->eta_seconds())).c_str());
  progress.show(line);
}

void Training::print_beginning() const {
  const spec::Train& config = trainer_->config();
  std::string drawn;
  if (config.draws()) {
    drawn = ", each epoch with " + std::to_string(config.versions) + " versions of each and " +
            std::to_string(config.drawings) + " drawings of each class, " +
            std::to_string(config.nothings) + " of none";
  }
  std::printf("%s: %" PRIu64 " weights; %zu images to train on%s, %zu for validation; seed %" PRIu64
              ", %d threads%s\n",
              trainer_->network().spec().name.c_str(), trainer_->network().facts().weights,
              trainer_->split().train.size(), drawn.c_str(), trainer_->split().validation.size(),
              config.seed, pool_.threads(),
              ranks() ? (" on each of " + std::to_string(ranks()->size()) + " ranks").c_str() : "");
}

void Training::print_epoch() const {
  const train::EpochRecord& r = trainer_->history().back();
  std::printf(
      "epoch %u/%u  loss %.4f  accuracy %s %%  validation loss %.4f  accuracy %s %%%s  %.0f "
      "images/s\n",
      r.epoch + 1, trainer_->config().epochs, double(r.train_loss),
      percent(double(r.train_accuracy)).c_str(), double(r.validation_loss),
      percent(double(r.validation_accuracy)).c_str(), r.best_epoch == r.epoch ? "  best" : "",
      double(trainer_->samples_per_second()));
  std::fflush(stdout);
}

Status Training::save_log() const {
  if (options_.log.empty() || !leads()) return Done{};
  std::string text =
      "epoch,step,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,"
      "weight_hash\n";
  for (const train::EpochRecord& r : trainer_->history()) {
    text += std::to_string(r.epoch + 1) + "," + std::to_string(r.step);
    for (f32 value : {r.train_loss, r.train_accuracy, r.validation_loss, r.validation_accuracy,
                      r.learning_rate}) {
      text += "," + spec::in_words(value);
    }
    text += "," + hex(r.weight_hash) + "\n";
  }
  return data::write_text(options_.log, text);
}

// What is written after each epoch.
Status Training::save_epoch() const {
  if (Status logged = save_log(); !logged.ok()) return logged;
  if (options_.keep_checkpoints.empty()) return Done{};
  const std::string path =
      checkpoint_path(options_.keep_checkpoints, u32(trainer_->history().size()));
  return data::write_file(path, session::write_checkpoint(trainer_->state()));
}

Outcome Training::save_checkpoint() {
  const std::string path = out_path() + ".checkpoint";
  const bool lost = ranks() != nullptr && ranks()->lost() && !interrupted();
  // Nobody knows which other ranks still live, so each of them writes the file, under a name of its
  // own until it is whole: the last one to finish wins.
  const std::string own = ranks() ? path + ".rank" + std::to_string(ranks()->rank()) : path;
  const Status written = data::write_file(own, session::write_checkpoint(trainer_->state()));
  if (!written.ok()) return written.problem();
  if (own != path && std::rename(own.c_str(), path.c_str()) != 0)
    return Problem{Code::io_failed, own + " cannot be renamed to " + path + "."};
  if (ranks()) std::printf("rank %d: ", ranks()->rank());
  std::printf("%s at step %u. To go on: atelier train --data %s --resume %s --out %s\n",
              lost ? "Another rank was lost" : "Interrupted", trainer_->steps_done(),
              options_.data.c_str(), path.c_str(), out_path().c_str());
  return lost ? 1 : kInterrupted;
}

Result<std::unique_ptr<session::Scoring>> Training::measure() {
  auto test = session::Scoring::create(trainer_->network(), trainer_->config().loss, data_.test,
                                       session::all_ids(data_.test.count()), pool_,
                                       trainer_->config().permute);
  if (!test.ok()) return test;
  while (!interrupted() && (*test)->step()) {
  }
  return test;
}

Outcome Training::save_weights(const session::Scoring& test) {
  io::ModelCard card = session::card_of(*trainer_);
  const analysis::Share accuracy = test.confusion().accuracy();
  card.notes["command"] = command_line();
  card.notes["test accuracy"] = percent(accuracy.value) + " %";
  const auto precision = options_.half ? io::Precision::half : io::Precision::full;
  const auto file = io::save_model(trainer_->network(), card, precision);
  if (!file.ok()) return file.problem();
  if (Status written = data::write_file(out_path(), *file); !written.ok()) return written.problem();
  std::printf("%s\n", trainer_->sentence().c_str());
  std::printf("test accuracy %s %% (95 %% interval %s to %s) on %" PRIu64 " images\n",
              percent(accuracy.value).c_str(), percent(accuracy.low).c_str(),
              percent(accuracy.high).c_str(), test.confusion().total());
  std::printf("weights %s saved to %s\n", hex(trainer_->network().weight_hash()).c_str(),
              out_path().c_str());
  if (options_.capsule.empty()) return 0;
  const std::string text = session::to_json(session::capsule_of(*trainer_)) + "\n";
  if (Status written = data::write_text(options_.capsule, text); !written.ok())
    return written.problem();
  std::printf("capsule saved to %s\n", options_.capsule.c_str());
  return 0;
}

Outcome Training::run() {
  if (Status begun = begin(); !begun.ok()) return begun.problem();
  watch_interrupts();
  if (leads()) print_beginning();
  if (Status logged = save_log(); !logged.ok()) return logged.problem();
  if (leads() && !options_.keep_checkpoints.empty()) {
    if (Status made = make_folder(options_.keep_checkpoints); !made.ok()) return made.problem();
  }
  Progress progress;
  while (trainer_->phase() != train::Phase::finished) {
    if (interrupted() || (ranks() && ranks()->lost())) {
      progress.clear();
      return save_checkpoint();
    }
    const std::size_t epochs_before = trainer_->history().size();
    trainer_->step();
    if (leads() && trainer_->history().size() > epochs_before) {
      progress.clear();
      print_epoch();
      if (Status saved = save_epoch(); !saved.ok()) return saved.problem();
    }
    show_progress(progress);
  }
  progress.clear();
  if (!leads()) return 0;
  const auto test = measure();
  if (!test.ok()) return test.problem();
  if (!(*test)->done()) return save_checkpoint();
  const Outcome saved = save_weights(**test);
  if (saved.ok() && trainer_->ending() == train::Ending::diverged) return 1;
  return saved;
}

// Only what names data and network goes with --replay: everything else is in the capsule.
Outcome replay_run(const Options& options, const TrainOptions& config, bool model_given) {
  std::string other = config.given();
  if (!options.resume.empty()) other = "--resume";
  if (!options.capsule.empty()) other = "--capsule";
  if (!options.keep_checkpoints.empty()) other = "--keep-checkpoints";
  if (!options.out.empty()) other = "--out";
  if (!options.log.empty()) other = "--log";
  if (options.half) other = "--half";
  if (!other.empty()) {
    return Problem{Code::bad_config, "A replay does what its capsule says and writes nothing, so " +
                                         other +
                                         " cannot be combined with --replay. Leave one of them "
                                         "out."};
  }
  return replay({.capsule = options.replay,
                 .data = options.data,
                 .model = model_given ? options.model : std::string(),
                 .checkpoints = {},
                 .epochs = {},
                 .threads = options.threads});
}

}  // namespace

Command add_train(CLI::App& app) {
  CLI::App* command = app.add_subcommand("train", "Train a network and save its best weights.");
  auto options = std::make_shared<Options>();
  const CLI::Option* model =
      command
          ->add_option("--model", options->model,
                       "a network of the lab by name, or a file with its spec as JSON")
          ->capture_default_str();
  command->add_option("--data", options->data, "fashion-mnist, or a folder with four IDX files")
      ->capture_default_str();
  command->add_option("--out", options->out, "file for the weights; default: NETWORK.safetensors");
  command->add_option("--log", options->log, "CSV file with one line for each epoch");
  command->add_option("--resume", options->resume, "checkpoint to go on from");
  command->add_option("--capsule", options->capsule,
                      "JSON file from which the run can be replayed and verified");
  command->add_option("--replay", options->replay,
                      "capsule of a run (or weights that carry it): do it again and compare");
  command->add_option("--keep-checkpoints", options->keep_checkpoints,
                      "folder for a checkpoint of each epoch, for verify");
  command
      ->add_option("--threads", options->threads,
                   "0: as many as the machine has; changes no bit of the result")
      ->check(CLI::Range(0, 64));
  command
      ->add_option("--rank-timeout", options->rank_timeout,
                   "under mpirun: seconds after which a silent rank counts as lost")
      ->capture_default_str()
      ->check(between(0.1, 1e6));
  command->add_flag("--half", options->half, "store the weights as float16");
  const TrainOptions config(*command);
  return [options, config, model] {
    if (!options->replay.empty() && ranks() && ranks()->rank() > 0) return Outcome(0);
    const bool model_given = model->count() > 0;
    if (!options->replay.empty()) return replay_run(*options, config, model_given);
    return Training(*options, config, model_given).run();
  };
}

}  // namespace engine::cli
