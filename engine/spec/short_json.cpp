#include "engine/spec/short_json.hpp"

#include <string_view>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::spec {
namespace {

// Our own writer's text, so it can be read.
Json read(const std::string& text) { return Json::parse(text, nullptr, false); }

// Takes out the members that `defaults` has with the same value, in objects within objects too.
void drop_defaults(Json& json, const Json& defaults) {
  for (auto at = json.begin(); at != json.end();) {
    const auto other = defaults.find(at.key());
    if (other == defaults.end()) {
      ++at;
      continue;
    }
    if (at->is_object() && other->is_object()) drop_defaults(*at, *other);
    const bool empty = at->is_object() && at->empty();
    at = empty || *at == *other ? json.erase(at) : std::next(at);
  }
}

}  // namespace

std::string to_short_json(const Network& network) {
  Network plain = network;  // the same layers as the catalogue starts them
  for (NamedLayer& named : plain.layers)
    named = NamedLayer{.name = named.name, .layer = kind_of(named.layer).initial};
  Json json = read(to_json(network));
  const Json defaults = read(to_json(plain));
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    Json& layer = json["layers"][i];
    Json other = defaults["layers"][i];
    for (const auto& key : {"name", "type"}) other.erase(std::string(key));
    drop_defaults(layer, other);
  }
  return dump_json(json);
}

std::string to_short_json(const Train& train) {
  Json json = read(to_json(train));
  drop_defaults(json, read(to_json(Train{})));
  return dump_json(json);
}

}  // namespace engine::spec
