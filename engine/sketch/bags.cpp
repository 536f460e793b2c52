// Bags: totes, handbags, satchels, backpacks, clutches, duffels, pouches.
#include <algorithm>

#include "engine/sketch/garments.hpp"

namespace engine::sketch {
namespace {

// A body that is wider (or narrower) below than above, with rounded lower corners.
struct Body {
  f32 left_top, right_top, left, right, top, bottom, round;
};

// Its upper edge lies between two heights, its lower one too.
Body draw_body(f32 highest, f32 lowest, f32 least, f32 most, Rng& rng) {
  const f32 top = rng.uniform(highest, lowest), bottom = rng.uniform(least, most);
  const f32 half = rng.uniform(0.3f, 0.45f), upper = half * rng.uniform(0.72f, 1.05f);
  return {0.5f - upper, 0.5f + upper, 0.5f - half, 0.5f + half, top, bottom, rng.uniform(0, 0.14f)};
}

void draft_body(const Body& b, f32 sag, Draft& draft) {
  const f32 r = b.round;
  draft.at(0.5f, b.top + sag).via((0.5f + b.right_top) * 0.5f, b.top + sag, b.right_top, b.top);
  draft.to(b.right, b.bottom - r).via(b.right, b.bottom, b.right - r, b.bottom).to(0.5f, b.bottom);
  draft.unfold().shape();
}

// A bow from one place to another, `high` above them.
void bow(f32 from, f32 to, f32 y, f32 high, f32 width, bool square, Draft& draft) {
  if (square) {
    const f32 in = (to - from) * 0.12f;
    draft.at(from, y).via(from + in, y - high, from + 3 * in, y - high).to(to - 3 * in, y - high);
    draft.via(to - in, y - high, to, y).band(width);
    return;
  }
  const f32 middle = (from + to) * 0.5f;
  draft.at(from, y).via(from, y - high, middle, y - high).via(to, y - high, to, y).band(width);
}

void ring(f32 x, f32 y, Draft& draft) { draft.ellipse(x, y, 0.02f, 0.025f, Role::patch); }

void clasp(f32 y, Draft& draft, Rng& rng) {
  const f32 size = rng.uniform(0.02f, 0.05f);
  if (chance(rng, 0.5f)) return draft.ellipse(0.5f, y, size, size, Role::patch);
  draft.rectangle(0.5f - size, y - size * 1.2f, 0.5f + size, y + size, Role::patch);
}

void flap(const Body& b, f32 deep, Draft& draft, Rng& rng) {
  const f32 x = b.right_top + 0.01f, point = chance(rng, 0.3f) ? 0.1f : 0.0f;
  draft.at(0.5f, b.top - 0.01f).to(x, b.top - 0.01f).to(x + 0.005f, b.top + deep * 0.6f);
  if (chance(rng, 0.6f)) {
    draft.via(x, b.top + deep, 0.5f + b.round, b.top + deep + point).to(0.5f, b.top + deep + point);
  } else {
    draft.to(x, b.top + deep).to(0.5f, b.top + deep + point);
  }
  draft.unfold().shape();
}

void tote(Draft& draft, Rng& rng) {
  const Body b = draw_body(0.3f, 0.48f, 0.88f, 0.97f, rng);
  const f32 width = rng.uniform(0.015f, 0.05f), high = b.top * rng.uniform(0.5f, 1.4f) + 0.08f;
  const f32 at = rng.uniform(0.1f, 0.22f);
  if (chance(rng, 0.6f))
    bow(0.5f - at + 0.03f, 0.5f + at + 0.03f, b.top, high * 0.95f, width, false, draft);
  draft_body(b, rng.uniform(0, 0.03f), draft);
  const f32 low = b.top + rng.uniform(0, 0.08f);
  bow(0.5f - at, 0.5f + at, low, high, width, chance(rng, 0.3f), draft);
  if (chance(rng, 0.3f))
    draft.at(b.left_top + 0.01f, b.top + 0.07f).to(b.right_top - 0.01f, b.top + 0.07f).line();
  if (chance(rng, 0.3f)) {
    const f32 size = rng.uniform(0.05f, 0.14f);
    draft.ellipse(0.5f, (b.top + b.bottom) * 0.5f, size, size, Role::patch);
  }
}

void handbag(Draft& draft, Rng& rng) {
  const Body b = draw_body(0.36f, 0.5f, 0.82f, 0.95f, rng);
  const f32 width = rng.uniform(0.02f, 0.055f), at = rng.uniform(0.12f, 0.26f);
  const bool square = chance(rng, 0.3f);
  draft_body(b, rng.uniform(-0.03f, 0.02f), draft);
  bow(0.5f - at, 0.5f + at, b.top + 0.02f, rng.uniform(0.16f, 0.36f), width, square, draft);
  if (chance(rng, 0.5f))
    ring(0.5f - at, b.top + 0.02f, draft), ring(0.5f + at, b.top + 0.02f, draft);
  if (chance(rng, 0.5f))
    draft.at(b.left_top, b.top + 0.1f).via(0.5f, b.top + 0.13f, b.right_top, b.top + 0.1f).line();
  if (chance(rng, 0.4f)) clasp(b.top + 0.1f, draft, rng);
  if (chance(rng, 0.3f))
    draft.both([&] { draft.at(b.right - 0.08f, b.bottom).to(b.right_top - 0.08f, b.top).line(); });
  if (chance(rng, 0.25f))
    draft.rectangle(0.36f, b.bottom - 0.24f, 0.64f, b.bottom - 0.06f, Role::patch);
}

void satchel(Draft& draft, Rng& rng) {
  Body b = draw_body(0.34f, 0.46f, 0.8f, 0.92f, rng);
  b.left_top = b.left + 0.01f;
  b.right_top = b.right - 0.01f;
  if (chance(rng, 0.75f)) {  // the long strap
    const f32 width = rng.uniform(0.015f, 0.04f), high = rng.uniform(0.25f, 0.42f);
    bow(b.left_top + 0.03f, b.right_top - 0.03f, b.top + 0.03f, high, width, chance(rng, 0.2f),
        draft);
  }
  draft_body(b, 0, draft);
  flap(b, rng.uniform(0.16f, 0.34f), draft, rng);
  if (chance(rng, 0.4f)) bow(0.42f, 0.58f, b.top, 0.08f, 0.025f, true, draft);
  if (chance(rng, 0.6f)) {
    draft.both([&] {
      draft.at(0.64f, b.top + 0.05f).to(0.64f, b.bottom - 0.1f).band(0.035f);
      draft.rectangle(0.61f, b.bottom - 0.2f, 0.67f, b.bottom - 0.15f, Role::patch);
    });
  } else if (chance(rng, 0.8f)) {
    clasp(b.top + 0.24f, draft, rng);
  }
}

void backpack(Draft& draft, Rng& rng) {
  const f32 half = rng.uniform(0.24f, 0.32f), top = rng.uniform(0.14f, 0.2f), bottom = 0.93f;
  const bool open = chance(rng, 0.5f);
  draft.both([&] {
    draft.at(0.5f + half * 0.9f, top + 0.18f)
        .via(0.5f + half + 0.14f, top + 0.35f, 0.5f + half, bottom - 0.1f);
    if (open) {
      draft.band(0.045f);
    } else {
      draft.to(0.5f + half - 0.04f, bottom - 0.05f).shape();
    }
  });
  bow(0.43f, 0.57f, top + 0.02f, rng.uniform(0.06f, 0.1f), 0.025f, false, draft);
  draft.at(0.5f, top)
      .via(0.5f + half, top, 0.5f + half, top + 0.2f)
      .to(0.5f + half * 1.03f, bottom - 0.08f);
  draft.via(0.5f + half * 1.03f, bottom, 0.5f + half * 0.7f, bottom)
      .to(0.5f, bottom)
      .unfold()
      .shape();
  const f32 y = rng.uniform(0.52f, 0.62f), in = half * rng.uniform(0.65f, 0.85f);
  draft.at(0.5f - in, y)
      .via(0.5f, y - 0.04f, 0.5f + in, y)
      .to(0.5f + in, bottom - 0.08f)
      .to(0.5f - in, bottom - 0.08f)
      .patch();
  if (chance(rng, 0.6f)) draft.at(0.5f - in, y + 0.07f).to(0.5f + in, y + 0.07f).line();
  if (chance(rng, 0.6f))
    draft.at(0.5f - half, top + 0.22f).via(0.5f, top + 0.12f, 0.5f + half, top + 0.22f).line();
  if (chance(rng, 0.3f)) draft.at(0.5f, top + 0.16f).to(0.5f, y + 0.05f).band(0.03f);
}

void clutch(Draft& draft, Rng& rng) {
  const f32 high = rng.uniform(0.22f, 0.32f), half = rng.uniform(0.38f, 0.46f);
  Body b{0.5f - half, 0.5f + half, 0.5f - half,          0.5f + half,
         0.5f - high, 0.5f + high, rng.uniform(0, 0.08f)};
  if (chance(rng, 0.35f))
    bow(b.left + 0.02f, b.left + 0.2f, b.top + 0.1f, 0.2f, 0.02f, false, draft);
  draft_body(b, 0, draft);
  const u32 kind = rng.below(3);
  if (kind == 0) {
    draft.at(b.left, b.top).to(0.5f, 0.5f + rng.uniform(0, 0.1f)).to(b.right, b.top).line();
  } else if (kind == 1) {
    flap(b, high * rng.uniform(0.7f, 1.3f), draft, rng);
  } else {
    draft.at(b.left + 0.01f, b.top + 0.08f).to(b.right - 0.01f, b.top + 0.08f).line();
  }
  if (chance(rng, 0.6f)) clasp(0.5f + rng.uniform(0, 0.1f), draft, rng);
}

void duffel(Draft& draft, Rng& rng) {
  const f32 top = rng.uniform(0.36f, 0.46f), bottom = rng.uniform(0.8f, 0.9f),
            r = rng.uniform(0.08f, 0.2f);
  draft.at(0.5f, top)
      .to(0.95f - r, top)
      .via(0.95f, top, 0.95f, top + r)
      .to(0.95f, bottom - r * 0.5f);
  draft.via(0.95f, bottom, 0.95f - r, bottom).to(0.5f, bottom).unfold().shape();
  const f32 at = rng.uniform(0.12f, 0.2f), width = rng.uniform(0.02f, 0.04f);
  if (chance(rng, 0.6f))
    draft.both([&] { draft.at(0.5f + at, top).to(0.5f + at, bottom).band(width); });
  const f32 high = rng.uniform(0.18f, 0.3f);
  bow(0.5f - at, 0.5f + at, top + 0.03f, high, width, chance(rng, 0.3f), draft);
  if (chance(rng, 0.5f)) draft.at(0.08f, top + 0.06f).to(0.92f, top + 0.06f).line();
  if (chance(rng, 0.4f)) draft.rectangle(0.4f, top + 0.18f, 0.6f, bottom - 0.06f, Role::patch);
}

void pouch(Draft& draft, Rng& rng) {
  const f32 top = rng.uniform(0.4f, 0.5f), wide = rng.uniform(0.32f, 0.42f);
  const bool chain = chance(rng, 0.35f);
  const f32 high = rng.uniform(0.3f, 0.4f);
  if (!chain)
    bow(0.5f - wide * 0.75f, 0.5f + wide * 0.75f, top + 0.02f, high, rng.uniform(0.012f, 0.03f),
        false, draft);
  if (chain)
    for (int i = 0; i <= 12; ++i) {
      const f32 t = f32(i) / 6 - 1;
      draft.ellipse(0.5f + t * wide * 0.75f, top - high * (1 - t * t), 0.018f, 0.013f, Role::line);
    }
  draft.at(0.5f, top)
      .to(0.5f + wide * 0.75f, top)
      .via(0.5f + wide * 1.25f, top + 0.25f, 0.5f + wide * 0.9f, 0.88f);
  draft.via(0.5f + wide * 0.7f, 0.93f, 0.5f, 0.93f).unfold().shape();
  if (chance(rng, 0.6f))
    draft.rectangle(0.5f - wide * 0.76f, top - 0.02f, 0.5f + wide * 0.76f, top + 0.05f,
                    Role::patch);
  if (chance(rng, 0.6f)) clasp(top, draft, rng);
  if (chance(rng, 0.4f))
    for (int i = -1; i <= 1; ++i)
      draft.at(0.5f + 0.12f * f32(i), top + 0.06f).to(0.5f + 0.14f * f32(i), top + 0.2f).line();
}

}  // namespace

void draft_bag(Draft& draft, Rng& rng) {
  switch (rng.below(9)) {
    case 0:
    case 1:
      return tote(draft, rng);
    case 2:
    case 3:
      return handbag(draft, rng);
    case 4:
      return satchel(draft, rng);
    case 5:
      return backpack(draft, rng);
    case 6:
      return clutch(draft, rng);
    case 7:
      return duffel(draft, rng);
    default:
      return pouch(draft, rng);
  }
}

}  // namespace engine::sketch
