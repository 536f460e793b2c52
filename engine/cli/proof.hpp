// Whether the capsule of a submission is about its weights, and whether its run gives them again.
#pragma once
#include "engine/cli/submission.hpp"
#include "engine/data/dataset.hpp"

namespace engine::cli {

enum class Proven : u32 {
  nothing,   // there is no capsule
  claimed,   // the capsule is of these weights; its run was not done again
  verified,  // the run was done again, with the same bits to the end
  refuted,   // the capsule is damaged or of other weights, or its run gives others
};

struct Proof {
  Proven proven = Proven::nothing;
  std::string remark;  // claimed and refuted: why
};

// The capsule is the JSON file beside the weights, else the one that they carry. Weights that were
// stored as float16 are those of the run, rounded: only a replay tells. With `training`
// images its run is replayed, in a process of its own.
Proof prove(const Submission& submission, const data::Images* training, int threads,
            const Limits& limits);

}  // namespace engine::cli
