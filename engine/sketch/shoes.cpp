// Sneakers and ankle boots, from the side, the toe to the left.
#include <algorithm>

#include "engine/sketch/garments.hpp"

namespace engine::sketch {
namespace {

// Lace bars across the front edge from a (above) to b (below), pointing backwards.
void laces(Point a, Point b, Draft& draft, Rng& rng) {
  const int count = 3 + int(rng.below(5));
  const f32 length = rng.uniform(0.05f, 0.11f);
  const bool crossed = chance(rng, 0.4f);
  for (int i = 0; i < count; ++i) {
    const f32 t = (f32(i) + 0.5f) / f32(count);
    const f32 x = a.x + (b.x - a.x) * t, y = a.y + (b.y - a.y) * t;
    draft.at(x - 0.01f, y - 0.01f).to(x + length, y + length * 0.6f).line();
    if (crossed) draft.at(x + length * 0.9f, y - 0.015f).to(x, y + length * 0.7f).line();
  }
}

void tread(f32 y, f32 from, f32 to, Draft& draft) {
  for (int i = 1; i < 9; ++i) {
    const f32 x = from + (to - from) * f32(i) / 9;
    draft.at(x, y - 0.025f).to(x - 0.01f, y).line();
  }
}

void side_mark(f32 y, Draft& draft, Rng& rng) {
  const f32 x = rng.uniform(0.5f, 0.6f);
  switch (rng.below(5)) {
    case 0:  // bars
      for (int i = 0; i < 3; ++i)
        draft.at(x + 0.06f * f32(i) - 0.05f, y - 0.13f).to(x + 0.06f * f32(i) + 0.02f, y).line();
      return;
    case 1:  // a sweep
      draft.at(x - 0.16f, y - 0.04f)
          .via(x, y + 0.04f, x + 0.26f, y - 0.14f)
          .via(x, y - 0.03f, x - 0.16f, y - 0.04f);
      return draft.patch();
    case 2:
      return draft.ellipse(x + 0.1f, y - 0.12f, 0.045f, 0.045f, Role::patch);
    case 3:
      draft.at(x - 0.15f, y).via(x + 0.05f, y - 0.02f, x + 0.2f, y - 0.16f).line();
      return;
    default:
      draft.at(x - 0.1f, y).to(x + 0.02f, y - 0.16f).line();
      draft.at(x + 0.06f, y).to(x + 0.14f, y - 0.18f).line();
  }
}

}  // namespace

void draft_sneaker(Draft& draft, Rng& rng) {
  const f32 ground = 0.74f, sole = rng.uniform(0.04f, 0.1f), deck = ground - sole;
  const bool high = chance(rng, 0.12f);
  const f32 collar = high ? rng.uniform(0.2f, 0.28f) : rng.uniform(0.36f, 0.46f);
  const f32 tongue_x = rng.uniform(0.52f, 0.64f), tongue_y = collar - rng.uniform(-0.02f, 0.06f);
  const f32 vamp_x = rng.uniform(0.28f, 0.38f), vamp_y = deck - rng.uniform(0.12f, 0.18f);
  const f32 toe = deck - rng.uniform(0.06f, 0.1f), heel = rng.uniform(0.93f, 0.97f);
  const f32 dip = collar + rng.uniform(0.03f, 0.1f);
  draft.at(0.04f, deck).via(0.03f, toe, 0.12f, toe - 0.03f).via(0.2f, toe - 0.06f, vamp_x, vamp_y);
  draft.to(tongue_x, tongue_y)
      .via(tongue_x + 0.04f, tongue_y - 0.01f, tongue_x + 0.06f, tongue_y + 0.04f);
  draft.via((tongue_x + heel) * 0.5f + 0.02f, dip + 0.03f, heel - 0.06f, collar + 0.01f);
  draft.via(heel, collar - 0.04f, heel - 0.01f, collar + 0.05f)
      .via(heel - 0.03f, (collar + deck) * 0.5f, heel, deck)
      .shape();
  // Running shoes turn up at the toe.
  const f32 up = chance(rng, 0.4f) ? rng.uniform(0, 0.05f) : 0.0f, wedge = rng.uniform(0, 0.03f);
  draft.at(0.03f, deck - up * 0.3f).to(0.5f, deck + 0.01f).to(heel + 0.01f, deck - wedge);
  draft.via(heel + 0.03f, ground, heel - 0.03f, ground)
      .to(0.14f, ground)
      .via(0.02f, ground - up, 0.03f, deck - up * 0.3f);
  chance(rng, 0.6f) ? draft.shape() : draft.patch();
  if (chance(rng, 0.35f)) draft.at(0.04f, deck + sole * 0.5f).to(heel, deck + sole * 0.5f).line();
  if (chance(rng, 0.2f)) tread(ground, 0.08f, heel, draft);
  if (chance(rng, 0.8f)) laces({tongue_x - 0.02f, tongue_y + 0.04f}, {vamp_x, vamp_y}, draft, rng);
  if (chance(rng, 0.5f))
    draft.at(vamp_x - 0.02f, vamp_y + 0.01f)
        .via(vamp_x - 0.02f, deck - 0.03f, vamp_x - 0.1f, deck)
        .line();
  if (chance(rng, 0.5f))
    draft.at(tongue_x + 0.08f, dip).via(vamp_x + 0.14f, vamp_y + 0.1f, vamp_x + 0.1f, deck).line();
  if (chance(rng, 0.5f))
    draft.at(heel - 0.13f, dip).via(heel - 0.16f, (dip + deck) * 0.5f, heel - 0.12f, deck).line();
  if (chance(rng, 0.65f)) side_mark(deck - 0.02f, draft, rng);
  if (high && chance(rng, 0.5f)) draft.ellipse(0.8f, collar + 0.12f, 0.06f, 0.06f, Role::patch);
}

namespace {

struct Boot {
  f32 ground, sole, top, front, back, ankle_front, heel_height, heel_width, toe;
};

Boot draw_boot(Rng& rng) {
  Boot b{};
  b.ground = 0.93f;
  b.sole = rng.uniform(0.015f, 0.06f);
  b.top = rng.uniform(0.08f, 0.3f);
  b.back = rng.uniform(0.82f, 0.92f);
  b.front = b.back - rng.uniform(0.34f, 0.46f);
  b.ankle_front = b.front - rng.uniform(-0.02f, 0.05f);
  const u32 heel = rng.below(10);
  b.heel_height = heel < 3 ? 0 : heel < 7 ? rng.uniform(0.04f, 0.12f) : rng.uniform(0.13f, 0.26f);
  b.heel_width = b.heel_height > 0.12f ? rng.uniform(0.04f, 0.16f) : rng.uniform(0.16f, 0.26f);
  b.toe = rng.uniform(0.06f, 0.12f);
  return b;
}

void boot_details(const Boot& b, f32 instep_y, Draft& draft, Rng& rng) {
  const f32 middle = (b.front + b.back) * 0.5f, deck = b.ground - b.sole;
  switch (rng.below(6)) {
    case 0:  // elastic at the side
      draft.at(middle - 0.08f, b.top + 0.02f)
          .to(middle + 0.07f, b.top + 0.02f)
          .to(middle + 0.03f, instep_y + 0.06f);
      draft.to(middle - 0.03f, instep_y + 0.06f).patch();
      break;
    case 1:  // zip
      draft.at(middle + rng.uniform(-0.1f, 0.1f), b.top)
          .via(middle, instep_y, middle - 0.03f, deck - b.heel_height - 0.1f)
          .line();
      break;
    case 2:
    case 3:
      laces({b.front + 0.02f, b.top + 0.05f}, {b.ankle_front - 0.03f, instep_y + 0.04f}, draft,
            rng);
      if (chance(rng, 0.5f))
        draft.at(b.front + 0.11f, b.top)
            .via(b.front + 0.1f, instep_y, b.ankle_front + 0.06f, instep_y + 0.12f)
            .line();
      break;
    case 4:  // strap with a buckle
      draft.at(b.ankle_front, instep_y - 0.04f)
          .to(b.back, instep_y - 0.02f)
          .to(b.back, instep_y + 0.03f)
          .to(b.ankle_front - 0.02f, instep_y + 0.02f)
          .patch();
      draft.rectangle(middle, instep_y - 0.05f, middle + 0.05f, instep_y + 0.04f, Role::patch);
      break;
    default:
      break;
  }
  if (chance(rng, 0.3f)) draft.at(b.front, b.top + 0.05f).to(b.back, b.top + 0.06f).line();
  if (chance(rng, 0.2f))
    draft.at(b.back - 0.02f, b.top)
        .via(b.back + 0.04f, b.top - 0.06f, b.back - 0.05f, b.top)
        .line();
  if (chance(rng, 0.35f)) draft.at(0.26f, deck - 0.13f).via(0.26f, deck - 0.04f, 0.2f, deck).line();
  if (chance(rng, 0.3f))
    draft.at(b.back - 0.14f, instep_y + 0.02f)
        .via(b.back - 0.16f, deck - b.heel_height - 0.05f, b.back - 0.12f, deck - b.heel_height)
        .line();
  if (chance(rng, 0.1f))
    draft.rectangle(b.front - 0.02f, b.top - 0.02f, b.back + 0.02f, b.top + 0.07f, Role::patch);
}

}  // namespace

void draft_ankle_boot(Draft& draft, Rng& rng) {
  const Boot b = draw_boot(rng);
  const f32 deck = b.ground - b.sole, lift = b.heel_height, heel_y = deck - lift;
  const f32 instep_y = heel_y - rng.uniform(0.22f, 0.3f), vamp = rng.uniform(0.1f, 0.16f);
  const f32 ball = 0.36f, back = b.back + 0.02f;
  // The upper part: shaft, instep, toe, along the deck to the heel.
  draft.at(b.front, b.top).via(b.front - 0.01f, (b.top + instep_y) * 0.5f, b.ankle_front, instep_y);
  draft.via(b.ankle_front - 0.08f, instep_y + 0.09f, 0.22f, deck - vamp)
      .via(0.05f, deck - b.toe, 0.05f, deck);
  draft.to(ball, deck)
      .via((ball + b.back) * 0.5f - 0.08f, deck - lift * 0.2f, b.back - b.heel_width, heel_y)
      .to(back, heel_y);
  draft.via(b.back - 0.03f, (heel_y + instep_y) * 0.5f, b.back - 0.01f, instep_y)
      .via(b.back + 0.01f, b.top + 0.08f, b.back, b.top);
  if (chance(rng, 0.4f)) draft.via((b.front + b.back) * 0.5f, b.top + 0.03f, b.front, b.top);
  draft.shape();
  const bool apart = chance(rng, 0.7f);
  const auto finish = [&] { apart ? draft.shape() : draft.patch(); };
  if (lift == 0) {
    draft.at(0.04f, deck)
        .to(back + 0.01f, deck)
        .to(back, b.ground)
        .to(0.07f, b.ground)
        .via(0.03f, b.ground, 0.04f, deck);
    finish();
  } else {
    const f32 tip = b.heel_width * rng.uniform(0.5f, 1);
    draft.at(0.04f, deck)
        .to(ball, deck)
        .via((ball + b.back) * 0.5f - 0.08f, deck - lift * 0.2f, b.back - b.heel_width, heel_y);
    draft.to(back, heel_y)
        .to(back - 0.01f, b.ground)
        .to(back - tip, b.ground)
        .to(b.back - b.heel_width, heel_y + b.sole);
    draft.via((ball + b.back) * 0.5f - 0.08f, deck - lift * 0.2f + b.sole, ball, b.ground)
        .to(0.08f, b.ground);
    finish();
  }
  boot_details(b, instep_y, draft, rng);
}

}  // namespace engine::sketch
