// How an edited network differs from another one, in words.
#pragma once
#include <string>

#include "engine/spec/layers.hpp"

namespace ui {

// "conv1 changed, dropout1 added and fc2 removed"; "same layers in another order"; empty when the
// layers are the same (names of the networks do not count). Layers are matched by name; more than
// four changes are counted: "6 layers changed, 2 added".
std::string difference_text(const engine::spec::Network& from, const engine::spec::Network& to);

}  // namespace ui
