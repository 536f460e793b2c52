// The fingerprint of the whole engine: a fixed set of computations and two short trainings, each
// reduced to a hash. Every build (any compiler, optimisation, SIMD width, browser) and any number
// of threads must print the same lines (tests/golden/expected.txt). The hashes of single operations
// come first, so that a difference names its origin.
#pragma once
#include <string>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::train {

struct GoldenLine {
  std::string name;  // letters, digits, dots, underscores
  u64 hash = 0;
};

// Needs no data set: images are drawn from Rng. Takes about a second in an optimised build.
std::vector<GoldenLine> golden_run(int threads);

}  // namespace engine::train
