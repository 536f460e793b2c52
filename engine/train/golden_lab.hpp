// The second part of the fingerprint: 200 steps of the lab's network (lab_cnn, 28 x 28) by the
// trainer itself, with everything that a run has: split, shuffle, augmentation, dropout, a partial
// last batch, a schedule, Adam, validation, the best weights put back.
//
// The first step and the last are also done in the open, operation by operation: the images after
// augmentation, each layer's y and dx, the gradient of each parameter, the optimizer's state and
// each parameter after the update. So a build that gives other bits names the operation.
#pragma once
#include "engine/data/dataset.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"
#include "engine/train/golden.hpp"

namespace engine::train {

// lab.step_1..., lab.weights_20, ..., lab.weights_200, lab.step_200..., lab.history, lab.final (the
// hash of the weights that the run leaves).
std::vector<GoldenLine> golden_lab_run(int threads, const GoldenTap& tap = {});

// What it is made of: whoever trains with these must get lab.final, through any checkpoint.
spec::Network golden_lab_network();
spec::Train golden_lab_config();
data::Images golden_lab_images();

}  // namespace engine::train
