#include "engine/sketch/top.hpp"

#include <algorithm>

#include "engine/core/math.hpp"
#include "engine/sketch/garments.hpp"

namespace engine::sketch {
namespace {

struct Arm {
  Point shoulder, outer, inner, armpit;
};

Arm arm_of(const Top& t) {
  const f32 c = math::cos(t.sleeve_angle), s = math::sin(t.sleeve_angle);
  Arm arm;
  arm.shoulder = {0.5f + t.shoulder, t.top + t.slope};
  arm.outer = {arm.shoulder.x + c * t.sleeve, arm.shoulder.y + s * t.sleeve};
  arm.inner = {arm.outer.x - s * t.cuff, arm.outer.y + c * t.cuff};
  arm.armpit = {0.5f + t.chest, t.armpit};
  return arm;
}

Point between(Point a, Point b, f32 t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

void sleeve_path(const Top& t, const Arm& arm, Draft& draft) {
  const f32 c = math::cos(t.sleeve_angle), s = math::sin(t.sleeve_angle);
  const Point m = between(arm.shoulder, arm.outer, 0.4f);
  draft.via(m.x + s * t.puff, m.y - c * t.puff, arm.outer.x, arm.outer.y);
  draft.to(arm.inner.x, arm.inner.y);
  const Point n = between(arm.inner, arm.armpit, 0.6f);
  draft.via(n.x - s * t.puff * 0.5f, n.y + c * t.puff * 0.5f, arm.armpit.x, arm.armpit.y);
}

// From the middle of the neckline to its end at the shoulder, lowered by `drop` and widened.
void neckline(const Top& t, f32 drop, f32 wider, Draft& draft) {
  const f32 half = t.neck_half + wider, end = t.top + drop * 0.25f,
            low = t.top + t.neck_depth + drop;
  switch (t.neck) {
    case Neck::round:
      draft.at(0.5f, low).via(0.5f + half * 0.95f, low, 0.5f + half, end);
      return;
    case Neck::boat:
      draft.at(0.5f, low).via(0.5f + half * 0.7f, low, 0.5f + half, end);
      return;
    case Neck::vee:
      draft.at(0.5f, low).to(0.5f + half, end);
      return;
    case Neck::square:
      draft.at(0.5f, low).to(0.5f + half * 0.92f, low).to(0.5f + half, end);
      return;
    case Neck::heart:
      draft.at(0.5f, low + 0.02f)
          .via(0.5f + half * 0.6f, low - 0.09f, 0.5f + half * 0.9f, low - 0.01f);
      draft.to(0.5f + half, end);
      return;
  }
}

}  // namespace

void draw_measures(Top& t, Rng& rng) {
  t.top = 0.08f;
  t.bottom = rng.uniform(0.78f, 0.94f);
  t.neck_half = rng.uniform(0.06f, 0.13f);
  t.neck_depth = rng.uniform(0.03f, 0.12f);
  t.shoulder = std::max(rng.uniform(0.19f, 0.28f), t.neck_half + 0.06f);
  t.slope = rng.uniform(0.02f, 0.09f);
  t.chest = std::clamp(t.shoulder + rng.uniform(-0.07f, 0.02f), 0.15f, 0.27f);
  t.waist = t.chest * rng.uniform(0.82f, 1.06f);
  t.hem = t.chest * rng.uniform(0.9f, 1.18f);
  t.armpit = t.top + rng.uniform(0.2f, 0.32f);
  t.hem_curve = chance(rng, 0.4f) ? rng.uniform(-0.02f, 0.04f) : 0.0f;
  t.separate = chance(rng, 0.35f);
}

void long_sleeves(Top& t, Rng& rng) {
  t.sleeve_angle = chance(rng, 0.65f) ? rng.uniform(1.15f, 1.52f) : rng.uniform(0.35f, 1.15f);
  const f32 length = (t.bottom - t.top) * rng.uniform(0.68f, 0.98f);
  // Arms that are held out are drawn shorter, as they would leave the sheet.
  t.sleeve = t.sleeve_angle > 1.15f ? length : std::min(length, rng.uniform(0.4f, 0.6f));
  t.cuff = rng.uniform(0.06f, 0.12f);
  t.puff = rng.uniform(-0.01f, 0.035f);
  t.shoulder = std::min(t.shoulder, 0.25f);
  t.chest = std::min(t.chest, t.shoulder + 0.01f);
}

void short_sleeves(Top& t, Rng& rng) {
  t.sleeve_angle = rng.uniform(0.25f, 1.2f);
  t.sleeve = rng.uniform(0.1f, 0.26f);
  t.cuff = rng.uniform(0.09f, 0.17f);
  t.puff = rng.uniform(0, 0.025f);
}

f32 half_at(const Top& t, f32 y) {
  const f32 middle = (t.armpit + t.bottom) * 0.5f;
  if (y < t.armpit) return t.chest;
  if (y < middle) return t.chest + (t.waist - t.chest) * ((y - t.armpit) / (middle - t.armpit));
  return t.waist + (t.hem - t.waist) * ((y - middle) / (t.bottom - middle));
}

void draft_top(const Top& t, Draft& draft) {
  const Arm arm = arm_of(t);
  neckline(t, 0, 0, draft);
  draft.to(arm.shoulder.x, arm.shoulder.y);
  if (t.sleeve > 0 && !t.separate) {
    sleeve_path(t, arm, draft);
  } else {
    draft.via(0.5f + std::min(t.shoulder, t.chest) * 0.9f,
              (arm.shoulder.y + t.armpit) * 0.5f + 0.03f, arm.armpit.x, arm.armpit.y);
  }
  draft.via(0.5f + 2 * t.waist - (t.chest + t.hem) * 0.5f, (t.armpit + t.bottom) * 0.5f,
            0.5f + t.hem, t.bottom);
  draft.to(0.5f, t.bottom + t.hem_curve).unfold().shape();
  if (t.sleeve <= 0 || !t.separate) return;
  draft.both([&] {
    draft.at(arm.shoulder.x, arm.shoulder.y);
    sleeve_path(t, arm, draft);
    draft.shape();
  });
}

void neck_band(const Top& t, f32 width, Draft& draft) {
  neckline(t, width, width * 0.7f, draft);
  draft.unfold().line();
}

void back_neck(const Top& t, Draft& draft) {
  draft.at(0.5f - t.neck_half, t.top)
      .via(0.5f, t.top + t.neck_depth * 0.5f, 0.5f + t.neck_half, t.top)
      .line();
}

void hem_band(const Top& t, f32 width, Draft& draft) {
  const f32 y = t.bottom - width, half = half_at(t, y);
  draft.at(0.5f - half, y).via(0.5f, y + 2 * t.hem_curve, 0.5f + half, y).line();
}

void cuff_band(const Top& t, f32 width, Draft& draft) {
  if (t.sleeve <= 0) return;
  const Arm arm = arm_of(t);
  const f32 share = std::min(0.5f, width / t.sleeve);
  const Point a = between(arm.outer, arm.shoulder, share),
              b = between(arm.inner, arm.armpit, share);
  draft.both([&] { draft.at(a.x, a.y).to(b.x, b.y).line(); });
}

void armholes(const Top& t, Draft& draft) {
  const Arm arm = arm_of(t);
  draft.both([&] {
    draft.at(arm.shoulder.x, arm.shoulder.y)
        .via(arm.shoulder.x - 0.04f, (arm.shoulder.y + arm.armpit.y) * 0.5f, arm.armpit.x,
             arm.armpit.y)
        .line();
  });
}

void raglan(const Top& t, Draft& draft) {
  draft.both([&] {
    draft.at(0.5f + t.neck_half, t.top)
        .via(0.5f + t.neck_half + 0.03f, t.armpit * 0.7f, 0.5f + t.chest, t.armpit)
        .line();
  });
}

void stripes(const Top& t, int count, bool filled, Draft& draft) {
  const f32 from = t.armpit, to = t.bottom - 0.03f, step = (to - from) / f32(count);
  for (int i = 0; i < count; ++i) {
    const f32 y = from + (f32(i) + 0.4f) * step, half = half_at(t, y) - 0.005f;
    if (filled) {
      draft.rectangle(0.5f - half, y, 0.5f + half, y + step * 0.45f, Role::patch);
    } else {
      draft.at(0.5f - half, y).to(0.5f + half, y).line();
    }
  }
}

void checks(const Top& t, int count, Draft& draft) {
  stripes(t, count, false, draft);
  for (int i = 0; i < count; ++i) {
    const f32 x = t.chest * 0.95f * (2 * (f32(i) + 0.5f) / f32(count) - 1);
    draft.at(0.5f + x, t.armpit - 0.06f).to(0.5f + x, t.bottom - 0.01f).line();
  }
}

void print(const Top& t, Draft& draft, Rng& rng) {
  const f32 y = t.armpit + rng.uniform(0.02f, 0.16f), size = t.chest * rng.uniform(0.25f, 0.7f);
  const Role role = chance(rng, 0.6f) ? Role::patch : Role::line;
  switch (rng.below(5)) {
    case 0:
      return draft.ellipse(0.5f, y, size, size, role);
    case 1:
      return draft.rectangle(0.5f - size, y - size * 0.5f, 0.5f + size, y + size * 0.6f,
                             Role::patch);
    case 2:
      for (int i = 0; i < 10; ++i) {
        const f32 angle = 0.6283185f * f32(i) - 1.5708f, r = i % 2 == 0 ? size : size * 0.45f;
        const f32 px = 0.5f + r * math::cos(angle), py = y + r * math::sin(angle);
        i == 0 ? draft.at(px, py) : draft.to(px, py);
      }
      return draft.patch();
    case 3:
      for (int i = 0; i < 3; ++i) {
        const f32 row = y + 0.045f * f32(i), half = size * rng.uniform(0.5f, 1);
        draft.at(0.5f - half, row).to(0.5f + half, row).line();
      }
      return;
    default:
      draft.at(0.5f, y + size)
          .via(0.5f - size * 1.6f, y - size * 0.2f, 0.5f - size * 0.4f, y - size * 0.6f);
      draft.via(0.5f, y - size * 0.6f, 0.5f, y - size * 0.2f).unfold();
      return draft.patch();
  }
}

void buttons(f32 x, f32 from, f32 to, int count, f32 radius, Draft& draft) {
  for (int i = 0; i < count; ++i) {
    const f32 y = from + (to - from) * (count > 1 ? f32(i) / f32(count - 1) : 0.5f);
    draft.ellipse(x, y, radius, radius, Role::patch);
  }
}

void folds(const Top& t, Draft& draft, Rng& rng) {
  const u32 count = 1 + rng.below(4);
  for (u32 i = 0; i < count; ++i) {
    const f32 y = rng.uniform(t.armpit, t.bottom - 0.1f), half = half_at(t, y);
    const f32 side = chance(rng, 0.5f) ? 1.0f : -1.0f, length = rng.uniform(0.04f, 0.14f);
    const f32 x = 0.5f + side * half * rng.uniform(0.4f, 0.95f);
    draft.at(x, y)
        .via(x - side * length * 0.4f, y + 0.01f, x - side * length, y + rng.uniform(0, 0.12f))
        .line();
  }
}

void hood(const Top& t, Draft& draft, Rng& rng) {
  const f32 half = t.neck_half + rng.uniform(0.03f, 0.07f), height = rng.uniform(0.1f, 0.2f);
  draft.at(0.5f, t.top - height)
      .via(0.5f + half * 1.2f, t.top - height, 0.5f + half, t.top + 0.03f);
  draft.via(0.5f + half * 0.6f, t.top + 0.1f, 0.5f, t.top + 0.12f).unfold().shape();
  if (chance(rng, 0.7f)) {
    const f32 in = half * 0.6f;
    draft.at(0.5f, t.top - height * 0.6f)
        .via(0.5f + in * 1.1f, t.top - height * 0.6f, 0.5f + in, t.top + 0.01f);
    draft.via(0.5f + in * 0.5f, t.top + 0.06f, 0.5f, t.top + 0.08f).unfold().patch();
  }
  if (chance(rng, 0.5f)) {
    const f32 length = rng.uniform(0.1f, 0.22f);
    draft.both([&] { draft.at(0.53f, t.top + 0.1f).to(0.535f, t.top + 0.1f + length).line(); });
  }
}

}  // namespace engine::sketch
