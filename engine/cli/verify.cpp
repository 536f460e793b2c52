// verify: chosen epochs of a run, each from the checkpoint before it.
#include <algorithm>
#include <cstdio>

#include "engine/cli/console.hpp"
#include "engine/cli/replay.hpp"
#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "engine/session/checkpoint.hpp"
#include "engine/session/replay.hpp"

namespace engine::cli {
namespace {

using Trainer = std::unique_ptr<train::Trainer>;

class Verification {
 public:
  Verification(const ReplayOptions& options, session::Capsule capsule, spec::Network network)
      : options_(options),
        capsule_(std::move(capsule)),
        network_(std::move(network)),
        pool_(thread_count(options.threads)) {}

  Outcome run();

 private:
  Result<std::vector<u32>> chosen() const;
  Result<Trainer> start_before(u32 epoch);
  bool lists(u32 epoch) const;
  Status check_start(const train::RunState& state, const std::string& path) const;
  Status verify(u32 epoch);
  std::string folder() const;

  const ReplayOptions& options_;
  session::Capsule capsule_;
  spec::Network network_;
  Pool pool_;
  data::Dataset data_;
};

// Beside the capsule unless told otherwise.
std::string Verification::folder() const {
  if (!options_.checkpoints.empty()) return options_.checkpoints;
  const std::string& path = options_.capsule;
  const std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  const bool has_end = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  return path.substr(0, has_end ? dot : path.size()) + ".checkpoints";
}

Result<std::vector<u32>> Verification::chosen() const {
  std::vector<u32> listed;
  for (const session::CapsuleRow& row : capsule_.history) listed.push_back(row.epoch);
  if (options_.epochs.empty()) return listed;
  for (u32 epoch : options_.epochs) {
    if (std::find(listed.begin(), listed.end(), epoch) != listed.end()) continue;
    std::string all;
    for (u32 one : listed) all += (all.empty() ? "" : ", ") + std::to_string(one);
    return Problem{Code::bad_config, "The capsule lists no epoch " + std::to_string(epoch) +
                                         ". Choose among " + (all.empty() ? "none" : all) + "."};
  }
  return options_.epochs;
}

// A checkpoint is worth starting from only if it belongs to the run.
Status Verification::check_start(const train::RunState& state, const std::string& path) const {
  const bool ours = state.network == network_ && state.train == capsule_.train &&
                    state.data_count == capsule_.images && state.data_hash == capsule_.data_hash;
  if (!ours) {
    return Problem{Code::bad_file, path +
                                       " is of another run: its network, settings or images are "
                                       "not the capsule's. Choose the right folder."};
  }
  return Done{};
}

bool Verification::lists(u32 epoch) const {
  return std::ranges::find(capsule_.history, epoch, &session::CapsuleRow::epoch) !=
         capsule_.history.end();
}

// From the newest checkpoint before the epoch whose weights the capsule tells; from the start of
// the run if there is none.
Result<Trainer> Verification::start_before(u32 epoch) {
  for (u32 done = epoch - 1; done > 0; --done) {
    if (!lists(done)) continue;
    const std::string path = checkpoint_path(folder(), done);
    const auto file = data::read_file(path);
    if (!file.ok() && file.problem().code == Code::not_found) continue;
    if (!file.ok()) return file.problem();
    const auto state = session::read_checkpoint(*file);
    if (!state.ok()) return Problem{state.problem().code, path + ": " + state.problem().sentence};
    if (Status same = check_start(*state, path); !same.ok()) return same.problem();
    auto trainer = train::Trainer::restore(*state, data_.train, pool_);
    if (!trainer.ok())
      return Problem{trainer.problem().code, path + ": " + trainer.problem().sentence};
    if ((*trainer)->step_in_epoch() != 0 || (*trainer)->phase() != train::Phase::training) {
      return Problem{Code::bad_file, path +
                                         " does not stand at the end of an epoch. Use what train "
                                         "--keep-checkpoints has stored."};
    }
    const Status stands = session::check_checkpoint(capsule_, *state, done);
    if (stands.ok()) return trainer;
    if (stands.problem().code != Code::not_found)
      return Problem{stands.problem().code, path + ": " + stands.problem().sentence};
  }
  return session::begin_replay(capsule_, data_.train, pool_);
}

Status Verification::verify(u32 epoch) {
  auto made = start_before(epoch);
  if (!made.ok()) return made.problem();
  train::Trainer& trainer = **made;
  const u32 from = u32(trainer.history().size());
  Progress progress;
  for (;;) {
    // First of all the checkpoint's own epochs.
    if (const auto difference = session::find_difference(capsule_, trainer))
      return Problem{Code::not_found, difference->sentence};
    if (trainer.history().size() >= epoch) break;
    if (session::replay_step(capsule_, trainer) == train::Trainer::Did::finished_run &&
        trainer.history().size() < epoch) {
      if (const auto difference = session::find_difference(capsule_, trainer))
        return Problem{Code::not_found, difference->sentence};
      return Problem{Code::not_found, "The run ends before epoch " + std::to_string(epoch) + "."};
    }
    if (progress.due()) progress.show("verifying epoch " + std::to_string(epoch));
  }
  progress.clear();
  const train::EpochRecord& r = trainer.history()[epoch - 1];
  const std::string start =
      from == 0 ? "the start" : "the checkpoint after epoch " + std::to_string(from);
  std::printf("epoch %u: the same, from %s: loss %.4f, accuracy %s %%, weights %s\n", epoch,
              start.c_str(), double(r.train_loss), percent(double(r.validation_accuracy)).c_str(),
              hex(r.weight_hash).c_str());
  std::fflush(stdout);
  return Done{};
}

Outcome Verification::run() {
  const auto epochs = chosen();
  if (!epochs.ok()) return epochs.problem();
  auto data = load_data(options_.data);
  if (!data.ok()) return data.problem();
  data_ = std::move(*data);
  if (Status same = session::check_images(capsule_, data_.train); !same.ok()) return same.problem();
  for (u32 epoch : *epochs) {
    if (Status verified = verify(epoch); !verified.ok()) return verified.problem();
  }
  std::printf("%zu of %u epochs of %s verified.\n", epochs->size(), capsule_.epochs,
              capsule_.network_name.c_str());
  return 0;
}

Outcome verify(const ReplayOptions& options) {
  auto capsule = load_capsule(options.capsule, options.model);
  if (!capsule.ok()) return capsule.problem();
  auto network = session::network_of(*capsule);
  if (!network.ok()) return network.problem();
  return Verification(options, std::move(*capsule), std::move(*network)).run();
}

}  // namespace

Command add_verify(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "verify",
      "Replay chosen epochs of a run from stored checkpoints, whose weights must be "
      "the capsule's; what no capsule holds, as the optimiser's moments, is taken from them.");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("capsule", options->capsule, "what train --capsule wrote, or weights")
      ->required();
  command->add_option("--data", options->data, "fashion-mnist, or a folder with four IDX files")
      ->capture_default_str();
  command
      ->add_option("--epochs", options->epochs,
                   "which ones, e.g. 3 or 1,4,5; default: all that the capsule lists")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000));
  command->add_option("--checkpoints", options->checkpoints,
                      "folder of train --keep-checkpoints; default: run.checkpoints beside "
                      "run.json. An epoch without one is replayed from the start");
  command->add_option("--model", options->model,
                      "the network's spec, for a capsule that only names it");
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  return [options] { return verify(*options); };
}

}  // namespace engine::cli
