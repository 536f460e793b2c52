// How a draft is drawn: outline, fill, shading, details; thick or thin, careful or hasty.
#pragma once
#include "engine/core/random.hpp"
#include "engine/sketch/draft.hpp"
#include "engine/sketch/pen.hpp"

namespace engine::sketch {

enum class Shade : u32 { none, hatch, cross, part, scribble, fade };

struct Style {
  Pen pen;     // outlines
  Pen detail;  // lines, and the edges of patches
  bool outlined = true;
  f32 fill = 0;              // tone of shapes; 0: empty
  f32 patch = 0;             // tone of patches; 0: empty
  f32 details = 1;           // probability of each line and patch
  bool see_through = false;  // shapes do not hide what lies below
  Shade shade = Shade::none;
  f32 shade_tone = 1;
  f32 shade_angle = 0, shade_step = 6;  // radians; pixels
};

// Widths follow from the sheet's side.
Style draw_style(int side, Rng& rng);
Pen draw_pen(int side, Rng& rng);

// Where on the sheet a thing lies that fills the unit square: turned, stretched, leaning, a little
// bent, mirrored. `free` in 0..1 says how much of all that.
struct Placement {
  f32 middle = 0, wide = 1, tall = 1;  // pixels
  f32 c = 1, s = 0, lean = 0;          // cosine and sine of the turn
  f32 bend_x = 0, bend_y = 0, phase_x = 0, phase_y = 0;
  bool mirror = false;
  Point operator()(Point p) const;
  Point back(Point pixel) const;  // without the bend
};
Placement draw_placement(int side, f32 free, Rng& rng);
// The draft's points become pixels.
void place_draft(Draft& draft, const Placement& placement);

// What was set with Paper::cover() is shaded.
void shade(Paper& paper, Hand& hand, const Style& style, Rng& rng);

void draw_draft(const Draft& draft, const Style& style, Paper& paper, Hand& hand, Rng& rng);

}  // namespace engine::sketch
