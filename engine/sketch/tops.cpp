// T-shirts, pullovers and shirts.
#include <algorithm>

#include "engine/sketch/garments.hpp"
#include "engine/sketch/top.hpp"

namespace engine::sketch {
namespace {

void decorate(const Top& t, f32 often, Draft& draft, Rng& rng) {
  if (chance(rng, 0.5f * often)) {
    print(t, draft, rng);
  } else if (chance(rng, 0.3f * often)) {
    const int count = 3 + int(rng.below(6));
    stripes(t, count, chance(rng, 0.5f), draft);
  }
  if (chance(rng, 0.2f)) folds(t, draft, rng);
}

// A top without sleeves: straps or wide shoulders.
void sleeveless(Top& t, Rng& rng) {
  t.sleeve = 0;
  t.separate = false;
  t.neck_depth = rng.uniform(0.08f, 0.22f);
  t.chest = rng.uniform(0.16f, 0.24f);
  t.shoulder = rng.uniform(0.12f, 0.2f);
  t.neck_half = t.shoulder - rng.uniform(0.03f, 0.08f);
  t.slope = rng.uniform(0.005f, 0.03f);
  t.waist = t.chest * rng.uniform(0.85f, 1.1f);
  t.hem = t.chest * rng.uniform(0.9f, 1.3f);
}

// A folded collar with two points; `open` is the width of what is seen of the neck.
void collar(const Top& t, f32 drop, Draft& draft, Rng& rng) {
  const f32 half = t.neck_half, tip = half * rng.uniform(0.5f, 1.1f);
  const f32 y = t.top + t.neck_depth;
  draft.both([&] {
    draft.at(0.5f, y).to(0.5f + tip, y + drop).to(0.5f + half + 0.015f, t.top + 0.01f);
    draft.via(0.5f + half * 0.8f, t.top - 0.02f, 0.5f + half * 0.7f, t.top).to(0.5f, y).shape();
  });
}

void pocket(f32 x, f32 y, f32 half, f32 height, bool pointed, Draft& draft) {
  draft.at(x - half, y).to(x + half, y).to(x + half, y + height);
  draft.to(x, y + height * (pointed ? 1.3f : 1.0f)).to(x - half, y + height).patch();
}

void kangaroo_pocket(const Top& t, Draft& draft, Rng& rng) {
  const f32 y = t.bottom - rng.uniform(0.2f, 0.28f), half = t.chest * rng.uniform(0.5f, 0.7f);
  draft.at(0.5f - half, t.bottom - 0.06f)
      .to(0.5f - half, t.bottom - 0.12f)
      .to(0.5f - half * 0.6f, y);
  draft.to(0.5f + half * 0.6f, y)
      .to(0.5f + half, t.bottom - 0.12f)
      .to(0.5f + half, t.bottom - 0.06f)
      .patch();
}

void cables(const Top& t, Draft& draft, Rng& rng) {
  const int count = 1 + int(rng.below(4));
  for (int i = 0; i < count; ++i) {
    const f32 x = 0.5f + t.chest * 0.8f * (count > 1 ? 2 * f32(i) / f32(count - 1) - 1 : 0);
    f32 y = t.top + t.neck_depth + 0.06f;
    f32 side = 0.02f;
    draft.at(x, y);
    for (; y + 0.06f < t.bottom - 0.05f; y += 0.06f, side = -side)
      draft.via(x + side, y + 0.03f, x, y + 0.06f);
    draft.line();
  }
}

void ribs(const Top& t, f32 height, Draft& draft) {
  for (int i = -4; i <= 4; ++i) {
    const f32 x = 0.5f + t.hem * 0.22f * f32(i);
    draft.at(x, t.bottom - height).to(x, t.bottom).line();
  }
}

void turtle_neck(const Top& t, Draft& draft, Rng& rng) {
  const f32 half = t.neck_half * rng.uniform(0.85f, 1.05f), height = rng.uniform(0.05f, 0.12f);
  draft.at(0.5f, t.top - height + 0.01f)
      .to(0.5f + half * 0.9f, t.top - height)
      .to(0.5f + half, t.top + 0.015f);
  draft.via(0.5f + half * 0.5f, t.top + 0.035f, 0.5f, t.top + 0.035f).unfold().shape();
  if (chance(rng, 0.5f))
    draft.at(0.5f - half, t.top - height * 0.5f).to(0.5f + half, t.top - height * 0.5f).line();
}

}  // namespace

void draft_t_shirt(Draft& draft, Rng& rng) {
  Top t;
  draw_measures(t, rng);
  const u32 cut = rng.below(10);
  if (cut < 2) {
    sleeveless(t, rng);
  } else {
    short_sleeves(t, rng);
  }
  t.neck = Neck(rng.below(10) < 6 ? 0 : 1 + rng.below(3));
  if (t.neck == Neck::boat) t.neck_half = std::min(t.shoulder - 0.03f, 0.17f);
  draft_top(t, draft);
  const bool polo = cut == 9;
  if (polo) {
    collar(t, 0.05f, draft, rng);
    const f32 end = t.top + t.neck_depth + rng.uniform(0.08f, 0.16f);
    draft.rectangle(0.485f, t.top + t.neck_depth, 0.515f, end, Role::patch);
    if (chance(rng, 0.6f))
      buttons(0.5f, t.top + t.neck_depth + 0.03f, end - 0.02f, 2, 0.008f, draft);
  } else if (chance(rng, 0.7f)) {
    neck_band(t, rng.uniform(0.015f, 0.04f), draft);
  }
  if (chance(rng, 0.35f) && !polo) back_neck(t, draft);
  if (chance(rng, 0.5f)) cuff_band(t, rng.uniform(0.015f, 0.035f), draft);
  if (chance(rng, 0.4f)) hem_band(t, rng.uniform(0.015f, 0.04f), draft);
  if (t.sleeve > 0 && chance(rng, 0.5f)) chance(rng, 0.8f) ? armholes(t, draft) : raglan(t, draft);
  if (chance(rng, 0.12f))
    pocket(0.5f + t.chest * 0.45f, t.armpit, 0.04f, 0.08f, chance(rng, 0.5f), draft);
  decorate(t, 1, draft, rng);
}

void draft_pullover(Draft& draft, Rng& rng) {
  Top t;
  draw_measures(t, rng);
  long_sleeves(t, rng);
  t.neck_half = rng.uniform(0.07f, 0.11f);
  t.neck_depth = rng.uniform(0.02f, 0.07f);
  t.waist = t.chest * rng.uniform(0.96f, 1.08f);
  t.hem = t.chest * rng.uniform(0.88f, 1.04f);
  const u32 neck = rng.below(10);
  if (neck >= 8) t.neck = Neck::vee, t.neck_depth = rng.uniform(0.1f, 0.2f);
  const bool hooded = neck >= 5 && neck < 8, turtle = neck >= 3 && neck < 5;
  if (hooded || turtle) t.top = 0.16f, t.armpit = std::max(t.armpit, 0.36f);
  draft_top(t, draft);
  if (hooded) hood(t, draft, rng);
  if (turtle) turtle_neck(t, draft, rng);
  if (!hooded && !turtle && chance(rng, 0.85f)) neck_band(t, rng.uniform(0.025f, 0.05f), draft);
  if (!hooded && !turtle && chance(rng, 0.3f)) back_neck(t, draft);
  const f32 rib = rng.uniform(0.035f, 0.08f);
  if (chance(rng, 0.75f)) hem_band(t, rib, draft);
  if (chance(rng, 0.75f)) cuff_band(t, rib, draft);
  if (chance(rng, 0.3f)) ribs(t, rib, draft);
  if (chance(rng, 0.6f)) chance(rng, 0.7f) ? armholes(t, draft) : raglan(t, draft);
  if (chance(rng, hooded ? 0.7f : 0.04f)) kangaroo_pocket(t, draft, rng);
  if (chance(rng, 0.15f)) return cables(t, draft, rng);
  decorate(t, 0.8f, draft, rng);
}

void draft_shirt(Draft& draft, Rng& rng) {
  Top t;
  draw_measures(t, rng);
  if (chance(rng, 0.7f)) {
    long_sleeves(t, rng);
  } else {
    short_sleeves(t, rng);
  }
  t.neck = Neck::vee;
  t.neck_half = rng.uniform(0.06f, 0.1f);
  t.neck_depth = rng.uniform(0.04f, 0.12f);
  if (chance(rng, 0.5f)) t.hem_curve = rng.uniform(0.02f, 0.07f);
  t.bottom -= std::max(0.0f, t.hem_curve);
  draft_top(t, draft);
  const f32 from = t.top + t.neck_depth, end = t.bottom + t.hem_curve - 0.01f;
  const f32 half = rng.uniform(0.012f, 0.03f);
  const bool buttoned = chance(rng, 0.85f), placket = chance(rng, 0.6f);
  if (placket) draft.both([&] { draft.at(0.5f + half, from + 0.03f).to(0.5f + half, end).line(); });
  if (!placket || chance(rng, 0.2f)) draft.at(0.5f, from).to(0.5f, end).line();
  if (chance(rng, 0.92f)) collar(t, rng.uniform(0.03f, 0.1f), draft, rng);
  if (chance(rng, 0.15f)) checks(t, 4 + int(rng.below(4)), draft);
  if (buttoned) {
    const int count = 4 + int(rng.below(4));
    buttons(0.5f, from + 0.06f, end - 0.05f, count, rng.uniform(0.007f, 0.016f), draft);
  }
  if (chance(rng, 0.7f)) cuff_band(t, rng.uniform(0.03f, 0.07f), draft);
  if (chance(rng, 0.6f)) armholes(t, draft);
  if (chance(rng, 0.45f)) {
    const f32 y = t.armpit + rng.uniform(-0.02f, 0.05f), size = rng.uniform(0.035f, 0.055f);
    const bool pointed = chance(rng, 0.5f);
    pocket(0.5f + t.chest * 0.52f, y, size, size * 1.9f, pointed, draft);
    if (chance(rng, 0.3f)) pocket(0.5f - t.chest * 0.52f, y, size, size * 1.9f, pointed, draft);
  }
  if (chance(rng, 0.2f)) folds(t, draft, rng);
}

}  // namespace engine::sketch
