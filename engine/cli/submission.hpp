// Submissions to the challenge: finding them in a folder, and running one where it can do no harm.
#pragma once
#include <string>
#include <vector>

#include "engine/cli/isolated.hpp"
#include "engine/cli/labelled.hpp"
#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"

namespace engine::cli {

struct Submission {
  std::string name;     // of the file or folder
  std::string weights;  // path, or empty for a capsule alone
  std::string capsule;  // path of the JSON file beside it, or alone, or empty
  std::string reason;   // why it cannot be run, or empty
};

// Every entry of the folder but hidden ones, by name: a file of weights (with NAME.json beside it
// as its capsule), a JSON file alone, or a folder with one file of weights and at most one JSON
// file, or with a JSON file alone. What is none of these is a submission with a reason, so that
// nothing disappears.
Result<std::vector<Submission>> find_submissions(const std::string& folder);

struct Answers {
  std::vector<u8> labels;  // one for each image
  u64 weights = 0;         // number of them
  u64 hash = 0;            // of them
};

// Runs a file of weights on the images, in a process of its own: whatever the file is, it gives
// answers or a sentence.
Result<Answers> answers_of(const std::string& weights, const Labelled& images, int threads,
                           const Limits& limits);

// The same for a capsule alone: does its run again on the training images, and with what that
// leaves the private ones. A run that ends otherwise than the capsule says is a sentence.
Result<Answers> answers_of_run(const std::string& capsule, const data::Images& training,
                               const Labelled& images, int threads, const Limits& limits);

}  // namespace engine::cli
