// What a file of weights says about itself: class names, preprocessing, seed, and how it was
// trained.
#pragma once
#include "engine/io/model_file.hpp"
#include "engine/train/trainer.hpp"

namespace engine::session {

// Of a run as it stands. Notes: "train" (configuration as JSON), "data" (images and fingerprint),
// "epochs", "validation accuracy"; once finished "run" (its capsule: capsule.hpp).
io::ModelCard card_of(const train::Trainer& trainer);

// Of a network that nobody has trained yet.
io::ModelCard untrained_card(const nn::Network& network, u64 seed);

}  // namespace engine::session
