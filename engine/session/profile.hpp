// Where the time of a training step goes: layer by layer, as measured inside the passes that train.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/session/bench.hpp"

namespace engine::session {

// One part of a step: a layer's forward, weight gradient or input gradient, the clearing of all
// gradients (with the last layer), "assembly", "loss" or "optimizer". A ReLU's forward is done by
// the convolution before it, its backward by the layer after it where that can.
struct ProfileRow {
  std::string layer, type, part;
  double milliseconds = 0;  // of one step, the mean
  double share = 0;         // of the step
  double gflops = 0;        // 2 multiply-adds a second / 1e9, counted as without Winograd: a
                            // convolution may pass the limit; 0: nothing is multiplied
};

struct Profile {
  std::string workload;
  double milliseconds = 0;  // of one step
  double limit = 0;         // GFLOP/s of a square product of 512 with the same threads
  std::vector<ProfileRow> rows;
};

// {"workload", "metric": "profile", "milliseconds", "limit", "rows": [{"layer", "type", "part",
// "milliseconds", "share", "gflops"}]} in one line, without a line break.
std::string to_json(const Profile& profile);

// Steps of one of the workloads of bench.hpp, for `seconds`, after a warm-up. Errors are
// those of run_bench(); gemm cannot be profiled.
Result<Profile> profile(std::string_view workload, double seconds, const data::Dataset& dataset,
                        Pool& pool);

}  // namespace engine::session
