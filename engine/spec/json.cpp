#include "engine/spec/json.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/fields.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/json_reader.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/train_fields.hpp"
#include "engine/spec/words.hpp"

namespace engine::spec {
namespace {

constexpr f32 kAnyReal = 3.4e38f;

Json layer_json(const NamedLayer& named) {
  const Kind& kind = kind_of(named.layer);
  Json json{{"name", named.name}, {"type", std::string(kind.type)}};
  Layer layer = named.layer;
  for (const Field& field : kind.fields) {
    std::visit([&](const auto* at) { json[std::string(field.key)] = *at; },
               *find_field(layer, field.key));
  }
  if (!named.from.empty()) json["from"] = named.from;
  return json;
}

const Kind* find_kind(const std::string& type) {
  for (const Kind& kind : catalogue()) {
    if (kind.type == type) return &kind;
  }
  return nullptr;
}

std::string all_types() {
  std::string text;
  for (const Kind& kind : catalogue()) text += (text.empty() ? "" : ", ") + std::string(kind.type);
  return text;
}

NamedLayer read_layer(const Json& json, const std::string& path, Problem& problem) {
  JsonReader reader(json, path, Code::bad_spec, problem);
  NamedLayer named;
  std::string type;
  reader.require("name");
  reader.require("type");
  reader.text("name", named.name);
  reader.text("type", type);
  if (problem.code != Code::none) return named;
  const Kind* kind = find_kind(type);
  if (kind == nullptr) {
    reader.fail(Code::bad_spec,
                path + ".type must be one of " + all_types() + ", is " + quoted(Json(type)));
    return named;
  }
  named.layer = kind->initial;
  for (const Field& field : kind->fields) {
    const FieldPointer pointer = *find_field(named.layer, field.key);
    if (bool* const* flag = std::get_if<bool*>(&pointer)) reader.flag(field.key, **flag);
    if (int* const* whole = std::get_if<int*>(&pointer))
      reader.whole(field.key, **whole, int(field.low), int(field.high));
    if (f32* const* real = std::get_if<f32*>(&pointer))
      reader.real(field.key, **real, field.low, field.high);
  }
  reader.texts("from", named.from);
  reader.refuse_others();
  return named;
}

Shape read_input(const Json& json, Problem& problem) {
  const auto fits = [](const Json& n) {
    return n.is_number_unsigned() && n.get<u64>() >= 1 && n.get<u64>() <= 1 << 20;
  };
  if (!json.is_array() || json.size() != 3 || !std::all_of(json.begin(), json.end(), fits)) {
    problem = {
        Code::bad_spec,
        "input must be three whole numbers (channels, height, width), such as [1, 28, 28], is " +
            quoted(json) + "."};
    return {};
  }
  return {json[0].get<int>(), json[1].get<int>(), json[2].get<int>()};
}

}  // namespace

std::string to_json(const Network& network) {
  Json layers = Json::array();
  for (const NamedLayer& layer : network.layers) layers.push_back(layer_json(layer));
  const Shape in = network.input;
  return dump_json({{"name", network.name}, {"input", {in.c, in.h, in.w}}, {"layers", layers}});
}

std::string to_json(const Train& train) {
  Json json = Json::object();
  for (const TrainReal& field : kTrainReals) json[std::string(field.key)] = train.*field.at;
  for (const TrainWhole& field : kTrainWholes) json[std::string(field.key)] = train.*field.at;
  json["loss"] = std::string(kLossNames[std::size_t(train.loss)]);
  json["optimizer"] = std::string(kOptimizerNames[std::size_t(train.optimizer)]);
  json["schedule"] = std::string(kScheduleNames[std::size_t(train.schedule)]);
  json["init"] = std::string(kInitNames[std::size_t(train.init)]);
  json["nesterov"] = train.nesterov;
  Json augment = Json::object();
  for (const AugmentReal& field : kAugmentReals)
    augment[std::string(field.key)] = train.augment.*field.at;
  json["augment"] = augment;
  json["seed"] = train.seed;
  return dump_json(json);
}

Result<Network> draft_from_json(std::string_view text) {
  Result<Json> json = parse_json(text, kMaxJsonBytes, "The network's text");
  if (!json.ok()) return json.problem();
  Problem problem;
  JsonReader reader(*json, "", Code::bad_spec, problem);
  Network network;
  reader.require("layers");
  reader.text("name", network.name);
  if (const Json* input = reader.find("input")) network.input = read_input(*input, problem);
  if (const Json* layers = reader.list("layers")) {
    for (std::size_t i = 0; i < layers->size() && problem.code == Code::none; ++i) {
      network.layers.push_back(
          read_layer((*layers)[i], "layers[" + std::to_string(i) + "]", problem));
    }
  }
  reader.refuse_others();
  if (problem.code != Code::none) return problem;
  return network;
}

Result<Network> network_from_json(std::string_view text) {
  Result<Network> network = draft_from_json(text);
  if (!network.ok()) return network;
  if (const Result<Facts> facts = infer(*network); !facts.ok()) return facts.problem();
  return network;
}

Result<Train> train_from_json(std::string_view text) {
  Result<Json> json = parse_json(text, kMaxJsonBytes, "The training settings");
  if (!json.ok()) return json.problem();
  Problem problem;
  JsonReader reader(*json, "", Code::bad_config, problem);
  Train train;
  for (const TrainReal& field : kTrainReals)
    reader.real(field.key, train.*field.at, -kAnyReal, kAnyReal);
  for (const TrainWhole& field : kTrainWholes)
    reader.whole(field.key, train.*field.at, field.low, field.high);
  train.loss = reader.choice("loss", kLossNames, train.loss);
  train.optimizer = reader.choice("optimizer", kOptimizerNames, train.optimizer);
  train.schedule = reader.choice("schedule", kScheduleNames, train.schedule);
  train.init = reader.choice("init", kInitNames, train.init);
  reader.flag("nesterov", train.nesterov);
  reader.seed("seed", train.seed);
  if (const Json* augment = reader.find("augment")) {
    JsonReader inner(*augment, "augment", Code::bad_config, problem);
    for (const AugmentReal& field : kAugmentReals)
      inner.real(field.key, train.augment.*field.at, 0, field.high);
    inner.refuse_others();
  }
  reader.refuse_others();
  if (problem.code != Code::none) return problem;
  if (const Status status = check(train); !status.ok()) return status.problem();
  return train;
}

}  // namespace engine::spec
