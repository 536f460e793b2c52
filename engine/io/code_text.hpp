// What the writers of source code share. For engine/io alone.
#pragma once
#include <string>
#include <string_view>

#include "engine/io/model_file.hpp"

namespace engine::io {

inline std::string text(int value) { return std::to_string(value); }
inline std::string text(std::size_t value) { return std::to_string(value); }
std::string text(f32 value);  // the fewest digits that read back the same; always a real: "1.0"

// `template_text` with @C, @H and @W replaced by the input's sides.
std::string with_shape(std::string_view template_text, Shape input);

// LABELS and PREPROCESSING as Python literals (JSON is Python, for texts, numbers and lists of
// them).
std::string python_facts(const ModelCard& card, Shape input);

// Text as a literal in double quotes, for Python and C++ alike.
std::string literal(std::string_view value);

}  // namespace engine::io
