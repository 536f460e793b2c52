// The refusal that all formats share. For engine/io alone.
#pragma once
#include <string>
#include <utility>

#include "engine/core/result.hpp"

namespace engine::io {

inline Problem bad_file(std::string sentence) { return {Code::bad_file, std::move(sentence)}; }

}  // namespace engine::io
