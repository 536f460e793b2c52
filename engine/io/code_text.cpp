#include "engine/io/code_text.hpp"

#include <charconv>

#include "engine/io/code_prepare.hpp"

namespace engine::io {
namespace {

void replace_all(std::string& in, std::string_view what, const std::string& by) {
  for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
    in.replace(at, what.size(), by);
}

}  // namespace

std::string text(f32 value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  const std::string shown(digits, end);
  return shown.find_first_of(".en") == std::string::npos ? shown + ".0" : shown;
}

std::string with_shape(std::string_view template_text, Shape input) {
  std::string filled(template_text);
  if (input.flat()) replace_all(filled, ", @H, @W", "");  // a list: (B, C) to PyTorch and NumPy
  replace_all(filled, "@C", text(input.c));
  replace_all(filled, "@H", text(input.h));
  replace_all(filled, "@W", text(input.w));
  return filled;
}

std::string literal(std::string_view value) {
  std::string quoted = "\"";
  for (char c : value) {
    if (c == '\n') {
      quoted += "\\n";
    } else if (u8(c) < 0x20) {
      quoted += ' ';
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string python_facts(const ModelCard& card, Shape input) {
  std::string labels;
  for (const std::string& label : card.labels) labels += "\n    " + literal(label) + ",";
  return "LABELS = [" + labels + (labels.empty() ? "]" : "\n]") +
         "\n# How a drawing or photo becomes an input, as JSON. Images of the data set need only "
         "pixel / 255.\nPREPROCESSING = " +
         literal(stated_preprocessing(input, card.preprocessing)) + "\n";
}

}  // namespace engine::io
