// From a field's key to the member itself. The one place beside layers.hpp and the catalogue that
// lists them; editor, JSON and checks go through it.
#pragma once
#include <optional>
#include <string_view>
#include <variant>

#include "engine/spec/layers.hpp"

namespace engine::spec {

using FieldPointer = std::variant<int*, f32*, bool*>;

// Points into `layer`; nothing when there is no such key.
std::optional<FieldPointer> find_field(Layer& layer, std::string_view key);

}  // namespace engine::spec
