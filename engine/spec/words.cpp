#include "engine/spec/words.hpp"

#include <array>
#include <charconv>

namespace engine::spec {

std::string grouped(u64 value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string in_words(Shape shape) {
  if (shape.flat()) return grouped(u64(shape.c)) + (shape.c == 1 ? " value" : " values");
  return std::to_string(shape.c) + " x " + std::to_string(shape.h) + " x " +
         std::to_string(shape.w);
}

std::string in_words(f32 value) {
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

}  // namespace engine::spec
