// Specs as JSON without what is at its default: a few hundred bytes instead of thousands, for
// capsules of runs. Read back by json.hpp, whose parsers give what is missing its default.
#pragma once
#include <string>

#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace engine::spec {

std::string to_short_json(const Network& network);
std::string to_short_json(const Train& train);

}  // namespace engine::spec
