// Sandals: from the side with heel, wedge or flat, and flip-flops and slides from above.
#include <algorithm>

#include "engine/sketch/garments.hpp"

namespace engine::sketch {
namespace {

// A sole seen from the side: its upper edge from the toe (left) to the heel.
struct Sole {
  f32 ground = 0.8f, thick = 0.03f, lift = 0, ball = 0.36f, heel = 0.92f;
  f32 deck() const { return ground - thick; }
  f32 heel_y() const { return deck() - lift; }
  f32 at(f32 x) const {  // the upper edge's height
    if (x < ball) return deck();
    const f32 t = (x - ball) / (heel - ball);
    return deck() - lift * (t * t * (3 - 2 * t));
  }
};

void edge_to_heel(const Sole& s, f32 below, Draft& draft) {
  for (int i = 1; i <= 8; ++i) {
    const f32 x = s.ball + (s.heel - s.ball) * f32(i) / 8;
    draft.to(x, s.at(x) + below);
  }
}

void draft_sole(const Sole& s, u32 kind, Draft& draft, Rng& rng) {
  draft.at(0.05f, s.deck()).to(s.ball, s.deck());
  edge_to_heel(s, 0, draft);
  if (kind == 0 || s.lift == 0) {  // wedge or flat
    draft.to(s.heel + 0.01f, s.ground).to(0.08f, s.ground).shape();
    return;
  }
  const f32 wide = kind == 1 ? rng.uniform(0.02f, 0.05f) : rng.uniform(0.07f, 0.13f);
  draft.to(s.heel + 0.01f, s.heel_y() + s.thick)
      .to(s.heel - 0.01f, s.ground)
      .to(s.heel - 0.01f - wide, s.ground);
  draft.to(s.heel - std::max(0.09f, wide), s.heel_y() + s.thick + 0.05f);
  for (int i = 6; i >= 0; --i) {
    const f32 x = s.ball + (s.heel - s.ball) * f32(i) / 8;
    draft.to(x, s.at(x) + s.thick);
  }
  draft.to(0.08f, s.ground).shape();
}

// A strap over the foot from one place of the sole to another.
void strap(const Sole& s, f32 from, f32 to, f32 high, f32 width, Draft& draft) {
  const f32 middle = (from + to) * 0.5f;
  draft.at(from, s.at(from)).via(middle - 0.02f, s.at(middle) - 2 * high, to, s.at(to)).band(width);
}

// A broad strap as a surface.
void cover(const Sole& s, f32 from, f32 to, f32 high, Draft& draft, Rng& rng) {
  const f32 top = s.at((from + to) * 0.5f) - high;
  draft.at(from, s.at(from)).via(from + 0.02f, top + high * 0.3f, from + (to - from) * 0.55f, top);
  const f32 end = to + rng.uniform(-0.04f, 0.06f);
  draft.to(end, top - rng.uniform(0, 0.05f)).via(to, s.at(to) - high * 0.4f, to, s.at(to)).shape();
}

void ankle_strap(const Sole& s, Draft& draft, Rng& rng) {
  const f32 width = rng.uniform(0.02f, 0.045f), y = s.heel_y() - rng.uniform(0.14f, 0.26f);
  const f32 front = s.heel - rng.uniform(0.2f, 0.28f);
  draft.at(s.heel, s.heel_y())
      .via(s.heel - 0.03f, (s.heel_y() + y) * 0.5f, s.heel - 0.01f, y)
      .band(width);
  draft.ellipse((front + s.heel) * 0.5f, y, (s.heel - front) * 0.5f, rng.uniform(0.02f, 0.045f),
                Role::band, width);
  if (chance(rng, 0.4f)) draft.ellipse(front + 0.05f, y + 0.03f, 0.018f, 0.022f, Role::patch);
  if (chance(rng, 0.4f)) {
    const f32 x = s.ball + rng.uniform(0, 0.1f);
    draft.at(x, s.at(x) - 0.1f).via(x + 0.12f, y + 0.06f, front, y).band(width);
  }
}

void from_the_side(Draft& draft, Rng& rng) {
  Sole s;
  s.thick = rng.uniform(0.02f, 0.06f);
  const u32 kind = rng.below(3);
  if (chance(rng, 0.55f)) {
    s.lift = kind == 0 ? rng.uniform(0.06f, 0.2f) : rng.uniform(0.1f, 0.34f);
    s.ball = rng.uniform(0.3f, 0.4f);
  } else if (chance(rng, 0.3f)) {
    s.thick = rng.uniform(0.07f, 0.13f);
  }
  draft_sole(s, kind, draft, rng);
  const u32 upper = rng.below(6);
  const f32 width = rng.uniform(0.02f, 0.06f);
  if (upper < 3) {
    const int straps = 1 + int(rng.below(3));
    f32 from = rng.uniform(0.1f, 0.18f);
    for (int i = 0; i < straps; ++i) {
      const f32 to = from + rng.uniform(0.12f, 0.26f);
      strap(s, from, std::min(to, 0.8f), rng.uniform(0.09f, 0.16f), width, draft);
      from += rng.uniform(0.1f, 0.18f);
    }
    if (chance(rng, 0.75f)) ankle_strap(s, draft, rng);
  } else if (upper < 5) {
    const f32 from = rng.uniform(0.12f, 0.2f), to = rng.uniform(0.42f, 0.56f);
    cover(s, from, to, rng.uniform(0.12f, 0.19f), draft, rng);
    if (chance(rng, 0.4f)) ankle_strap(s, draft, rng);
  } else {  // gladiator: a row of straps up the foot, joined by one along it
    const f32 y = s.heel_y() - rng.uniform(0.24f, 0.34f);
    for (int i = 0; i < 4; ++i) {
      const f32 x = 0.14f + 0.16f * f32(i);
      strap(s, x, x + 0.16f, 0.1f + 0.03f * f32(i), width * 0.8f, draft);
    }
    draft.at(0.2f, s.deck() - 0.08f)
        .via(0.6f, s.at(0.6f) - 0.14f, s.heel - 0.2f, y)
        .to(s.heel, y)
        .band(width * 0.8f);
    draft.at(s.heel, s.heel_y()).to(s.heel, y).band(width * 0.8f);
  }
  if (chance(rng, 0.3f))
    draft.at(0.07f, s.deck() + s.thick * 0.5f).to(s.ball, s.deck() + s.thick * 0.5f).line();
}

// The print of a foot, heel below.
void footprint(f32 x, f32 half, Draft& draft) {
  draft.at(x - half * 0.1f, 0.06f)
      .via(x + half * 1.3f, 0.08f, x + half, 0.36f)
      .via(x + half * 0.5f, 0.6f, x + half * 0.75f, 0.8f);
  draft.via(x + half * 0.75f, 0.96f, x, 0.96f).via(x - half * 0.75f, 0.96f, x - half * 0.75f, 0.8f);
  draft.via(x - half * 0.6f, 0.58f, x - half, 0.36f)
      .via(x - half * 1.1f, 0.08f, x - half * 0.1f, 0.06f)
      .shape();
}

void one_from_above(f32 x, f32 half, u32 kind, f32 width, Draft& draft) {
  footprint(x, half, draft);
  if (kind == 0) {
    const f32 fork = 0.26f;
    draft.at(x - half * 0.85f, 0.5f).via(x - half * 0.5f, 0.32f, x, fork).band(width);
    draft.at(x + half * 0.8f, 0.5f).via(x + half * 0.5f, 0.32f, x, fork).band(width);
    draft.at(x, fork).to(x - half * 0.05f, fork - 0.05f).band(width);
    return;
  }
  draft.at(x - half * 1.04f, 0.3f)
      .via(x, 0.22f, x + half * 1.06f, 0.3f)
      .to(x + half * 0.98f, 0.46f);
  draft.via(x, 0.4f, x - half * 0.95f, 0.46f).shape();
}

void from_above(Draft& draft, Rng& rng) {
  const u32 kind = rng.below(3) < 2 ? 0 : 1;
  const f32 width = rng.uniform(0.02f, 0.05f);
  if (chance(rng, 0.5f)) return one_from_above(0.5f, rng.uniform(0.17f, 0.23f), kind, width, draft);
  const f32 half = rng.uniform(0.15f, 0.19f);
  draft.both([&] { one_from_above(0.71f, half, kind, width, draft); });
}

// A flip-flop or slide seen from the side and above: an oval sole and a strap over its front.
void slanted(Draft& draft, Rng& rng) {
  const f32 high = rng.uniform(0.08f, 0.14f), y = 0.62f;
  draft.at(0.05f, y)
      .via(0.06f, y - high, 0.35f, y - high)
      .via(0.6f, y - high * 0.5f, 0.8f, y - high);
  draft.via(0.97f, y - high, 0.96f, y)
      .via(0.95f, y + high, 0.72f, y + high * 0.8f)
      .via(0.55f, y + high * 0.5f, 0.35f, y + high);
  draft.via(0.05f, y + high, 0.05f, y).shape();
  const f32 width = rng.uniform(0.02f, 0.05f);
  if (chance(rng, 0.6f)) {
    draft.at(0.2f, y).via(0.3f, y - high * 2.4f, 0.5f, y - high * 0.7f).band(width);
    draft.at(0.2f, y).via(0.36f, y - high * 1.4f, 0.52f, y + high * 0.7f).band(width);
    return;
  }
  draft.at(0.22f, y + high)
      .via(0.22f, y - high * 1.5f, 0.34f, y - high * 1.8f)
      .to(0.52f, y - high * 1.7f);
  draft.via(0.44f, y - high, 0.46f, y + high).shape();
}

}  // namespace

void draft_sandal(Draft& draft, Rng& rng) {
  const u32 view = rng.below(10);
  if (view < 7) return from_the_side(draft, rng);
  if (view < 9) return from_above(draft, rng);
  slanted(draft, rng);
}

}  // namespace engine::sketch
