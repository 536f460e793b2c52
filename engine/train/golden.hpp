// The fingerprint of the whole engine: a fixed set of computations and two short trainings, each
// reduced to a hash. Every build (any compiler, optimisation, SIMD width, browser) and any number
// of threads must print the same lines (tests/golden/expected.txt). The hashes of single operations
// come first, so that a difference names its origin.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/types.hpp"
#include "engine/core/view.hpp"

namespace engine::train {

struct GoldenLine {
  std::string name;  // letters, digits, dots, underscores
  u64 hash = 0;
};

// Sees each tensor under its line's name before it is hashed: for whoever wants to know which value
// of a line that differs is another one.
using GoldenTap = std::function<void(const std::string& name, std::span<const f32> values)>;

// Needs no data set: images are drawn from Rng. Takes about a second in an optimised build.
std::vector<GoldenLine> golden_run(int threads, const GoldenTap& tap = {});

// A made-up image of one of ten classes, number `sample`: pixels (shape.h, shape.w) of 0..255, and
// the label. For goldens; never to be changed.
u8 draw_golden_image(u32 sample, Shape shape, std::span<u8> pixels);

}  // namespace engine::train
