// Coats: long and short, with lapels, hoods, zips, belts, closed or open.
#include <algorithm>

#include "engine/sketch/garments.hpp"
#include "engine/sketch/top.hpp"

namespace engine::sketch {
namespace {

void lapels(const Top& t, f32 end, Draft& draft, Rng& rng) {
  const f32 wide = rng.uniform(0.07f, 0.14f), notch = t.top + rng.uniform(0.1f, 0.17f);
  draft.both([&] {
    draft.at(0.5f, end).to(0.5f + wide, notch).to(0.5f + wide * 0.7f, notch - 0.02f);
    draft.to(0.5f + t.neck_half + 0.02f, t.top)
        .to(0.5f + t.neck_half * 0.6f, t.top + 0.02f)
        .patch();
  });
  draft.both([&] { draft.at(0.5f, end).to(0.5f + t.neck_half, t.top + 0.01f).line(); });
  if (chance(rng, 0.5f))
    draft.both([&] {
      draft.at(0.5f + t.neck_half * 0.8f, notch - 0.04f)
          .to(0.5f + wide * 0.85f, notch - 0.01f)
          .line();
    });
}

void pockets(const Top& t, Draft& draft, Rng& rng) {
  const f32 y = rng.uniform(0.58f, 0.68f), half = rng.uniform(0.04f, 0.065f);
  const u32 cut = rng.below(3);
  draft.both([&] {
    const f32 x = 0.5f + half_at(t, y) * 0.6f;
    if (cut == 0) return draft.at(x - half, y).to(x + half, y - 0.03f).line();
    if (cut == 1) return draft.rectangle(x - half, y, x + half, y + 0.035f, Role::patch);
    draft.rectangle(x - half, y, x + half, y + 0.13f, Role::patch);
  });
}

void belt(const Top& t, Draft& draft, Rng& rng) {
  const f32 y = (t.armpit + t.bottom) * 0.5f - 0.03f, half = half_at(t, y),
            high = rng.uniform(0.03f, 0.055f);
  draft.rectangle(0.5f - half, y, 0.5f + half, y + high, Role::patch);
  if (chance(rng, 0.6f))
    draft.rectangle(0.47f, y - 0.008f, 0.53f, y + high + 0.008f, Role::patch);
  else
    draft.at(0.5f, y + high).via(0.48f, y + high + 0.08f, 0.47f, y + high + 0.12f).line();
}

void quilting(const Top& t, Draft& draft, Rng& rng) {
  const int rows = 4 + int(rng.below(4));
  for (int i = 0; i < rows; ++i) {
    const f32 y = t.top + 0.16f + (t.bottom - t.top - 0.2f) * f32(i) / f32(rows);
    const f32 half = half_at(t, y);
    draft.at(0.5f - half, y)
        .via(0.5f - half * 0.5f, y + 0.02f, 0.5f, y)
        .via(0.5f + half * 0.5f, y + 0.02f, 0.5f + half, y)
        .line();
  }
}

// The front stands open: what is seen between the two sides is the ground, or a lining.
void open_front(const Top& t, f32 from, Draft& draft, Rng& rng) {
  const f32 low = rng.uniform(0.02f, 0.1f), high = rng.uniform(0.01f, 0.05f);
  draft.at(0.5f, from - 0.04f)
      .to(0.5f + high, from + 0.02f)
      .to(0.5f + low, t.bottom + 0.06f)
      .unfold();
  chance(rng, 0.6f) ? draft.hole() : draft.patch();
}

void fastening(const Top& t, f32 from, Draft& draft, Rng& rng) {
  const f32 end = t.bottom - rng.uniform(0.05f, 0.3f), radius = rng.uniform(0.009f, 0.02f);
  const int count = 2 + int(rng.below(4));
  const u32 kind = rng.below(4);
  if (kind == 0) {
    const f32 apart = rng.uniform(0.05f, 0.09f);
    draft.both([&] { buttons(0.5f + apart, from + 0.04f, end, count, radius, draft); });
  } else if (kind < 3) {
    buttons(0.5f + rng.uniform(0, 0.04f), from + 0.04f, end, count, radius, draft);
  } else {
    const f32 half = rng.uniform(0.008f, 0.02f);
    draft.both(
        [&] { draft.at(0.5f + half, t.top + t.neck_depth).to(0.5f + half, t.bottom).line(); });
  }
}

}  // namespace

void draft_coat(Draft& draft, Rng& rng) {
  Top t;
  draw_measures(t, rng);
  t.bottom = rng.uniform(0.86f, 0.97f);
  t.shoulder = rng.uniform(0.17f, 0.23f);
  t.chest = t.shoulder - rng.uniform(0, 0.04f);
  t.waist = t.chest * rng.uniform(0.8f, 1.05f);
  t.hem = t.chest * rng.uniform(1, 1.45f);
  long_sleeves(t, rng);
  t.sleeve = std::min(t.sleeve, rng.uniform(0.48f, 0.68f));
  t.cuff = rng.uniform(0.07f, 0.12f);
  t.hem_curve = 0;
  const bool hooded = chance(rng, 0.2f);
  t.neck = Neck::vee;
  t.neck_half = rng.uniform(0.06f, 0.1f);
  t.neck_depth = rng.uniform(0.03f, 0.1f);
  if (hooded) t.top = 0.15f;
  draft_top(t, draft);
  const bool open = chance(rng, 0.25f);
  f32 from = t.top + t.neck_depth;
  if (open) open_front(t, from, draft, rng);
  if (hooded) {
    hood(t, draft, rng);
    from += 0.06f;
  } else if (chance(rng, 0.8f)) {
    from = t.top + rng.uniform(0.18f, 0.42f);
    lapels(t, from, draft, rng);
  }
  if (!open && chance(rng, 0.9f)) draft.at(0.5f, from).to(0.5f, t.bottom).line();
  if (!open) fastening(t, from, draft, rng);
  if (chance(rng, 0.1f)) quilting(t, draft, rng);
  if (chance(rng, 0.25f)) belt(t, draft, rng);
  if (chance(rng, 0.65f)) pockets(t, draft, rng);
  if (chance(rng, 0.45f)) cuff_band(t, rng.uniform(0.04f, 0.1f), draft);
  if (chance(rng, 0.6f)) armholes(t, draft);
  if (chance(rng, 0.2f)) folds(t, draft, rng);
}

}  // namespace engine::sketch
