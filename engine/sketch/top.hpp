// What t-shirts, pullovers, shirts, coats and dresses have in common: a body with a neckline, and
// sleeves. Half widths are measured from the middle line x = 0.5.
#pragma once
#include "engine/core/random.hpp"
#include "engine/sketch/draft.hpp"

namespace engine::sketch {

enum class Neck : u32 { round, vee, boat, square, heart };

struct Top {
  Neck neck = Neck::round;
  f32 top = 0.1f, bottom = 0.9f;
  f32 neck_half = 0.1f, neck_depth = 0.08f;
  f32 shoulder = 0.24f, slope = 0.06f;  // half width and how far it lies below the neck
  f32 chest = 0.22f, waist = 0.21f, hem = 0.23f;
  f32 armpit = 0.32f;
  f32 hem_curve = 0;
  f32 sleeve = 0;         // length; 0: none
  f32 sleeve_angle = 1;   // radians below the horizontal
  f32 cuff = 0.1f;        // width of its end
  f32 puff = 0;           // how far it bulges outwards
  bool separate = false;  // sleeves are shapes of their own, above the body
};

// Lengths, widths and the way the arms hang, at random.
void draw_measures(Top& top, Rng& rng);
void long_sleeves(Top& top, Rng& rng);
void short_sleeves(Top& top, Rng& rng);

void draft_top(const Top& top, Draft& draft);

// Details. Bands are lines along an edge, at a distance.
void neck_band(const Top& top, f32 width, Draft& draft);
void back_neck(const Top& top, Draft& draft);
void hem_band(const Top& top, f32 width, Draft& draft);
void cuff_band(const Top& top, f32 width, Draft& draft);
void armholes(const Top& top, Draft& draft);
void raglan(const Top& top, Draft& draft);
void stripes(const Top& top, int count, bool filled, Draft& draft);
void checks(const Top& top, int count, Draft& draft);
void print(const Top& top, Draft& draft, Rng& rng);
void buttons(f32 x, f32 from, f32 to, int count, f32 radius, Draft& draft);
void folds(const Top& top, Draft& draft, Rng& rng);
void hood(const Top& top, Draft& draft, Rng& rng);
// The half width of the body at a height.
f32 half_at(const Top& top, f32 y);

}  // namespace engine::sketch
