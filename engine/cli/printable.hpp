// Text from files of strangers, fit for a terminal.
#pragma once
#include <string>

namespace engine::cli {

// Control characters and bytes that are no UTF-8 become '?'.
std::string printable(const std::string& text);

}  // namespace engine::cli
