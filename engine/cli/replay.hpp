// What `train --capsule`, `train --replay`, `train --keep-checkpoints` and `verify` share.
#pragma once
#include <optional>
#include <string>

#include "engine/cli/common.hpp"
#include "engine/session/replay.hpp"

namespace engine::cli {

struct ReplayOptions {
  std::string capsule;  // file: a capsule, or weights that carry one
  std::string data = "fashion-mnist";
  std::string model;                // spec of a network that the capsule only names; may be empty
  std::string checkpoints;          // verify: folder
  std::vector<engine::u32> epochs;  // verify: which ones, from 1; none: all that are listed
  int threads = 0;
};

// With `model` for a capsule that only names its network.
Result<session::Capsule> load_capsule(const std::string& path, const std::string& model);

// Whether weights can be those of the capsule: they are, or are rounded to float16, which a replay
// alone can tell from others that are.
bool may_be_of(const session::Capsule& capsule, const nn::Network& network);

// Does a run that begin_replay() began again in silence, to its end or to the first difference.
std::optional<session::Difference> redo(const session::Capsule& capsule, train::Trainer& trainer);

// Does the run again: 0 with "The same bits", or the sentence that names the first epoch that
// differs.
Outcome replay(const ReplayOptions& options);

// FOLDER/epoch_0003.checkpoint: the state after three epochs.
std::string checkpoint_path(const std::string& folder, u32 epochs);
Status make_folder(const std::string& folder);  // and those above it

}  // namespace engine::cli
