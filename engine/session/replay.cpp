#include "engine/session/replay.hpp"

#include <algorithm>

#include "engine/core/hash.hpp"
#include "engine/data/split.hpp"
#include "engine/session/version.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/words.hpp"
#include "engine/train/fit.hpp"

namespace engine::session {
namespace {

// "1 epoch", "2 epochs"
std::string epochs_text(u32 count) {
  return std::to_string(count) + (count == 1 ? " epoch" : " epochs");
}

// Epochs that were not listed lie between: the difference began after `before`.
std::string epoch_text(u32 before, u32 epoch) {
  if (before + 1 == epoch) return "Epoch " + std::to_string(epoch) + " differs";
  return "An epoch from " + std::to_string(before + 1) + " to " + std::to_string(epoch) +
         " differs (the capsule lists only some)";
}

std::string made_by(const Capsule& capsule) {
  if (capsule.engine == kVersion) return "";
  return " The capsule was made by engine " + capsule.engine + ", this is " + kVersion + ".";
}

std::optional<Difference> compare_row(const Capsule& capsule, const CapsuleRow& row, u32 before,
                                      const train::EpochRecord& here) {
  const auto differs = [&](const std::string& what, const std::string& then,
                           const std::string& now) {
    return Difference{row.epoch, epoch_text(before, row.epoch) + ": its " + what + " is " + now +
                                     " here, " + then + " in the capsule." + made_by(capsule)};
  };
  if (row.weights != here.weight_hash)
    return differs("weights' hash", hex(row.weights), hex(here.weight_hash));
  if (row.loss != here.train_loss)
    return differs("training loss", spec::in_words(row.loss), spec::in_words(here.train_loss));
  if (row.accuracy != here.validation_accuracy) {
    return differs("validation accuracy", spec::in_words(row.accuracy),
                   spec::in_words(here.validation_accuracy));
  }
  return {};
}

// Of a finished run whose listed epochs were the same.
std::optional<Difference> compare_end(const Capsule& capsule, const train::Trainer& trainer) {
  const u32 epochs = u32(trainer.history().size());
  if (epochs != capsule.epochs || trainer.ending() != capsule.ending ||
      trainer.steps_done() != capsule.steps) {
    return Difference{std::min(epochs, capsule.epochs) + 1,
                      "The run ended otherwise: after " + epochs_text(epochs) + " and step " +
                          std::to_string(trainer.steps_done()) + " here, after " +
                          epochs_text(capsule.epochs) + " and step " +
                          std::to_string(capsule.steps) + " in the capsule." + made_by(capsule)};
  }
  const u64 weights = trainer.network().weight_hash();
  if (weights == capsule.weights) return {};
  return Difference{std::max(1u, epochs),
                    "Every epoch is the same, but the weights that the run left are " +
                        hex(weights) + " here, " + hex(capsule.weights) + " in the capsule." +
                        made_by(capsule)};
}

u64 weights_of(const train::RunState& state, const std::vector<f32>& parameters,
               const std::vector<f32>& buffers) {
  nn::Network network = nn::Network::create(state.network, 0).value();
  std::ranges::copy(parameters, network.parameters().begin());
  std::ranges::copy(buffers, network.buffers().begin());
  return network.weight_hash();
}

// Those that an epoch ends with: the averages, where there are some.
u64 judged_weights(const train::RunState& state) {
  return state.train.ema > 0 ? weights_of(state, state.average_parameters, state.average_buffers)
                             : weights_of(state, state.parameters, state.buffers);
}

// Whose weights a run keeps: those of the first of its best epochs.
struct Kept {
  u32 epoch = 0, correct = 0;
};
Kept best_of(const train::RunState& state) {
  const auto best =
      std::ranges::max_element(state.history, {}, &train::EpochRecord::validation_accuracy);
  const auto split =
      data::split(state.data_count, state.train.fraction, state.train.validation, state.train.seed);
  const f32 correct = best->validation_accuracy * f32(split.validation.size());
  return {u32(best - state.history.begin()), u32(correct + 0.5f)};
}

Status compare_weights(const Capsule& capsule, u32 epoch, u64 weights) {
  const auto row = std::ranges::find(capsule.history, epoch, &CapsuleRow::epoch);
  if (row == capsule.history.end()) {
    return Problem{Code::not_found, "The capsule does not list epoch " + std::to_string(epoch) +
                                        ", whose weights the checkpoint holds."};
  }
  if (weights == row->weights) return Done{};
  return Problem{Code::bad_file, "The checkpoint's weights are " + hex(weights) +
                                     ", the capsule has " + hex(row->weights) + " after epoch " +
                                     std::to_string(epoch) + "."};
}

}  // namespace

Result<spec::Network> network_of(const Capsule& capsule) {
  if (capsule.network) return *capsule.network;
  const spec::Network* known = spec::find_in_zoo(capsule.network_name);
  if (known != nullptr && network_hash(*known) == capsule.network_hash) return *known;
  return Problem{Code::not_found,
                 "The capsule only names its network, " + capsule.network_name + " with hash " +
                     hex(capsule.network_hash) +
                     ", and no ready network is that one. Give its spec beside the capsule."};
}

Status check_images(const Capsule& capsule, const data::Images& images) {
  const std::string made = "The run was made with " + std::to_string(capsule.images) +
                           " training images (fingerprint " + hex(capsule.data_hash) + ")";
  if (images.count() < capsule.images) {
    return Problem{Code::not_found, made + ", only " + std::to_string(images.count()) +
                                        " are loaded. Load the same data set, completely, first."};
  }
  const u64 here = train::data_hash(images, capsule.images, capsule.train);
  if (here == capsule.data_hash) return Done{};
  return Problem{Code::not_found,
                 made + ", those that are loaded have " + hex(here) +
                     ". Load the data set of the run" +
                     (capsule.train.draws() ? "; if it is the same, this build draws otherwise "
                                              "than the one that made the capsule."
                                            : ".")};
}

Status check_replay(const Capsule& capsule, const data::Images& images) {
  const Result<spec::Network> network = network_of(capsule);
  if (!network.ok()) return network.problem();
  if (Status same = check_images(capsule, images); !same.ok()) return same;
  const auto fits = train::network_for(*network, capsule.train, images);
  return fits.ok() ? Status(Done{}) : Status(fits.problem());
}

Status check_checkpoint(const Capsule& capsule, const train::RunState& state, u32 epochs) {
  if (state.history.size() != epochs) {
    return Problem{Code::bad_file, "The checkpoint was made after " +
                                       epochs_text(u32(state.history.size())) + ", not after " +
                                       std::to_string(epochs) + "."};
  }
  const Kept best = best_of(state);
  if (state.best_epoch != best.epoch || state.best_correct != best.correct) {
    return Problem{Code::bad_file,
                   "The checkpoint keeps another epoch's weights than the best of its history."};
  }
  if (Status judged = compare_weights(capsule, epochs, judged_weights(state)); !judged.ok())
    return judged;
  return compare_weights(capsule, best.epoch + 1,
                         weights_of(state, state.best_parameters, state.best_buffers));
}

Result<std::unique_ptr<train::Trainer>> begin_replay(const Capsule& capsule,
                                                     const data::Images& images, Pool& pool) {
  const Result<spec::Network> network = network_of(capsule);
  if (!network.ok()) return network.problem();
  if (Status same = check_images(capsule, images); !same.ok()) return same.problem();
  return train::Trainer::create(*network, capsule.train, images, pool, capsule.images);
}

train::Trainer::Did replay_step(const Capsule& capsule, train::Trainer& trainer) {
  const bool reached =
      capsule.ending == train::Ending::stopped && trainer.steps_done() == capsule.steps;
  // Before the first epoch is validated, stop() validates where it is: as it did then.
  if (reached && (!trainer.has_best() || trainer.history().size() == capsule.epochs))
    trainer.stop();
  if (trainer.phase() == train::Phase::finished) return train::Trainer::Did::finished_run;
  return trainer.step();
}

std::optional<Difference> find_difference(const Capsule& capsule, const train::Trainer& trainer) {
  u32 before = 0;
  for (const CapsuleRow& row : capsule.history) {
    if (row.epoch > trainer.history().size()) break;
    const train::EpochRecord& here = trainer.history()[row.epoch - 1];
    if (auto difference = compare_row(capsule, row, before, here)) return difference;
    before = row.epoch;
  }
  const bool longer = trainer.history().size() > capsule.epochs;
  if (longer || trainer.phase() == train::Phase::finished) return compare_end(capsule, trainer);
  return {};
}

std::string confirmation(const Capsule& capsule) {
  return "The same bits: " + epochs_text(capsule.epochs) + " of " + capsule.network_name +
         " replayed, weights " + hex(capsule.weights) + ".";
}

}  // namespace engine::session
