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

// What one run may take. In the page all of WebAssembly's memory is 224 MB where there are threads,
// 1 GB at most where there are none, and the images lie there too.
#if defined(__EMSCRIPTEN_PTHREADS__)
inline constexpr u64 kMostRunBytes = u64(152) << 20;
#elif defined(__EMSCRIPTEN__)
inline constexpr u64 kMostRunBytes = u64(700) << 20;
#else
inline constexpr u64 kMostRunBytes = u64(8) << 30;
#endif

// Images of a validation batch at least: a smaller training batch takes no less memory.
inline constexpr u32 kSmallestSlice = 64;

// Images that are measured at once (session/scoring.hpp), beside a run or after it, while all that
// the run takes is still there.
inline constexpr u32 kMeasuredSlice = 128;

// Images for which a run has room: of a training batch, and of one in validation.
u32 slice_of(const spec::Train& train);

// What a run takes: weights, gradients, moments, the best and averaged weights, a checkpoint while
// it is written, and what a batch leaves behind in the layers; and the network that is measured.
u64 run_bytes(const nn::Network& network, const spec::Train& train);

// Code::too_large when that is more than `most`; says which batch would not be, if there is one.
Status check_room(const nn::Network& network, const spec::Train& train, u64 most = kMostRunBytes);

// The network that a run of these starts with, once check_fit() and check_room() hold; its weights
// are counted before there are any.
Result<nn::Network> network_for(const spec::Network& network, const spec::Train& train,
                                const data::Images& images);

// Code::not_found unless the state's images are the first of `images`.
Status check_images(const RunState& state, const data::Images& images);

// Code::bad_file unless the state's tensors have the network's sizes, its images, position and
// history are possible, and the weights that it keeps or leaves are finite.
Status check_state(const RunState& state, const nn::Network& network);

// The network of a run that goes on from the state, once check_images(), network_for() and
// check_state() hold. The weights are not yet the state's.
Result<nn::Network> network_of(const RunState& state, const data::Images& images);

// Whether a run with so many steps an epoch can stand where the state says.
bool position_possible(const RunState& state, u32 steps_per_epoch);

// How a finished run ended, for the user; epochs are counted from 1 there.
std::string ending_sentence(const RunState& state, f32 best_accuracy);

}  // namespace engine::train
