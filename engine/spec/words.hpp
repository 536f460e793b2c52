// Numbers and shapes as sentences show them.
#pragma once
#include <string>

#include "engine/core/view.hpp"

namespace engine::spec {

std::string grouped(u64 value);     // "467,818"
std::string in_words(Shape shape);  // "32 x 14 x 14"; flat: "1,960 values"
std::string in_words(f32 value);    // the fewest digits that read back the same: "0.1", "28"

}  // namespace engine::spec
