#include "engine/lab/font.hpp"

#include <cmath>

#include "engine/core/check.hpp"

// stb's code is not ours to warn about.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-function"
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb/stb_truetype.h>
#pragma GCC diagnostic pop

namespace engine::lab {
namespace {

#include "lab_font.inc"  // kRegular and kSemibold, bytes of TrueType files

struct Face {
  stbtt_fontinfo info{};
  float em = 0;  // a size of 1 pixel for each em
};

Face open(const unsigned char* bytes) {
  Face face;
  ENSURE(stbtt_InitFont(&face.info, bytes, stbtt_GetFontOffsetForIndex(bytes, 0)) != 0,
         "the font that is compiled in");
  face.em = stbtt_ScaleForMappingEmToPixels(&face.info, 1);
  return face;
}

const Face& face_of(Weight weight) {
  static const Face regular = open(kRegular), semibold = open(kSemibold);
  return weight == Weight::semibold ? semibold : regular;
}

// The next code point of well-formed UTF-8; any other byte is taken for itself.
int next_letter(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? u8(text[i]) : 0; };
  const int first = byte(0);
  std::size_t length = 1;
  int code = first;
  if (first >= 0xE0 && text.size() >= 3) {
    code = (first & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
    length = 3;
  } else if (first >= 0xC0 && text.size() >= 2) {
    code = (first & 31) << 6 | (byte(1) & 63);
    length = 2;
  }
  text.remove_prefix(length);
  return code;
}

}  // namespace

Glyph font_glyph(int glyph, double pixels, Weight weight, double shift) {
  const Face& face = face_of(weight);
  const float scale = face.em * float(pixels);
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  stbtt_GetGlyphBitmapBoxSubpixel(&face.info, glyph, scale, scale, float(shift), 0, &x0, &y0, &x1,
                                  &y1);
  Glyph out{x0, y0, x1 - x0, y1 - y0, {}};
  if (out.w <= 0 || out.h <= 0) return {};
  out.cover.resize(std::size_t(out.w) * std::size_t(out.h));
  stbtt_MakeGlyphBitmapSubpixel(&face.info, out.cover.data(), out.w, out.h, out.w, scale, scale,
                                float(shift), 0, glyph);
  return out;
}

void font_each_glyph(std::string_view utf8, Weight weight,
                     const std::function<void(int glyph, double advance)>& use) {
  const Face& face = face_of(weight);
  int glyph = utf8.empty() ? 0 : stbtt_FindGlyphIndex(&face.info, next_letter(utf8));
  bool more = glyph != 0;
  while (more) {
    more = !utf8.empty();
    const int next = more ? stbtt_FindGlyphIndex(&face.info, next_letter(utf8)) : 0;
    int advance = 0, bearing = 0;
    stbtt_GetGlyphHMetrics(&face.info, glyph, &advance, &bearing);
    if (more) advance += stbtt_GetGlyphKernAdvance(&face.info, glyph, next);
    use(glyph, double(advance) * double(face.em));
    glyph = next;
  }
}

double font_text_width(std::string_view utf8, double size, Weight weight) {
  double width = 0;
  font_each_glyph(utf8, weight, [&](int, double advance) { width += advance * size; });
  return width;
}

}  // namespace engine::lab
