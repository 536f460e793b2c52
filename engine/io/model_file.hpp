// A network as one file: weights in PyTorch's layout and names, with everything needed to rebuild
// it in the metadata. The keys, the same in every format: atelier.format ("1"), atelier.spec (spec
// JSON), atelier.labels (JSON list of class names), atelier.preprocessing (JSON text), atelier.seed
// (decimal); every other key is a note.
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/io/weight_file.hpp"
#include "engine/nn/network.hpp"

namespace engine::io {

// What rides beside the weights.
struct ModelCard {
  std::vector<std::string> labels;  // one for each class, or none
  std::string preprocessing;        // JSON, or empty
  u64 seed = 0;                     // of the training run
  // Free: "accuracy", "command", ...; keys must not start with "atelier."
  std::map<std::string, std::string> notes;
  bool operator==(const ModelCard&) const = default;
};

// The order of pixels in which the network was trained (spec::Train::permute); 0 when the note
// "train" says nothing of one.
u32 permute_of(const ModelCard& card);

// The network as named weights with its card as metadata. Code::bad_file when labels or notes break
// the rules above.
Result<WeightFile> weights_of(const nn::Network& network, const ModelCard& card);

// The network as a file of half precision gives it back.
nn::Network rounded(const nn::Network& network);

// As safetensors; Code::bad_file when a weight is not finite (a diverged run).
Result<std::vector<std::byte>> save_model(const nn::Network& network, const ModelCard& card,
                                          Precision precision = Precision::full);

struct LoadedModel {
  nn::Network network;
  ModelCard card;
};

// The network that weights and metadata describe, or a sentence. Names and shapes must be those of
// the spec, all of them and no others. Without our metadata, weights are accepted when they are
// those of exactly one network of the zoo. Code::bad_file, or those of reading a spec
// (spec/json.hpp).
Result<LoadedModel> model_of(const WeightFile& file);

// Any bytes give a model or a sentence: a safetensors file.
Result<LoadedModel> load_model(std::span<const std::byte> bytes);

}  // namespace engine::io
