#include "engine/session/card.hpp"

#include <cstdio>

#include "engine/core/hash.hpp"
#include "engine/kernels/image.hpp"
#include "engine/session/capsule.hpp"
#include "engine/spec/json.hpp"

namespace engine::session {
namespace {

bool is_fashion(const spec::Network& spec, int classes) {
  return spec.input == Shape{1, kernels::kImageSide, kernels::kImageSide} &&
         classes == int(data::fashion_mnist_names().size());
}

}  // namespace

io::ModelCard untrained_card(const nn::Network& network, u64 seed) {
  io::ModelCard card;
  card.seed = seed;
  if (is_fashion(network.spec(), network.classes())) {
    for (std::string_view name : data::fashion_mnist_names()) card.labels.emplace_back(name);
    card.preprocessing = kernels::kPreprocessing;
  }
  return card;
}

io::ModelCard card_of(const train::Trainer& trainer) {
  io::ModelCard card = untrained_card(trainer.network(), trainer.config().seed);
  card.notes["train"] = spec::to_json(trainer.config());
  card.notes["data"] = std::to_string(trainer.split().train.size()) + " training images, " +
                       std::to_string(trainer.split().validation.size()) +
                       " for validation, fingerprint " + hex(trainer.data_hash());
  card.notes["epochs"] = std::to_string(trainer.history().size());
  if (trainer.has_best()) {
    char accuracy[32];
    std::snprintf(accuracy, sizeof accuracy, "%.4f", double(trainer.best_accuracy()));
    card.notes["validation accuracy"] = accuracy;
  }
  if (trainer.phase() == train::Phase::finished) card.notes["run"] = to_json(capsule_of(trainer));
  return card;
}

}  // namespace engine::session
