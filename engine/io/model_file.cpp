#include "engine/io/model_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include "engine/io/bad_file.hpp"
#include "engine/io/half.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

using spec::Json;

constexpr std::string_view kOurs = "atelier.";
constexpr const char* kFormat = "atelier.format";
constexpr const char* kSpec = "atelier.spec";
constexpr const char* kLabels = "atelier.labels";
constexpr const char* kPreprocessing = "atelier.preprocessing";
constexpr const char* kSeed = "atelier.seed";

std::vector<u64> dims_of(const nn::Tensor& tensor) {
  std::vector<u64> dims;
  for (int d : tensor.info.dims) dims.push_back(u64(d));
  return dims;
}

std::string in_words(const std::vector<u64>& dims) {
  std::string text;
  for (u64 d : dims) text += (text.empty() ? "" : " x ") + std::to_string(d);
  return text.empty() ? "a single number" : text;
}

// --- the card

std::optional<Problem> check_card(const ModelCard& card, int classes) {
  if (!card.labels.empty() && int(card.labels.size()) != classes) {
    return bad_file("There are " + std::to_string(card.labels.size()) +
                    " labels for a network with " + std::to_string(classes) +
                    " outputs. Give one label for each, or none.");
  }
  if (!card.preprocessing.empty()) {
    const auto json =
        spec::parse_json(card.preprocessing, spec::kMaxJsonBytes, "The preprocessing");
    if (!json.ok()) return bad_file(json.problem().sentence);
  }
  for (const auto& [key, value] : card.notes) {
    if (std::string_view(key).starts_with(kOurs))
      return bad_file("The note " + spec::shown(key) + " uses a reserved name. Call it otherwise.");
  }
  return {};
}

std::map<std::string, std::string> metadata_of(const spec::Network& network,
                                               const ModelCard& card) {
  std::map<std::string, std::string> metadata = card.notes;
  metadata[kFormat] = "1";
  metadata[kSpec] = spec::to_json(network);
  metadata[kSeed] = std::to_string(card.seed);
  if (!card.labels.empty()) metadata[kLabels] = spec::dump_json(Json(card.labels));
  if (!card.preprocessing.empty()) metadata[kPreprocessing] = card.preprocessing;
  return metadata;
}

std::optional<Problem> read_labels(const std::string& text, std::vector<std::string>& labels) {
  const auto json = spec::parse_json(text, spec::kMaxJsonBytes, kLabels);
  if (!json.ok()) return bad_file(json.problem().sentence);
  if (!json->is_array()) return bad_file("atelier.labels must be a list of texts.");
  for (const Json& label : *json) {
    if (!label.is_string())
      return bad_file("atelier.labels may hold texts only, not " + spec::quoted(label) + ".");
    labels.push_back(label.get_ref<const std::string&>());
  }
  return {};
}

std::optional<Problem> read_seed(const std::string& text, u64& seed) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seed);
  if (read.ec == std::errc{} && read.ptr == end) return {};
  return bad_file("atelier.seed must be a whole number, is \"" + spec::shown(text) + "\".");
}

Result<ModelCard> read_card(const std::map<std::string, std::string>& metadata) {
  ModelCard card;
  for (const auto& [key, value] : metadata) {
    std::optional<Problem> problem;
    if (key == kLabels) {
      problem = read_labels(value, card.labels);
    } else if (key == kSeed) {
      problem = read_seed(value, card.seed);
    } else if (key == kPreprocessing) {
      card.preprocessing = value;
    } else if (!std::string_view(key).starts_with(kOurs)) {
      card.notes[key] = value;
    }
    if (problem) return *problem;
  }
  return card;
}

// --- the weights

const TensorData* find(const WeightFile& file, const std::string& name) {
  const auto at = std::find_if(file.tensors.begin(), file.tensors.end(),
                               [&](const TensorData& t) { return t.name == name; });
  return at == file.tensors.end() ? nullptr : &*at;
}

std::optional<Problem> fill(nn::Network& network, const WeightFile& file) {
  std::set<std::string_view> expected;
  for (const nn::Tensor& tensor : network.tensors()) {
    expected.insert(tensor.name);
    const TensorData* data = find(file, tensor.name);
    if (data == nullptr)
      return bad_file("The file has no tensor " + tensor.name + ", which the network needs.");
    if (data->dims != dims_of(tensor)) {
      return bad_file(tensor.name + " is " + in_words(data->dims) + " in the file, but " +
                      in_words(dims_of(tensor)) + " in the network.");
    }
    std::copy(data->values.begin(), data->values.end(), tensor.value.begin());
  }
  for (const TensorData& data : file.tensors) {
    if (expected.count(data.name) == 0)
      return bad_file("The file has a tensor " + spec::shown(data.name) +
                      ", which the network does not know.");
  }
  return {};
}

// A few lines may describe a network of millions of weights: none is built to find out that the
// file holds far fewer.
std::optional<Problem> check_held(const WeightFile& file, const spec::Network& spec) {
  constexpr u64 kMostMissing = 1 << 20;
  const Result<spec::Facts> facts = spec::infer(spec);
  if (!facts.ok()) return {};  // who builds it says why
  u64 held = 0;
  for (const TensorData& tensor : file.tensors) held += tensor.values.size();
  if (facts->weights <= held + kMostMissing) return {};
  return bad_file("The file holds " + spec::grouped(held) + " values, but its network has " +
                  spec::grouped(facts->weights) + " weights. It is damaged: save it again.");
}

Result<nn::Network> network_of(const WeightFile& file, const spec::Network& spec, u64 seed) {
  if (auto problem = check_held(file, spec)) return *problem;
  Result<nn::Network> network = nn::Network::create(spec, seed);
  if (!network.ok()) return network;
  if (auto problem = fill(*network, file)) return *problem;
  return network;
}

Result<nn::Network> network_of_zoo(const WeightFile& file) {
  for (const spec::Network& spec : spec::zoo()) {
    Result<nn::Network> network = network_of(file, spec, 0);
    if (network.ok()) return network;
  }
  std::string names;
  for (const spec::Network& spec : spec::zoo()) names += (names.empty() ? "" : ", ") + spec.name;
  return bad_file(
      "The file holds weights but no network (no atelier.spec), and its tensors are those of none "
      "of " +
      names + ". Save it with its network.");
}

}  // namespace

u32 permute_of(const ModelCard& card) {
  const auto note = card.notes.find("train");
  if (note == card.notes.end()) return 0;
  const Result<spec::Train> train = spec::train_from_json(note->second);
  return train.ok() ? train->permute : 0;
}

Result<WeightFile> weights_of(const nn::Network& network, const ModelCard& card) {
  if (auto problem = check_card(card, network.classes())) return *problem;
  WeightFile file;
  file.metadata = metadata_of(network.spec(), card);
  for (const nn::Tensor& tensor : network.tensors()) {
    file.tensors.push_back(
        {tensor.name, dims_of(tensor), {tensor.value.begin(), tensor.value.end()}});
  }
  return file;
}

nn::Network rounded(const nn::Network& network) {
  nn::Network twin = std::move(nn::Network::create(network.spec(), 0)).value();
  twin.copy_weights(network);
  for (nn::Tensor& tensor : twin.tensors()) {
    for (f32& value : tensor.value) value = from_half(to_half(value));
  }
  return twin;
}

Result<std::vector<std::byte>> save_model(const nn::Network& network, const ModelCard& card,
                                          Precision precision) {
  const Result<WeightFile> file = weights_of(network, card);
  if (!file.ok()) return file.problem();
  return write_safetensors(*file, precision);
}

Result<LoadedModel> model_of(const WeightFile& file) {
  const auto format = file.metadata.find(kFormat);
  if (format != file.metadata.end() && format->second != "1") {
    return bad_file("The file is of format " + spec::shown(format->second) +
                    ", this build reads format 1. Use a newer build.");
  }
  Result<ModelCard> card = read_card(file.metadata);
  if (!card.ok()) return card.problem();
  const auto text = file.metadata.find(kSpec);
  Result<nn::Network> network = [&]() -> Result<nn::Network> {
    if (text == file.metadata.end()) return network_of_zoo(file);
    const Result<spec::Network> spec = spec::network_from_json(text->second);
    if (!spec.ok())
      return bad_file("The file's network cannot be built: " + spec.problem().sentence);
    return network_of(file, *spec, card->seed);
  }();
  if (!network.ok()) return network.problem();
  if (auto problem = check_card(*card, network->classes())) return *problem;
  return LoadedModel{std::move(*network), std::move(*card)};
}

Result<LoadedModel> load_model(std::span<const std::byte> bytes) {
  const Result<WeightFile> file = read_safetensors(bytes);
  if (!file.ok()) return file.problem();
  return model_of(*file);
}

}  // namespace engine::io
