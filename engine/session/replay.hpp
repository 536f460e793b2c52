// Doing a capsule's run again and saying whether it gives the same bits. Whoever replays owns the
// trainer and steps it; what is asked here after each step costs nothing worth mentioning.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "engine/session/capsule.hpp"

namespace engine::session {

// The capsule's network: its own, or the zoo's of that name and hash. Code::not_found when there is
// neither.
Result<spec::Network> network_of(const Capsule& capsule);

// Code::not_found unless the capsule's images are the first of `images`.
Status check_images(const Capsule& capsule, const data::Images& images);

// Whether a checkpoint stands where the capsule's run stood after `epochs` epochs: as many epochs
// behind it, the weights of that row, and those of its best epoch kept. The optimiser's moments,
// and with averaged weights those that learn, are in no capsule: there the checkpoint is taken at
// its word. `state` could be restored. Code::bad_file; not_found when the capsule lists too little.
Status check_checkpoint(const Capsule& capsule, const train::RunState& state, u32 epochs);

// Whether a replay can begin: network_of(), check_images(), train::network_for().
Status check_replay(const Capsule& capsule, const data::Images& images);

// A trainer at the start of the capsule's run. Codes of the two above and of Trainer::create().
Result<std::unique_ptr<train::Trainer>> begin_replay(const Capsule& capsule,
                                                     const data::Images& images, Pool& pool);

struct Difference {
  u32 epoch = 0;  // from 1: the first that differs
  std::string sentence;
};

// One step; a run that its user stopped is stopped at the same place.
train::Trainer::Did replay_step(const Capsule& capsule, train::Trainer& trainer);

// Where the trainer's history, or its end, contradicts the capsule; nothing while all is the same.
std::optional<Difference> find_difference(const Capsule& capsule, const train::Trainer& trainer);

// What a finished replay without a difference has shown.
std::string confirmation(const Capsule& capsule);

}  // namespace engine::session
