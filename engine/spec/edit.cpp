#include "engine/spec/edit.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"

namespace engine::spec {
namespace {

std::string name_before(const Network& network, int at) {
  return at > 0 ? network.layers[std::size_t(at) - 1].name : kInputName;
}

void ensure_layer(const Network& network, int at) {
  ENSURE(at >= 0 && at < int(network.layers.size()), "no such layer");
}

// What layer `at` of a list that is not complete reads, by name.
std::vector<std::string> read_by(const Network& network, int at) {
  const NamedLayer& layer = network.layers[std::size_t(at)];
  return layer.from.empty() ? std::vector{name_before(network, at)} : layer.from;
}

// The nearest output before the one just before `at` that a join can put together with it.
std::string second_source(const Network& network, int at, const Layer& layer) {
  const Facts facts = infer_draft(network).facts;
  const auto shape_at = [&](int i) {
    return i < 0 ? network.input : facts.layers[std::size_t(i)].out;
  };
  const bool same_width = std::holds_alternative<Add>(layer);
  for (int i = at - 2; i >= -1 && at - 1 < int(facts.layers.size()); --i) {
    const Shape a = shape_at(at - 1), b = shape_at(i);
    if (a.h == b.h && a.w == b.w && (!same_width || a.c == b.c)) return name_before(network, i + 1);
  }
  return kInputName;
}

}  // namespace

void insert_layer(Network& network, int at, const Layer& layer) {
  at = std::clamp(at, 0, int(network.layers.size()));
  NamedLayer named{unused_name(network, layer), layer, {}};
  if (joins(layer)) named.from = {name_before(network, at), second_source(network, at, layer)};
  network.layers.insert(network.layers.begin() + at, std::move(named));
}

void remove_layer(Network& network, int at) {
  ensure_layer(network, at);
  const std::string name = network.layers[std::size_t(at)].name;
  const std::string instead = read_by(network, at).front();
  const bool elsewhere = instead != name_before(network, at);
  if (elsewhere && at + 1 < int(network.layers.size())) {  // the next layer would read another one
    std::vector<std::string>& next = network.layers[std::size_t(at) + 1].from;
    if (next.empty()) next = {instead};
  }
  network.layers.erase(network.layers.begin() + at);
  for (NamedLayer& layer : network.layers)
    std::replace(layer.from.begin(), layer.from.end(), name, instead);
}

void move_layer(Network& network, int from, int to) {
  ensure_layer(network, from);
  ensure_layer(network, to);
  const auto first = network.layers.begin();
  if (from < to) std::rotate(first + from, first + from + 1, first + to + 1);
  if (to < from) std::rotate(first + to, first + from, first + from + 1);
}

void set_source(Network& network, int at, int slot, const std::string& name) {
  ensure_layer(network, at);
  NamedLayer& layer = network.layers[std::size_t(at)];
  if (slot < 0 || slot > int(layer.from.size()) || slot >= int(kMaxSources)) return;
  const bool added = slot == int(layer.from.size());
  if (name.empty()) {
    if (!added) layer.from.erase(layer.from.begin() + slot);
  } else if (added) {
    layer.from.push_back(name);
  } else {
    layer.from[std::size_t(slot)] = name;
  }
  const bool usual = layer.from.size() == 1 && layer.from[0] == name_before(network, at);
  if (!joins(layer.layer) && usual) layer.from.clear();
}

std::vector<std::string> possible_sources(const Network& network, int at) {
  ensure_layer(network, at);
  std::vector<std::string> names;
  for (int i = at; i >= 0; --i) names.push_back(name_before(network, i));
  return names;
}

}  // namespace engine::spec
