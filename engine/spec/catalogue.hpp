// One row for each kind of layer: everything that editor, help and files need to know about it.
// Adding a layer is its struct in layers.hpp, its row here, its shape rule in infer.cpp, its
// behaviour in nn/.
#pragma once
#include <span>
#include <string_view>

#include "engine/spec/layers.hpp"

namespace engine::spec {

// One editable number (or switch, when integer with limits 0..1) of a layer.
struct Field {
  std::string_view key;    // as in JSON: "out"
  std::string_view label;  // as in the editor: "Channels out"
  f32 low = 0, high = 0, step = 1;
  bool integer = true;
  std::string_view help;  // one sentence
};

struct Kind {
  std::string_view type;     // as in JSON and PyTorch: "Conv2d"
  std::string_view label;    // as in the editor: "Convolution"
  std::string_view stem;     // of automatic names: "conv" gives conv1, conv2, ...
  std::string_view formula;  // one line, plain text
  std::string_view help;     // two or three sentences for a student
  std::span<const Field> fields;
  Layer initial;  // what the editor's "Add" inserts
};

std::span<const Kind> catalogue();  // in the order of the variant Layer
const Kind& kind_of(const Layer& layer);
f32 get_field(const Layer& layer, std::string_view key);  // key must be one of the kind's fields
void set_field(Layer& layer, std::string_view key, f32 value);  // clamped to the field's limits
std::string unused_name(const Network& network, const Layer& layer);  // "conv3"

// The ready networks, by name: "fcnet", "mlp" (1000 hidden), "simple_cnn", "lab_cnn", and "my_net",
// which the page ships with.
std::span<const Network> zoo();
const Network* find_in_zoo(std::string_view name);  // null when there is none

}  // namespace engine::spec
