// Specs as JSON text and back. Parsing is total: any text gives a value or a sentence
// (Code::bad_json, bad_spec, bad_config) that names the offending key. Unknown keys are refused by
// name: a typo must not pass silently.
//   {"name": "simple_cnn", "input": [1, 28, 28],
//    "layers": [{"name": "conv", "type": "Conv2d", "out": 10, ...}]}
#pragma once
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace engine::spec {

inline constexpr std::size_t kMaxJsonBytes = 1 << 20;

std::string to_json(const Network& network);
std::string to_json(const Train& train);
Result<Network> network_from_json(std::string_view text);  // parsed, and accepted by infer()
Result<Network> draft_from_json(std::string_view text);    // parsed: shapes may not fit (yet)
Result<Train> train_from_json(std::string_view text);      // parsed, and accepted by check()

}  // namespace engine::spec
