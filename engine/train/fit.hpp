// Whether a network, a configuration, a data set and a saved run belong together, with a sentence
// when not.
#pragma once
#include <string>

#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"
#include "engine/nn/network.hpp"
#include "engine/train/state.hpp"

namespace engine::train {

// Fingerprint of all that a run trains on: the first `count` images, their labels and, if it draws,
// the version of the drawings.
u64 data_hash(const data::Images& images, u32 count, const spec::Train& train);

// Code::bad_config for the configuration or a loss that the last layer does not suit, bad_spec for
// a network whose input or number of classes is not the data's, wrong_state for fewer than 2
// images.
Status check_fit(const spec::Network& network, const spec::Train& train,
                 const data::Images& images);

// Code::not_found unless the state's images are the first of `images`.
Status check_images(const RunState& state, const data::Images& images);

// Code::bad_file unless the state's tensors have the network's sizes and its position and history
// are possible.
Status check_state(const RunState& state, const nn::Network& network);

// Whether a run with so many steps an epoch can stand where the state says.
bool position_possible(const RunState& state, u32 steps_per_epoch);

// How a finished run ended, for the user; epochs are counted from 1 there.
std::string ending_sentence(const RunState& state, f32 best_accuracy);

}  // namespace engine::train
