// Dresses and trousers.
#include <algorithm>

#include "engine/sketch/garments.hpp"
#include "engine/sketch/top.hpp"

namespace engine::sketch {
namespace {

struct Skirt {
  f32 waist_y = 0.45f, waist = 0.12f, hem = 0.3f, bottom = 0.95f, bulge = 0, hem_curve = 0;
};

f32 skirt_half(const Skirt& s, f32 y) {
  return s.waist + (s.hem - s.waist) * ((y - s.waist_y) / (s.bottom - s.waist_y));
}

void skirt_details(const Skirt& s, Draft& draft, Rng& rng) {
  const u32 kind = rng.below(6);
  if (kind < 2) {
    const int pleats = 2 + int(rng.below(5));
    for (int i = 0; i < pleats; ++i) {
      const f32 share = 2 * (f32(i) + 0.5f) / f32(pleats) - 1,
                end = s.bottom - rng.uniform(0, 0.25f);
      draft.at(0.5f + share * s.waist, s.waist_y + rng.uniform(0, 0.1f))
          .to(0.5f + share * skirt_half(s, end), end)
          .line();
    }
  } else if (kind == 2) {
    const int tiers = 1 + int(rng.below(3));
    for (int i = 1; i <= tiers; ++i) {
      const f32 y = s.waist_y + (s.bottom - s.waist_y) * f32(i) / f32(tiers + 1),
                half = skirt_half(s, y);
      draft.at(0.5f - half, y).via(0.5f, y + 2 * s.hem_curve + 0.02f, 0.5f + half, y).line();
    }
  } else if (kind == 3) {
    for (int i = 0; i < 12; ++i) {
      const f32 y = rng.uniform(0.3f, s.bottom - 0.05f);
      const f32 half = y > s.waist_y ? skirt_half(s, y) * 0.8f : s.waist * 0.9f;
      draft.ellipse(0.5f + half * rng.uniform(-1, 1), y, 0.013f, 0.013f, Role::patch);
    }
  }
  if (chance(rng, 0.25f)) {
    const f32 y = s.bottom - rng.uniform(0.02f, 0.06f), half = skirt_half(s, y);
    draft.at(0.5f - half, y).via(0.5f, y + 2 * s.hem_curve, 0.5f + half, y).line();
  }
}

void draw_skirt(Skirt& s, Top& t, Rng& rng) {
  s.waist_y = t.top + rng.uniform(0.24f, 0.42f);
  s.bottom = rng.uniform(0.86f, 0.97f);
  s.waist = t.chest * rng.uniform(0.7f, 1);
  switch (rng.below(4)) {
    case 0:  // straight
      s.hem = t.chest * rng.uniform(0.85f, 1.2f);
      s.waist = t.chest * rng.uniform(0.85f, 1);
      break;
    case 1:  // wide
      s.hem = rng.uniform(0.3f, 0.46f);
      s.bulge = rng.uniform(0, 0.12f);
      break;
    default:
      s.hem = t.chest * rng.uniform(1.2f, 2);
      s.bulge = rng.uniform(-0.02f, 0.03f);
  }
  s.hem_curve = chance(rng, 0.5f) ? rng.uniform(0, 0.04f) : 0.0f;
}

// Two thin straps above a bodice that ends at the chest.
void straps(const Top& t, f32 from, Draft& draft, Rng& rng) {
  const f32 x = t.chest * rng.uniform(0.45f, 0.85f), width = rng.uniform(0.012f, 0.03f);
  const f32 in = x * rng.uniform(0.4f, 1);
  draft.both([&] { draft.at(0.5f + x, from + 0.015f).to(0.5f + in, t.top - 0.02f).band(width); });
}

// What is above the waist: with long sleeves, short ones or none.
void draw_bodice(Top& t, const Skirt& s, u32 cut, Rng& rng) {
  t.bottom = s.waist_y;
  t.hem = s.waist;
  t.waist = (t.chest + s.waist) * 0.5f;
  t.neck = Neck(rng.below(10) < 5 ? 0 : 1 + rng.below(3));
  t.neck_half = rng.uniform(0.05f, 0.1f);
  t.shoulder = std::max(t.neck_half + 0.03f, t.chest * rng.uniform(0.85f, 1.05f));
  t.slope = rng.uniform(0.01f, 0.04f);
  t.separate = false;
  t.sleeve = 0;
  t.hem_curve = 0;
  if (cut >= 5 && cut < 8) {
    short_sleeves(t, rng);
    t.sleeve = rng.uniform(0.06f, 0.16f);
    t.cuff = rng.uniform(0.06f, 0.1f);
  } else if (cut >= 8) {
    long_sleeves(t, rng);
    t.sleeve_angle = rng.uniform(0.9f, 1.5f);
    t.sleeve = rng.uniform(0.3f, 0.48f);
    t.cuff = rng.uniform(0.05f, 0.12f);
  }
}

// Straps in the place of shoulders.
void strap_bodice(Top& t, Draft& draft, Rng& rng) {
  t.top += 0.1f;
  straps(t, t.top, draft, rng);
  t.neck = chance(rng, 0.5f) ? Neck::heart : Neck::boat;
  t.shoulder = t.chest * 0.97f;
  t.neck_half = t.shoulder - 0.01f;
  t.neck_depth = rng.uniform(0.01f, 0.05f);
  t.slope = 0.01f;
  t.armpit = t.top + 0.06f;
}

}  // namespace

void draft_dress(Draft& draft, Rng& rng) {
  Top t;
  draw_measures(t, rng);
  t.top = 0.05f;
  t.chest = rng.uniform(0.11f, 0.17f);
  t.armpit = t.top + rng.uniform(0.13f, 0.2f);
  const u32 cut = rng.below(10);
  Skirt s;
  draw_skirt(s, t, rng);
  draw_bodice(t, s, cut, rng);
  const bool strapped = cut < 2;
  if (strapped) strap_bodice(t, draft, rng);
  const bool seam = chance(rng, 0.6f);
  if (!seam) {  // one piece from the neck to the hem
    t.bottom = s.bottom;
    t.hem = s.hem;
    t.waist = skirt_half(s, (t.armpit + t.bottom) * 0.5f) * rng.uniform(0.8f, 1);
    t.hem_curve = s.hem_curve;
    draft_top(t, draft);
  } else {
    draft_top(t, draft);
    draft.at(0.5f, s.waist_y).to(0.5f + s.waist, s.waist_y);
    draft.via(0.5f + (s.waist + s.hem) * 0.5f + s.bulge, (s.waist_y + s.bottom) * 0.5f,
              0.5f + s.hem, s.bottom);
    draft.via(0.5f + s.hem * 0.5f, s.bottom + s.hem_curve, 0.5f, s.bottom + s.hem_curve)
        .unfold()
        .shape();
    if (chance(rng, 0.35f))
      draft.rectangle(0.5f - s.waist, s.waist_y - 0.02f, 0.5f + s.waist, s.waist_y + 0.02f,
                      Role::patch);
  }
  if (!strapped && chance(rng, 0.5f)) neck_band(t, rng.uniform(0.012f, 0.03f), draft);
  if (!strapped && chance(rng, 0.3f)) back_neck(t, draft);
  if (t.sleeve > 0 && chance(rng, 0.5f)) armholes(t, draft);
  if (chance(rng, 0.1f))
    buttons(0.5f, t.top + t.neck_depth + 0.04f, s.waist_y - 0.03f, 4, 0.01f, draft);
  skirt_details(s, draft, rng);
}

void draft_trouser(Draft& draft, Rng& rng) {
  const f32 top = 0.05f,
            bottom = chance(rng, 0.9f) ? rng.uniform(0.86f, 0.97f) : rng.uniform(0.6f, 0.75f);
  const f32 waist = rng.uniform(0.1f, 0.18f), hip = waist * rng.uniform(1.02f, 1.3f);
  const f32 crotch = rng.uniform(0.28f, 0.42f), hip_y = crotch * rng.uniform(0.6f, 0.9f);
  const u32 cut = rng.below(4);
  const f32 leg = cut == 0   ? rng.uniform(0.05f, 0.075f)
                  : cut == 1 ? rng.uniform(0.12f, 0.2f)
                             : rng.uniform(0.07f, 0.12f);
  const f32 spread = chance(rng, 0.6f) ? rng.uniform(0.005f, 0.04f) : rng.uniform(0.04f, 0.1f);
  const f32 inner = 0.5f + spread, outer = std::max(inner + leg, 0.5f + hip * rng.uniform(0.6f, 1));
  const f32 knee = (hip + outer - 0.5f) * 0.5f * rng.uniform(0.88f, 1.08f);
  draft.at(0.5f, top + (chance(rng, 0.3f) ? 0.02f : 0)).to(0.5f + waist, top);
  draft.via(0.5f + hip, hip_y * 0.5f, 0.5f + hip, hip_y)
      .via(0.5f + knee, (hip_y + bottom) * 0.5f, outer, bottom);
  draft.to(inner, bottom + rng.uniform(-0.01f, 0.01f))
      .via(inner + rng.uniform(-0.01f, 0.02f), (crotch + bottom) * 0.5f, 0.5f, crotch);
  draft.unfold().shape();
  const f32 band = rng.uniform(0.025f, 0.06f);
  if (chance(rng, 0.75f))
    draft.at(0.5f - waist - 0.005f, top + band).to(0.5f + waist + 0.005f, top + band).line();
  if (chance(rng, 0.6f)) draft.at(0.5f, top + band).to(0.5f, crotch).line();
  if (chance(rng, 0.3f))
    draft.at(0.5f, top + band).via(0.54f, crotch * 0.7f, 0.5f, crotch * 0.85f).line();
  if (chance(rng, 0.55f)) {
    const f32 in = rng.uniform(0.4f, 0.7f), deep = rng.uniform(0.07f, 0.13f);
    draft.both([&] {
      draft.at(0.5f + waist * in, top + band)
          .via(0.5f + waist * in, top + deep, 0.5f + hip * 0.95f, top + deep + 0.02f)
          .line();
    });
  }
  if (chance(rng, 0.3f)) {
    const f32 x = (inner + outer) * 0.5f;
    draft.both([&] { draft.at(0.5f + hip * 0.5f, crotch * 0.8f).to(x, bottom - 0.02f).line(); });
  }
  if (chance(rng, 0.3f)) {
    const f32 y = bottom - rng.uniform(0.02f, 0.06f);
    draft.both([&] { draft.at(inner, y).to(outer, y).line(); });
  }
  if (chance(rng, 0.25f)) draft.ellipse(0.5f, top + band * 0.5f, 0.01f, 0.01f, Role::patch);
  if (chance(rng, 0.25f))
    for (int i = -2; i <= 2; ++i)
      if (i != 0)
        draft.at(0.5f + waist * 0.4f * f32(i), top - 0.005f)
            .to(0.5f + waist * 0.4f * f32(i), top + band + 0.01f)
            .line();
  if (chance(rng, 0.1f)) {
    const f32 y = (crotch + bottom) * 0.5f;
    draft.both([&] {
      draft.at(inner + 0.01f, y).via((inner + outer) * 0.5f, y + 0.02f, outer - 0.01f, y).line();
    });
  }
}

}  // namespace engine::sketch
