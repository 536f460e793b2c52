// Changes to a network's list of layers that keep what its layers read from.
#pragma once
#include "engine/spec/layers.hpp"

namespace engine::spec {

// Inserts at place `at` (clamped to the list) under an unused name. A join starts by reading the
// layer before it and the nearest earlier output that fits, or the input.
void insert_layer(Network& network, int at, const Layer& layer);

// Layers that read the removed one read what it read. `at` must be a layer.
void remove_layer(Network& network, int at);

// Moves one layer to the place `to` of the list; what it and others read by name stays. Both must
// be layers.
void move_layer(Network& network, int from, int to);

// Sets what layer `at` reads as its input number `slot`; an empty name drops that input, the next
// free slot adds one. A layer that is no join and reads nothing by name reads the layer before it.
void set_source(Network& network, int at, int slot, const std::string& name);

// The names that layer `at` may read, from the nearest layer before it up to the input.
std::vector<std::string> possible_sources(const Network& network, int at);

}  // namespace engine::spec
