#include "engine/sketch/nothing.hpp"

#include <algorithm>
#include <array>

#include "engine/core/math.hpp"
#include "engine/sketch/draws.hpp"

namespace engine::sketch {
namespace {

constexpr f32 kTurn = 6.28318531f;

void scribble(Draft& draft, Rng& rng) {
  const u32 lines = 1 + rng.below(3);
  for (u32 i = 0; i < lines; ++i) {
    f32 x = rng.uniform(), y = rng.uniform();
    draft.at(x, y);
    const u32 bends = 2 + rng.below(12);
    for (u32 j = 0; j < bends; ++j) {
      const f32 cx = rng.uniform(), cy = rng.uniform();
      x = rng.uniform();
      y = rng.uniform();
      draft.via(cx, cy, x, y);
    }
    draft.line();
  }
}

// Digits and letters as strokes on a grid of 3 x 5 places, two digits of a number each; 99 lifts
// the pen.
void sign(f32 left, f32 width, Draft& draft, Rng& rng) {
  constexpr i32 kLift = 99;
  constexpr std::array<std::array<i32, 10>, 18> kSigns{{{00, 20, 24, 4, 0, -1},
                                                        {1, 10, 14, -1},
                                                        {1, 10, 21, 22, 4, 24, -1},
                                                        {0, 20, 12, 22, 24, 4, -1},
                                                        {0, 2, 22, kLift, 20, 24, -1},
                                                        {20, 0, 2, 22, 24, 4, -1},
                                                        {20, 2, 4, 24, 22, 2, -1},
                                                        {0, 20, 14, -1},
                                                        {0, 20, 24, 4, 0, kLift, 2, 22, -1},
                                                        {22, 2, 0, 20, 24, 4, -1},
                                                        {4, 10, 24, kLift, 3, 23, -1},
                                                        {20, 0, 4, 24, kLift, 2, 12, -1},
                                                        {0, 4, kLift, 20, 24, kLift, 2, 22, -1},
                                                        {0, 24, kLift, 20, 4, -1},
                                                        {0, 14, 20, -1},
                                                        {4, 0, 24, 20, -1},
                                                        {0, 20, 4, 24, -1},
                                                        {0, 12, 20, kLift, 12, 14, -1}}};
  const auto& places = kSigns[rng.below(u32(kSigns.size()))];
  const bool round = chance(rng, 0.5f);
  bool down = false;
  f32 before_x = 0, before_y = 0;
  for (i32 place : places) {
    if (place == -1) break;
    if (place == kLift) {
      draft.line();
      down = false;
      continue;
    }
    const i32 column = place / 10;
    const f32 x = left + width * f32(column) * 0.5f, y = 0.15f + 0.7f * f32(place % 10) * 0.25f;
    if (!down) {
      draft.at(x, y);
    } else if (round) {
      draft.via((before_x + x) * 0.5f + (y - before_y) * 0.25f,
                (before_y + y) * 0.5f - (x - before_x) * 0.25f, x, y);
    } else {
      draft.to(x, y);
    }
    down = true;
    before_x = x;
    before_y = y;
  }
  draft.line();
}

void polygon(int corners, f32 radius, f32 inner, f32 start, Draft& draft) {
  const int n = inner > 0 ? 2 * corners : corners;
  for (int i = 0; i < n; ++i) {
    const f32 angle = start + kTurn * f32(i) / f32(n);
    const f32 r = inner > 0 && i % 2 == 1 ? inner : radius;
    const f32 x = 0.5f + r * math::cos(angle), y = 0.5f + r * math::sin(angle);
    i == 0 ? draft.at(x, y) : draft.to(x, y);
  }
  draft.shape();
}

void figure(Draft& draft, Rng& rng) {
  const f32 radius = rng.uniform(0.25f, 0.45f), start = rng.uniform(0, kTurn);
  switch (rng.below(8)) {
    case 0:
      return draft.ellipse(0.5f, 0.5f, radius, 0.35f, Role::shape);
    case 1:
      return draft.rectangle(0.5f - radius, 0.2f, 0.5f + radius, 0.8f, Role::shape);
    case 2:
      return polygon(3 + int(rng.below(6)), radius, 0, start, draft);
    case 3:
      return polygon(4 + int(rng.below(5)), radius, radius * 0.45f, start, draft);
    case 4:  // a spiral
      draft.at(0.5f, 0.5f);
      for (int i = 1; i < 60; ++i) {
        const f32 angle = start + f32(i) * 0.35f, r = radius * f32(i) / 60;
        draft.to(0.5f + r * math::cos(angle), 0.5f + r * math::sin(angle));
      }
      return draft.line();
    case 5:  // a cross
      draft.at(0.5f, 0.5f - radius).to(0.5f, 0.5f + radius).line();
      return draft.at(0.5f - radius, 0.5f).to(0.5f + radius, 0.5f).line();
    case 6:  // a grid
      for (int i = 0; i < 4; ++i) {
        const f32 at = 0.2f + 0.2f * f32(i);
        draft.at(at, 0.2f).to(at, 0.8f).line();
        draft.at(0.2f, at).to(0.8f, at).line();
      }
      return;
    default:
      return draft.at(0.1f, 0.5f - radius).to(0.9f, 0.5f + radius).line();
  }
}

void house(Draft& draft) {
  draft.rectangle(0.2f, 0.45f, 0.8f, 0.9f, Role::shape);
  draft.at(0.15f, 0.45f).to(0.5f, 0.12f).to(0.85f, 0.45f).shape();
  draft.rectangle(0.45f, 0.65f, 0.58f, 0.9f, Role::patch);
  draft.rectangle(0.27f, 0.55f, 0.39f, 0.67f, Role::patch);
}

void face(Draft& draft, Rng& rng) {
  draft.ellipse(0.5f, 0.5f, 0.4f, 0.42f, Role::shape);
  draft.both([&] { draft.ellipse(0.64f, 0.4f, 0.05f, 0.06f, Role::patch); });
  draft.at(0.3f, 0.65f).via(0.5f, rng.uniform(0.5f, 0.9f), 0.7f, 0.65f).line();
}

void person(Draft& draft, Rng& rng) {
  draft.ellipse(0.5f, 0.2f, 0.11f, 0.12f, Role::shape);
  draft.at(0.5f, 0.32f).to(0.5f, 0.65f).line();
  const f32 arm = rng.uniform(0.25f, 0.6f);
  draft.both([&] {
    draft.at(0.5f, 0.42f).to(0.75f, arm).line();
    draft.at(0.5f, 0.65f).to(0.68f, 0.95f).line();
  });
}

void tree(Draft& draft) {
  draft.rectangle(0.44f, 0.6f, 0.56f, 0.95f, Role::shape);
  draft.ellipse(0.5f, 0.36f, 0.32f, 0.3f, Role::shape);
}

void car(Draft& draft) {
  draft.at(0.05f, 0.65f)
      .to(0.08f, 0.5f)
      .to(0.28f, 0.46f)
      .to(0.38f, 0.32f)
      .to(0.68f, 0.32f)
      .to(0.78f, 0.48f);
  draft.to(0.95f, 0.52f).to(0.95f, 0.65f).shape();
  draft.ellipse(0.27f, 0.66f, 0.09f, 0.09f, Role::shape);
  draft.ellipse(0.74f, 0.66f, 0.09f, 0.09f, Role::shape);
}

void flower(Draft& draft) {
  draft.at(0.5f, 0.45f).to(0.5f, 0.95f).line();
  for (int i = 0; i < 6; ++i) {
    const f32 angle = kTurn * f32(i) / 6;
    draft.ellipse(0.5f + 0.16f * math::cos(angle), 0.32f + 0.16f * math::sin(angle), 0.09f, 0.09f,
                  Role::shape);
  }
  draft.ellipse(0.5f, 0.32f, 0.08f, 0.08f, Role::patch);
}

void cup(Draft& draft, Rng& rng) {
  const f32 foot = rng.uniform(0.18f, 0.3f);
  draft.ellipse(0.78f, 0.5f, 0.14f, 0.16f, Role::band, 0.05f);
  draft.at(0.5f, 0.2f).to(0.8f, 0.2f).to(0.5f + foot, 0.85f).to(0.5f, 0.85f).unfold().shape();
}

void fish(Draft& draft) {
  draft.at(0.05f, 0.5f).via(0.35f, 0.15f, 0.7f, 0.5f).via(0.35f, 0.85f, 0.05f, 0.5f).shape();
  draft.at(0.66f, 0.5f).to(0.93f, 0.32f).to(0.93f, 0.68f).shape();
  draft.ellipse(0.2f, 0.46f, 0.025f, 0.025f, Role::patch);
}

void thing(Draft& draft, Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return house(draft);
    case 1:
      return face(draft, rng);
    case 2:
      return person(draft, rng);
    case 3:
      return tree(draft);
    case 4:
      return car(draft);
    case 5:
      return flower(draft);
    case 6:
      return cup(draft, rng);
    default:
      return fish(draft);
  }
}

void blots(Draft& draft, Rng& rng) {
  const u32 count = 1 + rng.below(30);
  const f32 largest = count < 4 ? 0.3f : 0.08f;
  for (u32 i = 0; i < count; ++i) {
    const f32 x = rng.uniform(), y = rng.uniform(), r = rng.uniform(0.01f, largest);
    draft.ellipse(x, y, r, r * rng.uniform(0.5f, 1.5f), Role::shape);
  }
}

void noise(Paper& paper, Rng& rng) {
  const u32 coarse = 1 + rng.below(12);
  const f32 few = chance(rng, 0.5f) ? 1.0f : rng.uniform(0.02f, 0.5f);
  const auto side = std::size_t(paper.side());
  const std::span<f32> tones = paper.tones();
  for (std::size_t y = 0; y < side; y += coarse) {
    for (std::size_t x = 0; x < side; x += coarse) {
      const f32 tone = rng.uniform();
      const f32 value = few >= 1 || tone < few ? tone : 0.0f;
      for (std::size_t v = y; v < std::min(side, y + coarse); ++v)
        std::fill_n(tones.begin() + std::ptrdiff_t(v * side + x),
                    std::min<std::size_t>(coarse, side - x), value);
    }
  }
}

}  // namespace

void draw_nothing(Paper& paper, Draft& draft, Hand& hand, Rng& rng) {
  draft.clear();
  const u32 kind = rng.below(12);
  if (kind == 0) return noise(paper, rng);
  if (kind < 4) {
    scribble(draft, rng);
  } else if (kind < 6) {
    sign(0.25f, 0.5f, draft, rng);
  } else if (kind == 6) {
    sign(0.02f, 0.4f, draft, rng);
    sign(0.55f, 0.4f, draft, rng);
  } else if (kind < 9) {
    figure(draft, rng);
  } else if (kind < 11) {
    thing(draft, rng);
  } else {
    blots(draft, rng);
  }
  place_draft(draft, draw_placement(paper.side(), 1, rng));
  draw_draft(draft, draw_style(paper.side(), rng), paper, hand, rng);
}

}  // namespace engine::sketch
