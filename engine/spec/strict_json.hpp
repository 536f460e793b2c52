// The one door through which JSON text enters: sizes, depth and duplicate keys are judged before
// anything is built, so no text can exhaust memory or hide a value. For .cpp files only (the
// library's header is heavy).
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace engine::spec {

// Real numbers are f32, as everywhere: they are written with the fewest digits that read back the
// same.
using Json = nlohmann::basic_json<nlohmann::ordered_map, std::vector, std::string, bool,
                                  std::int64_t, std::uint64_t, f32>;

inline constexpr int kMaxJsonDepth = 16;
inline constexpr int kMaxJsonValues = 20'000;

// `what` begins the sentence: "The network's text". Code::bad_json, or too_large above `cap` bytes.
Result<Json> parse_json(std::string_view text, std::size_t cap, const std::string& what);

// With `indent` < 0 on one line. Bytes that are not UTF-8 are replaced.
std::string dump_json(const Json& json, int indent = -1);

// A value as a sentence quotes it, cut after 40 bytes.
std::string quoted(const Json& json);

// A name from a file as a sentence shows it, cut after 80 bytes; control characters become '?'.
std::string shown(std::string_view name);

}  // namespace engine::spec
