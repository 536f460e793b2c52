// train --replay: a run from its capsule.
#include "engine/cli/replay.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/cli/console.hpp"
#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "engine/io/load.hpp"
#include "engine/session/replay.hpp"

namespace engine::cli {
namespace {

constexpr const char* kNote = "run";  // of weights: session/card.hpp

bool is_json(std::span<const std::byte> bytes) {
  for (std::byte b : bytes) {
    const char c = char(b);
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return c == '{';
  }
  return false;
}

// A capsule as text, and the weights that it was found in, if any.
struct CapsuleText {
  std::string text;
  std::optional<io::LoadedModel> carrier;
};

Result<CapsuleText> capsule_text(const std::string& path) {
  const auto file = data::read_file(path);
  if (!file.ok()) return file.problem();
  if (is_json(*file))
    return CapsuleText{{reinterpret_cast<const char*>(file->data()), file->size()}, {}};
  auto model = io::load_any(*file, path);
  if (!model.ok()) return model.problem();
  const auto note = model->card.notes.find(kNote);
  if (note != model->card.notes.end()) return CapsuleText{note->second, std::move(model).value()};
  return Problem{Code::not_found, path +
                                      " holds weights, but no capsule of their run. Give the file "
                                      "that train --capsule wrote."};
}

void print_epoch(const session::Capsule& capsule, const train::EpochRecord& record) {
  for (const session::CapsuleRow& row : capsule.history) {
    if (row.epoch != record.epoch + 1) continue;
    std::printf("epoch %u/%u  loss %.4f  accuracy %s %%  weights %s  the same\n", row.epoch,
                capsule.epochs, double(row.loss), percent(double(row.accuracy)).c_str(),
                hex(row.weights).c_str());
    std::fflush(stdout);
  }
}

}  // namespace

bool may_be_of(const session::Capsule& capsule, const nn::Network& network) {
  const u64 weights = network.weight_hash();
  return weights == capsule.weights || weights == io::rounded(network).weight_hash();
}

Result<session::Capsule> load_capsule(const std::string& path, const std::string& model) {
  const auto text = capsule_text(path);
  if (!text.ok()) return text.problem();
  auto capsule = session::capsule_from_json(text->text);
  if (!capsule.ok())
    return Problem{capsule.problem().code, path + ": " + capsule.problem().sentence};
  if (text->carrier && !may_be_of(*capsule, text->carrier->network)) {
    return Problem{Code::bad_file,
                   path +
                       " carries the capsule of other weights than its own. Give the capsule that "
                       "train --capsule wrote."};
  }
  if (model.empty()) return capsule;
  const auto network = load_spec(model);
  if (!network.ok()) return network.problem();
  if (session::network_hash(*network) != capsule->network_hash) {
    return Problem{Code::bad_spec, "The network " + model + " has hash " +
                                       hex(session::network_hash(*network)) +
                                       ", that of the capsule " + hex(capsule->network_hash) +
                                       ". Give the one that was trained."};
  }
  capsule->network = *network;
  return capsule;
}

std::string checkpoint_path(const std::string& folder, u32 epochs) {
  char name[40];
  std::snprintf(name, sizeof name, "/epoch_%04u.checkpoint", epochs);
  return folder + name;
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return Done{};
  return Problem{Code::io_failed, "The folder " + folder + " cannot be made: " + error.message() +
                                      ". Choose another."};
}

std::optional<session::Difference> redo(const session::Capsule& capsule, train::Trainer& trainer) {
  for (;;) {
    const auto did = session::replay_step(capsule, trainer);
    if (auto difference = session::find_difference(capsule, trainer)) return difference;
    if (did == train::Trainer::Did::finished_run) return {};
  }
}

Outcome replay(const ReplayOptions& options) {
  const auto capsule = load_capsule(options.capsule, options.model);
  if (!capsule.ok()) return capsule.problem();
  const auto data = load_data(options.data);
  if (!data.ok()) return data.problem();
  Pool pool(thread_count(options.threads));
  const auto made = session::begin_replay(*capsule, data->train, pool);
  if (!made.ok()) return made.problem();
  train::Trainer& trainer = **made;
  Progress progress;
  for (;;) {
    const std::size_t epochs_before = trainer.history().size();
    const auto did = session::replay_step(*capsule, trainer);
    const bool epoch_done = trainer.history().size() > epochs_before;
    const bool over = did == train::Trainer::Did::finished_run;
    if (epoch_done || over) {
      progress.clear();
      if (const auto difference = session::find_difference(*capsule, trainer))
        return Problem{Code::not_found, difference->sentence};
    }
    if (epoch_done) print_epoch(*capsule, trainer.history().back());
    if (over) break;
    if (progress.due()) {
      progress.show("epoch " + std::to_string(trainer.epoch() + 1) + "/" +
                    std::to_string(capsule->epochs) + "  " +
                    clock_text(double(trainer.eta_seconds())) + " left");
    }
  }
  std::printf("%s\n", session::confirmation(*capsule).c_str());
  return 0;
}

}  // namespace engine::cli
