#include "engine/sketch/style.hpp"

#include <algorithm>
#include <array>

#include "engine/core/math.hpp"
#include "engine/sketch/draws.hpp"

namespace engine::sketch {
namespace {

// Parallel lines across the mask.
void hatch(Paper& paper, Hand& hand, const Style& style, f32 angle, Rng& rng) {
  const f32 c = math::cos(angle), s = math::sin(angle);
  const f32 middle = f32(paper.side()) * 0.5f, reach = f32(paper.side()) * 0.72f;
  Pen pen = style.detail;
  pen.tone = style.shade_tone;
  pen.width = std::max(1.0f, pen.width * 0.7f);
  for (f32 at = -reach; at < reach; at += style.shade_step * rng.uniform(0.8f, 1.2f)) {
    const f32 from = -reach * rng.uniform(0.6f, 1), to = reach * rng.uniform(0.6f, 1);
    const std::array<Point, 2> line{Point{middle + c * from - s * at, middle + s * from + c * at},
                                    Point{middle + c * to - s * at, middle + s * to + c * at}};
    hand.stroke(paper, line, false, pen, rng, true);
  }
}

// One zigzag across the mask.
void scribble(Paper& paper, Hand& hand, const Style& style, Rng& rng) {
  const f32 c = math::cos(style.shade_angle), s = math::sin(style.shade_angle);
  const f32 middle = f32(paper.side()) * 0.5f, reach = f32(paper.side()) * 0.6f;
  Pen pen = style.detail;
  pen.tone = style.shade_tone;
  std::array<Point, 40> line;
  const int turns = std::clamp(int(2 * reach / style.shade_step), 6, 40);
  for (int i = 0; i < turns; ++i) {
    const f32 at = -reach + 2 * reach * f32(i) / f32(turns - 1);
    const f32 along = (i % 2 == 0 ? -1.0f : 1.0f) * reach * rng.uniform(0.7f, 1);
    line[std::size_t(i)] = {middle + c * along - s * at, middle + s * along + c * at};
  }
  hand.stroke(paper, std::span(line).first(std::size_t(turns)), false, pen, rng, true);
}

// The mask on one side of a line, at once or fading.
void shade_part(Paper& paper, const Style& style, Rng& rng) {
  const f32 c = math::cos(style.shade_angle), s = math::sin(style.shade_angle);
  const int side = paper.side();
  const f32 middle = f32(side) * 0.5f + f32(side) * rng.uniform(-0.2f, 0.2f);
  const f32 soft = style.shade == Shade::fade ? 2.0f / f32(side) : 0.5f;
  const std::span<f32> tones = paper.tones();
  const std::span<const f32> mask = paper.mask();
  // Everywhere: the mask is 0 outside of what is shaded.
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const f32 d = (f32(x) - middle) * c + (f32(y) - middle) * s;
      const f32 part = std::clamp(0.5f + d * soft, 0.0f, 1.0f);
      const std::size_t i = std::size_t(y) * std::size_t(side) + std::size_t(x);
      tones[i] += (style.shade_tone - tones[i]) * (part * mask[i]);
    }
  }
}

void draw_band(std::span<const Point> line, f32 width, const Style& style, Paper& paper, Hand& hand,
               Rng& rng) {
  Pen outer = style.pen;
  outer.overshoot = 0;
  const bool hollow = style.outlined && width > 2.2f * style.pen.width;
  outer.tone = style.outlined ? style.pen.tone : style.fill;
  outer.width = std::max(width, style.pen.width);
  outer.gap = outer.twice = hollow ? 0 : outer.gap;
  outer.wobble = hollow ? 0 : outer.wobble;
  hand.stroke(paper, line, false, outer, rng);
  if (!hollow) return;
  Pen inner = outer;
  inner.tone = style.fill;
  inner.width = width - 2 * style.pen.width;
  hand.stroke(paper, line, false, inner, rng);
}

// Without outlines, what lies on a part of the same tone would not be seen: `above` says that
// something may lie below, whose edge is drawn as a detail.
void draw_closed(std::span<const Point> outline, const Style& style, bool patch, bool above,
                 Paper& paper, Hand& hand, Rng& rng) {
  const f32 tone = patch ? style.patch : style.fill;
  paper.cover(outline);
  if (tone > 0 || !(style.see_through || patch)) paper.fill(tone);
  if (!patch && style.shade != Shade::none) shade(paper, hand, style, rng);
  if (style.outlined || (above && tone == style.fill))
    hand.stroke(paper, outline, true, patch || above ? style.detail : style.pen, rng);
}

// Six ways: outline, outline with shading, outline with fill, fill with details, flat, icon.
void choose_look(Style& style, Rng& rng) {
  const u32 look = rng.below(20);
  style.patch = chance(rng, 0.25f) ? 1.0f : 0.0f;
  if (look < 8) return;
  if (look < 11) {
    style.shade = Shade(1 + rng.below(5));
    style.shade_tone = rng.uniform(0.35f, 1);
    return;
  }
  style.fill = rng.uniform(0.2f, 1);
  style.patch = chance(rng, 0.5f) ? rng.uniform(0.1f, 1) : style.fill;
  if (look < 14) {
    style.fill = rng.uniform(0.1f, 0.7f);
    if (chance(rng, 0.2f)) style.shade = Shade(1 + rng.below(5));
    style.shade_tone = rng.uniform(0.2f, 1);
    return;
  }
  style.outlined = false;
  // Details in the colour of the ground, or darker than what they lie on.
  style.detail.tone =
      style.fill > 0.6f || chance(rng, 0.3f) ? rng.uniform(0, style.fill * 0.5f) : 1;
  if (look >= 18) style.details = 0;
  if (chance(rng, 0.15f)) {
    style.shade = Shade::fade;
    style.shade_tone = rng.uniform(0.1f, 1);
  }
}

}  // namespace

Pen draw_pen(int side, Rng& rng) {
  const f32 unit = f32(side) * 0.01f;
  Pen pen;
  const u32 nib = rng.below(10);
  pen.width = unit * (nib < 3   ? rng.uniform(0.7f, 2)
                      : nib < 8 ? rng.uniform(2, 5)
                                : rng.uniform(5, 9));
  const f32 haste = mostly_small(rng);
  pen.wobble = unit * 2.5f * haste;
  pen.pressure = 0.5f * mostly_small(rng);
  pen.gap = chance(rng, 0.2f) ? rng.uniform() : 0.0f;
  pen.overshoot = chance(rng, 0.4f) ? unit * 6 * haste : 0.0f;
  pen.twice = chance(rng, 0.25f) ? rng.uniform() : 0.0f;
  pen.tone = 1;
  return pen;
}

Style draw_style(int side, Rng& rng) {
  Style style;
  style.pen = draw_pen(side, rng);
  style.detail = style.pen;
  style.detail.width *= rng.uniform(0.5f, 1.05f);
  style.detail.width = std::min(style.detail.width, 0.045f * f32(side));
  style.detail.tone = chance(rng, 0.3f) ? rng.uniform(0.4f, 1) : 1.0f;
  style.details = chance(rng, 0.5f) ? 1.0f : rng.uniform(0.2f, 1);
  style.see_through = chance(rng, 0.05f);
  style.shade_angle = rng.uniform(0, 3.14159f);
  style.shade_step = f32(side) * rng.uniform(0.035f, 0.1f);
  choose_look(style, rng);
  return style;
}

Placement draw_placement(int side, f32 free, Rng& rng) {
  Placement p;
  p.middle = f32(side) * 0.5f;
  const f32 turn = chance(rng, 0.5f) ? 0.0f : free * 0.45f * mostly_near_zero(rng);
  p.c = math::cos(turn);
  p.s = math::sin(turn);
  p.wide = f32(side) * 0.8f * (1.0f + free * rng.uniform(-0.22f, 0.15f));
  p.tall = f32(side) * 0.8f * (1.0f + free * rng.uniform(-0.22f, 0.1f));
  p.lean = free * 0.18f * mostly_near_zero(rng);
  p.bend_x = free * 0.03f * rng.uniform(-1, 1);
  p.bend_y = free * 0.03f * rng.uniform(-1, 1);
  p.phase_x = rng.uniform(0, 6);
  p.phase_y = rng.uniform(0, 6);
  p.mirror = chance(rng, 0.5f);
  return p;
}

Point Placement::operator()(Point p) const {
  const f32 u = mirror ? 0.5f - p.x : p.x - 0.5f, v = p.y - 0.5f;
  const f32 x = (u + lean * v + bend_x * math::sin(5 * v + phase_x)) * wide;
  const f32 y = (v + bend_y * math::sin(5 * u + phase_y)) * tall;
  return {middle + c * x - s * y, middle + s * x + c * y};
}

Point Placement::back(Point pixel) const {
  const f32 dx = pixel.x - middle, dy = pixel.y - middle;
  const f32 v = (c * dy - s * dx) / tall, u = (c * dx + s * dy) / wide - lean * v;
  return {(mirror ? -u : u) + 0.5f, v + 0.5f};
}

void place_draft(Draft& draft, const Placement& placement) {
  for (Point& p : draft.points()) p = placement(p);
}

void shade(Paper& paper, Hand& hand, const Style& style, Rng& rng) {
  switch (style.shade) {
    case Shade::none:
      return;
    case Shade::hatch:
      return hatch(paper, hand, style, style.shade_angle, rng);
    case Shade::cross:
      hatch(paper, hand, style, style.shade_angle, rng);
      return hatch(paper, hand, style, style.shade_angle + 1.5f, rng);
    case Shade::part:
    case Shade::fade:
      return shade_part(paper, style, rng);
    case Shade::scribble:
      return scribble(paper, hand, style, rng);
  }
}

void draw_draft(const Draft& draft, const Style& style, Paper& paper, Hand& hand, Rng& rng) {
  bool first = true;
  for (const Item& item : draft.items()) {
    const std::span<const Point> points = draft.points(item);
    const bool keep = style.details >= 1 || rng.uniform() < style.details;
    switch (item.role) {
      case Role::shape:
        draw_closed(points, style, false, keep && !style.outlined && !first, paper, hand, rng);
        first = false;
        break;
      case Role::patch:
        if (keep) draw_closed(points, style, true, true, paper, hand, rng);
        break;
      case Role::hole:
        paper.cover(points);
        paper.fill(0);
        if (style.outlined) hand.stroke(paper, points, true, style.pen, rng);
        break;
      case Role::line:
        if (keep) hand.stroke(paper, points, false, style.detail, rng);
        break;
      case Role::band:
        draw_band(points, item.width * f32(paper.side()) * 0.8f, style, paper, hand, rng);
        break;
    }
  }
}

}  // namespace engine::sketch
