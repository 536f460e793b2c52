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

// What one batch in training may take: outputs, gradients and what layers keep for them. In the
// page all of WebAssembly's memory is 256 MB where there are threads, and the images lie there too.
inline constexpr u64 kMostBatchBytes = sizeof(void*) == 4 ? u64(160) << 20 : u64(8) << 30;

// Images of a validation batch at least: a smaller training batch takes no less memory.
inline constexpr u32 kSmallestSlice = 64;

// Code::too_large when batches of `batch` images take more than `most` bytes; says which would not.
Status check_room(const nn::Network& network, u32 batch, u64 most = kMostBatchBytes);

// Code::not_found unless the state's images are the first of `images`.
Status check_images(const RunState& state, const data::Images& images);

// Code::bad_file unless the state's tensors have the network's sizes, its position and history are
// possible, and the weights that it keeps or leaves are finite.
Status check_state(const RunState& state, const nn::Network& network);

// Whether a run with so many steps an epoch can stand where the state says.
bool position_possible(const RunState& state, u32 steps_per_epoch);

// How a finished run ended, for the user; epochs are counted from 1 there.
std::string ending_sentence(const RunState& state, f32 best_accuracy);

}  // namespace engine::train
