#include "engine/session/capsule.hpp"

#include <algorithm>
#include <array>

#include "engine/core/hash.hpp"
#include "engine/session/version.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/json_reader.hpp"
#include "engine/spec/short_json.hpp"

namespace engine::session {
namespace {

using spec::Json;

constexpr std::array<std::string_view, 4> kEndings{"completed", "stopped", "early", "diverged"};
constexpr u32 kMostEpochs = 1000;  // of a run: spec::Train's limit
constexpr u32 kMostSteps = 1u << 31;
constexpr std::size_t kFewestRows = 8;  // before a network's spec is left out
constexpr std::size_t kMostName = 64;

std::span<const std::byte> bytes_of_text(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Json parsed(const std::string& text) { return Json::parse(text, nullptr, false); }

bool is_hash(const Json& json) {
  if (!json.is_string()) return false;
  const std::string& text = json.get_ref<const std::string&>();
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

u64 hash_of(const Json& json) {
  u64 value = 0;
  for (char c : json.get_ref<const std::string&>())
    value = value << 4 | u64(c <= '9' ? c - '0' : c - 'a' + 10);
  return value;
}

// --- writing

bool fits(const Capsule& capsule) { return to_json(capsule).size() <= kMaxCapsuleBytes; }

// Lists every second, third ... epoch until the text fits or fewer than kFewestRows are left.
void thin_out(Capsule& capsule) {
  const std::vector<CapsuleRow> all = capsule.history;
  for (u32 every = 2; !fits(capsule) && capsule.history.size() > kFewestRows; ++every) {
    capsule.history.clear();
    for (const CapsuleRow& row : all) {
      if (row.epoch % every == 0 || row.epoch == capsule.epochs) capsule.history.push_back(row);
    }
  }
}

// Leaves the name and the hash.
void drop_network(Capsule& capsule) {
  capsule.network.reset();
  capsule.network_name =
      capsule.network_name.empty() ? "network" : capsule.network_name.substr(0, kMostName);
}

void shorten(Capsule& capsule) {
  const std::vector<CapsuleRow> all = capsule.history;
  const spec::Network* known = spec::find_in_zoo(capsule.network_name);
  if (!fits(capsule) && known != nullptr && *known == *capsule.network) drop_network(capsule);
  thin_out(capsule);
  if (fits(capsule)) return;
  drop_network(capsule);
  capsule.history = all;
  thin_out(capsule);
}

// --- reading

void read_hash(spec::JsonReader& reader, std::string_view key, u64& value) {
  reader.require(key);
  const Json* json = reader.find(key);
  if (json == nullptr) return;
  if (!is_hash(*json)) {
    return reader.fail(
        Code::bad_json,
        std::string(key) + " must be a hash of 16 digits 0-9a-f, is " + spec::quoted(*json));
  }
  value = hash_of(*json);
}

void read_name(spec::JsonReader& reader, std::string_view key, std::string& value) {
  reader.text(key, value);
  if (value.empty() || value.size() > kMostName)
    reader.fail(Code::bad_json, std::string(key) + " must be a name of 1 to 64 bytes");
}

void read_network(spec::JsonReader& reader, Capsule& capsule, Problem& problem) {
  reader.require("network");
  read_hash(reader, "network_hash", capsule.network_hash);
  const Json* json = reader.find("network");
  if (json == nullptr) return;
  if (json->is_string()) return read_name(reader, "network", capsule.network_name);
  Result<spec::Network> network = spec::network_from_json(spec::dump_json(*json));
  if (!network.ok()) {
    problem = {network.problem().code, "In the capsule's network: " + network.problem().sentence};
    return;
  }
  if (network_hash(*network) != capsule.network_hash) {
    return reader.fail(
        Code::bad_spec,
        "network_hash is not that of the capsule's network. One of them was changed, "
        "or another version of the engine wrote them");
  }
  capsule.network_name = network->name;
  capsule.network = std::move(*network);
}

void read_train(spec::JsonReader& reader, Capsule& capsule, Problem& problem) {
  reader.require("train");
  const Json* json = reader.find("train");
  if (json == nullptr) return;
  Result<spec::Train> train = spec::train_from_json(spec::dump_json(*json));
  if (train.ok()) {
    capsule.train = *train;
  } else {
    problem = {train.problem().code, "In the capsule's settings: " + train.problem().sentence};
  }
}

bool is_row(const Json& json) {
  return json.is_array() && json.size() == 4 && json[0].is_number_unsigned() &&
         json[0].get<u64>() <= kMostEpochs && json[1].is_number() && json[2].is_number() &&
         is_hash(json[3]);
}

void read_history(spec::JsonReader& reader, Capsule& capsule) {
  reader.require("history");
  const Json* list = reader.list("history");
  if (list == nullptr) return;
  u32 before = 0;
  for (const Json& json : *list) {
    if (!is_row(json) || json[0].get<u32>() <= before || json[0].get<u32>() > capsule.epochs) {
      return reader.fail(Code::bad_json,
                         "history must list [epoch, loss, accuracy, hash] with ascending epochs "
                         "that the run has, not " +
                             spec::quoted(json));
    }
    before = json[0].get<u32>();
    capsule.history.push_back({before, json[1].get<f32>(), json[2].get<f32>(), hash_of(json[3])});
  }
  if (before != capsule.epochs)
    reader.fail(Code::bad_json, "history must end with the last epoch that was done");
}

}  // namespace

u64 network_hash(const spec::Network& network) {
  return hash_bytes(bytes_of_text(spec::to_short_json(network)));
}

Capsule capsule_of(const train::Trainer& trainer) {
  Capsule capsule;
  const spec::Network& network = trainer.network().spec();
  capsule.engine = kVersion;
  capsule.images = trainer.data_count();
  capsule.data_hash = trainer.data_hash();
  capsule.network = network;
  capsule.network_name = network.name;
  capsule.network_hash = network_hash(network);
  capsule.train = trainer.config();
  capsule.ending = trainer.ending();
  capsule.epochs = u32(trainer.history().size());
  capsule.steps = trainer.steps_done();
  for (const train::EpochRecord& r : trainer.history())
    capsule.history.push_back({r.epoch + 1, r.train_loss, r.validation_accuracy, r.weight_hash});
  capsule.weights = trainer.network().weight_hash();
  shorten(capsule);
  return capsule;
}

std::string to_json(const Capsule& capsule) {
  Json history = Json::array();
  for (const CapsuleRow& row : capsule.history)
    history.push_back({row.epoch, row.loss, row.accuracy, hex(row.weights)});
  Json json = Json::object();
  json["format"] = std::string(kCapsuleFormat);
  json["engine"] = capsule.engine;
  json["data"] = {{"images", capsule.images}, {"hash", hex(capsule.data_hash)}};
  json["network"] =
      capsule.network ? parsed(spec::to_short_json(*capsule.network)) : Json(capsule.network_name);
  json["network_hash"] = hex(capsule.network_hash);
  json["train"] = parsed(spec::to_short_json(capsule.train));
  json["ending"] = std::string(kEndings[std::size_t(capsule.ending)]);
  json["epochs"] = capsule.epochs;
  json["steps"] = capsule.steps;
  json["history"] = std::move(history);
  json["weights"] = hex(capsule.weights);
  return spec::dump_json(json);
}

Result<Capsule> capsule_from_json(std::string_view text) {
  const Result<Json> json = spec::parse_json(text, kMaxCapsuleText, "The capsule");
  if (!json.ok()) return json.problem();
  Problem problem;
  spec::JsonReader reader(*json, "", Code::bad_json, problem);
  Capsule capsule;
  std::string format;
  reader.require("format");
  reader.text("format", format);
  if (problem.code == Code::none && format != kCapsuleFormat) {
    reader.fail(Code::bad_json,
                "This is no capsule of a run, or one of another version: format must "
                "be \"" +
                    std::string(kCapsuleFormat) + "\"");
  }
  read_name(reader, "engine", capsule.engine);
  reader.require("data");
  if (const Json* data = reader.find("data")) {
    spec::JsonReader inner(*data, "data", Code::bad_json, problem);
    inner.require("images");
    inner.whole("images", capsule.images, 2, 1u << 28);
    read_hash(inner, "hash", capsule.data_hash);
    inner.refuse_others();
  }
  read_network(reader, capsule, problem);
  read_train(reader, capsule, problem);
  reader.require("ending");
  capsule.ending = reader.choice("ending", kEndings, capsule.ending);
  for (const char* key : {"epochs", "steps"}) reader.require(key);
  reader.whole("epochs", capsule.epochs, 0, capsule.train.epochs);
  reader.whole("steps", capsule.steps, 0, kMostSteps);
  read_history(reader, capsule);
  read_hash(reader, "weights", capsule.weights);
  reader.refuse_others();
  if (problem.code != Code::none) return problem;
  return capsule;
}

}  // namespace engine::session
