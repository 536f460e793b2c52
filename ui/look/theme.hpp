// The look of the page: colours, spacing, fonts. Panels take every colour, distance and font from
// here.
#pragma once
#include "imgui.h"

namespace ui::look {

// Colours as packed ImU32 for draw lists; the ImGui style is set from the same values by
// apply_theme().
struct Palette {
  ImU32 ground, surface, raised, line;     // page, panels, cards and inputs, hairlines
  ImU32 text, muted, faint;                // three strengths of text; muted keeps 4.5:1 on surface
  ImU32 accent, accent_text, accent_soft;  // the one colour of action, text on it, a wash of it
  ImU32 good, bad, warn;
  ImU32 train, validation;         // curves; told apart without colour by their dash
  ImU32 negative, zero, positive;  // diverging map of weights
  ImU32 ink, paper;                // the drawing
};
const Palette& palette();
void use_dark(bool dark);  // follows prefers-color-scheme
bool dark();
void use_coarse_pointer(bool coarse);  // a finger: targets of kTouch, no tooltips
bool coarse_pointer();
void use_reduced_motion(bool reduced);  // follows prefers-reduced-motion: no inertia, no fades
bool reduced_motion();

// Distances in CSS pixels; multiply with nothing: ImGui works in CSS pixels, the framebuffer scale
// is the renderer's.
inline constexpr float kGap = 8, kPad = 16, kRadius = 10, kTouch = 44, kHairline = 1;

struct Fonts {
  ImFont* body = nullptr;     // 15 px
  ImFont* small = nullptr;    // 13 px
  ImFont* strong = nullptr;   // 15 px, semibold
  ImFont* title = nullptr;    // 20 px, semibold
  ImFont* display = nullptr;  // 32 px, semibold: the predicted class, big figures
  ImFont* figures = nullptr;  // 13 px, tabular figures
};
const Fonts& fonts();  // icons are merged into body, strong and title (look/icons.hpp)

// Builds the atlas at size x scale from the two or three TTF files given; call again when the scale
// changes.
struct FontFiles {
  const void* regular;
  int regular_size;
  const void* semibold;
  int semibold_size;
  const void* icons;
  int icons_size;
};
void build_fonts(const FontFiles& files, float device_pixel_ratio);
void apply_theme();  // style and colours of ImGui, from palette()

ImU32 with_alpha(ImU32 colour, float alpha);   // alpha 0..1, times the colour's own
ImU32 dim_unless(ImU32 colour, bool enabled);  // as ImGui dims what is disabled
ImU32 blend(ImU32 a, ImU32 b, float t);        // t 0..1: from a to b
ImU32 diverging(float value);                  // -1..1 -> negative, zero, positive
ImU32 sequential(float value);                 // 0..1 -> paper to ink

}  // namespace ui::look
