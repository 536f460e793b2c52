// Numbers as the panels show them. Thin spaces are not used: they are not in every font.
#pragma once
#include <string>

#include "engine/core/types.hpp"
#include "engine/core/view.hpp"

namespace ui {

// As printf.
std::string print(const char* format, ...) __attribute__((format(printf, 1, 2)));
// "1 weight", "795,010 weights"
std::string counted(engine::u64 count, const char* one, const char* many);
std::string compact(engine::u64 count);  // "9,876", "19.7 k", "4.1 M": at most 5 signs
// 0.9123, 1 -> "91.2 %"; negative or NaN: "–"
std::string percent(engine::f32 share, int decimals);
// "45 s", "1 min 20 s", "2 h 5 min"; under ten seconds with one decimal; negative or not finite:
// "–"
std::string duration(engine::f32 seconds);
std::string number(double value, int decimals);  // "0.25", "−0.25" with a true minus sign
std::string shape_text(engine::Shape shape);     // "32 × 14 × 14"; flat: "1,960"
std::string hash_text(engine::u64 hash);         // its first eight digits; 0: "–"

}  // namespace ui
