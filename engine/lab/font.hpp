// The letters of the lab's pictures: Inter in two weights, compiled in (cmake/font.py), rasterised
// by stb_truetype.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "engine/lab/canvas.hpp"

namespace engine::lab {

struct Glyph {
  int left = 0, top = 0, w = 0, h = 0;  // pixels from the pen on the baseline to the first pixel
  std::vector<u8> cover;                // (h, w)
};

// Glyph number `glyph` of the font, `pixels` the size of the em square. `shift`, 0..1, moves it to
// the right by a part of a pixel. Empty for a space.
Glyph font_glyph(int glyph, double pixels, Weight weight, double shift);

// Calls with each letter's glyph and advance (of an em square of 1, kerning included), in order.
void font_each_glyph(std::string_view utf8, Weight weight,
                     const std::function<void(int glyph, double advance)>& use);

// In the unit of `size`, the em square's.
double font_text_width(std::string_view utf8, double size, Weight weight);

}  // namespace engine::lab
