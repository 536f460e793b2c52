#include "engine/cli/printable.hpp"

#include <algorithm>
#include <string_view>

namespace engine::cli {
namespace {

// The length of the UTF-8 sequence at the start of the text, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(0) < 0x80                      ? 1
                             : byte(0) >= 0xC2 && byte(0) < 0xE0 ? 2
                             : byte(0) >= 0xE0 && byte(0) < 0xF0 ? 3
                             : byte(0) >= 0xF0 && byte(0) < 0xF5 ? 4
                                                                 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::string printable(const std::string& from) {
  std::string text;
  for (std::string_view left = from; !left.empty();) {
    const std::size_t length = sequence_length(left);
    // C1 controls are 0xC2 0x80 to 0xC2 0x9F.
    const bool control =
        length == 1
            ? (static_cast<unsigned char>(left[0]) < 0x20 || left[0] == 0x7F)
            : length == 2 && left[0] == '\xC2' && static_cast<unsigned char>(left[1]) < 0xA0;
    text += length == 0 || control ? "?" : std::string(left.substr(0, length));
    left.remove_prefix(std::max<std::size_t>(1, length));
  }
  return text;
}

}  // namespace engine::cli
