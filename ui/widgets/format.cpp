#include "ui/widgets/format.hpp"

#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "engine/spec/words.hpp"

namespace ui {

using engine::f32;
using engine::u64;

std::string print(const char* format, ...) {
  std::va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  std::string text(size > 0 ? std::size_t(size) : 0, '\0');
  if (size > 0) std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  return text;
}

std::string counted(u64 count, const char* one, const char* many) {
  return engine::spec::grouped(count) + " " + (count == 1 ? one : many);
}

std::string compact(u64 count) {
  if (count < 10'000) return engine::spec::grouped(count);
  const double value = double(count);
  if (value < 99'950) return print("%.1f k", value / 1e3);
  if (value < 999'500) return print("%.0f k", value / 1e3);
  if (value < 99.95e6) return print("%.1f M", value / 1e6);
  if (value < 999.5e6) return print("%.0f M", value / 1e6);
  return print("%.1f G", value / 1e9);
}

std::string percent(f32 share, int decimals) {
  if (!(share >= 0)) return "–";
  return print("%.*f %%", decimals, double(share) * 100);
}

std::string duration(f32 seconds) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) return "–";
  if (seconds < 9.95f) return print("%.1f s", double(seconds));
  const long whole = std::lround(double(seconds));
  if (whole < 60) return print("%ld s", whole);
  if (whole < 3600) return print("%ld min %ld s", whole / 60, whole % 60);
  return print("%ld h %ld min", whole / 3600, whole / 60 % 60);
}

std::string number(double value, int decimals) {
  std::string text = print("%.*f", decimals, value);
  if (text[0] == '-') text.replace(0, 1, "−");
  return text;
}

std::string shape_text(engine::Shape shape) {
  if (shape.flat()) return engine::spec::grouped(u64(shape.c));
  return engine::spec::grouped(u64(shape.c)) + print(" × %d × %d", shape.h, shape.w);
}

std::string hash_text(u64 hash) {
  return hash ? print("%08lx", static_cast<unsigned long>(hash >> 32)) : "–";
}

}  // namespace ui
