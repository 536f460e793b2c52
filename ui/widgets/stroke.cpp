#include "ui/widgets/stroke.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ui {
namespace {

using engine::f32;
using engine::u8;

// One sample of the curve, in pixels.
struct Dab {
  f32 x = 0, y = 0, radius = 0;
};

// How much of each pixel a stroke covers, within the rectangle that it can touch.
struct Mask {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // x1, y1 are past the end
  std::vector<f32> cover;

  int width() const { return x1 - x0; }
  // From x0 on.
  f32* row(int y) { return cover.data() + std::size_t(y - y0) * std::size_t(width()); }
};

bool usable(const StrokePoint& p) { return std::isfinite(p.x) && std::isfinite(p.y); }

// Far outside is as good as further outside; a bound keeps the arithmetic and the work small.
Dab dab_of(const StrokePoint& p, f32 radius, f32 size) {
  const f32 pressure = std::isfinite(p.pressure) ? std::clamp(p.pressure, 0.0f, 1.0f) : 1.0f;
  return {std::clamp(p.x, -2.0f, 3.0f) * size, std::clamp(p.y, -2.0f, 3.0f) * size,
          radius * size * (0.35f + 0.65f * pressure)};
}

int pixel_of(f32 v, int size) {
  return static_cast<int>(std::floor(std::clamp(v, 0.0f, static_cast<f32>(size))));
}

// Around all dabs, with room for the brush and for the curve, which leaves the hull of its points
// by less than a quarter of the longest span.
Mask mask_of(const std::vector<Dab>& dabs, int size) {
  Dab low = dabs[0], high = dabs[0];
  f32 longest = 0;
  for (std::size_t i = 0; i < dabs.size(); ++i) {
    const Dab &d = dabs[i], &before = dabs[i > 0 ? i - 1 : 0];
    low = {std::min(low.x, d.x), std::min(low.y, d.y), 0};
    high = {std::max(high.x, d.x), std::max(high.y, d.y), std::max(high.radius, d.radius)};
    longest = std::max({longest, std::fabs(d.x - before.x), std::fabs(d.y - before.y)});
  }
  const f32 room = high.radius + 2 + longest / 4;
  Mask mask{pixel_of(low.x - room, size),
            pixel_of(low.y - room, size),
            std::min(size, pixel_of(high.x + room, size) + 1),
            std::min(size, pixel_of(high.y + room, size) + 1),
            {}};
  mask.x1 = std::max(mask.x0, mask.x1);
  mask.y1 = std::max(mask.y0, mask.y1);
  mask.cover.assign(std::size_t(mask.width()) * std::size_t(mask.y1 - mask.y0), 0.0f);
  return mask;
}

// The part of the capsule between a and b, with a radius that goes over evenly, that lies in the
// mask. The edge is one pixel wide: full at radius - 0.5, none at radius + 0.5.
void cover_capsule(Mask& mask, const Dab& a, const Dab& b) {
  const f32 reach = std::max(a.radius, b.radius) + 1.0f;
  const auto inside = [](f32 v, int low, int high) {
    return static_cast<int>(
        std::floor(std::clamp(v, static_cast<f32>(low), static_cast<f32>(high))));
  };
  const int x0 = inside(std::min(a.x, b.x) - reach, mask.x0, mask.x1);
  const int x1 = std::min(mask.x1, inside(std::max(a.x, b.x) + reach, mask.x0, mask.x1) + 1);
  const int y0 = inside(std::min(a.y, b.y) - reach, mask.y0, mask.y1);
  const int y1 = std::min(mask.y1, inside(std::max(a.y, b.y) + reach, mask.y0, mask.y1) + 1);
  const f32 dx = b.x - a.x, dy = b.y - a.y;
  const f32 length2 = dx * dx + dy * dy;
  for (int y = y0; y < y1; ++y) {
    f32* row = mask.row(y);
    for (int x = x0; x < x1; ++x) {
      const f32 px = static_cast<f32>(x) + 0.5f - a.x, py = static_cast<f32>(y) + 0.5f - a.y;
      const f32 t = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0f, 1.0f) : 0.0f;
      const f32 ex = px - t * dx, ey = py - t * dy;
      const f32 radius = a.radius + t * (b.radius - a.radius);
      const f32 cover = radius + 0.5f - std::sqrt(ex * ex + ey * ey);
      f32& covered = row[x - mask.x0];
      if (cover > covered) covered = std::min(cover, 1.0f);
    }
  }
}

f32 catmull_rom(f32 a, f32 b, f32 c, f32 d, f32 t) {
  return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

// The curve from dab b to dab c, in pieces of about two pixels.
void cover_span(Mask& mask, const Dab& a, const Dab& b, const Dab& c, const Dab& d) {
  const f32 length = std::sqrt((c.x - b.x) * (c.x - b.x) + (c.y - b.y) * (c.y - b.y));
  const int pieces = std::clamp(static_cast<int>(length / 3.0f), 1, 64);
  Dab from = b;
  for (int i = 1; i <= pieces; ++i) {
    const f32 t = static_cast<f32>(i) / static_cast<f32>(pieces);
    const Dab to{catmull_rom(a.x, b.x, c.x, d.x, t), catmull_rom(a.y, b.y, c.y, d.y, t),
                 b.radius + t * (c.radius - b.radius)};
    cover_capsule(mask, from, to);
    from = to;
  }
}

}  // namespace

void rasterise(const Stroke& stroke, std::span<u8> raster, int size) {
  if (size <= 0 || size > 4096 || raster.size() < std::size_t(size) * std::size_t(size)) return;
  if (!(stroke.radius > 0)) return;
  const f32 radius = std::min(stroke.radius, 1.0f);
  std::vector<Dab> dabs;
  dabs.reserve(stroke.points.size());
  for (const StrokePoint& p : stroke.points) {
    if (usable(p)) dabs.push_back(dab_of(p, radius, static_cast<f32>(size)));
  }
  if (dabs.empty()) return;

  Mask mask = mask_of(dabs, size);
  cover_capsule(mask, dabs[0], dabs[0]);
  for (std::size_t i = 0; i + 1 < dabs.size(); ++i) {
    cover_span(mask, dabs[i > 0 ? i - 1 : 0], dabs[i], dabs[i + 1],
               dabs[std::min(i + 2, dabs.size() - 1)]);
  }
  const f32 ink = stroke.eraser || !std::isfinite(stroke.ink)
                      ? 0.0f
                      : 255.0f * std::clamp(stroke.ink, 0.0f, 1.0f);
  for (int y = mask.y0; y < mask.y1; ++y) {
    const f32* cover = mask.row(y);
    for (int x = mask.x0; x < mask.x1; ++x) {
      u8& pixel = raster[std::size_t(y) * std::size_t(size) + std::size_t(x)];
      const f32 old = pixel;
      pixel = static_cast<u8>(old + (ink - old) * cover[x - mask.x0] + 0.5f);
    }
  }
}

namespace {

// The ink of the outline that pixel `i` is the edge of: within two pixels, what differs most from
// the ground.
int outline_at(std::span<const u8> raster, int size, std::size_t i, int ground) {
  const int cx = static_cast<int>(i % std::size_t(size)),
            cy = static_cast<int>(i / std::size_t(size));
  int found = raster[i];
  for (int y = std::max(cy - 2, 0); y <= std::min(cy + 2, size - 1); ++y) {
    for (int x = std::max(cx - 2, 0); x <= std::min(cx + 2, size - 1); ++x) {
      const int value = raster[std::size_t(y) * std::size_t(size) + std::size_t(x)];
      if (std::abs(value - ground) > std::abs(found - ground)) found = value;
    }
  }
  return found;
}

// `pixel`, a mixture of `ground` and `outline`, with another ground.
u8 over_ground(int pixel, int ground, int outline, int new_ground) {
  const int share = pixel - ground, whole = outline - ground;
  if (whole == 0) return static_cast<u8>(pixel);  // no tolerance: nothing tells them apart
  return static_cast<u8>(std::clamp(new_ground + share * (outline - new_ground) / whole, 0, 255));
}

}  // namespace

void flood_fill(std::span<u8> raster, int size, int x, int y, u8 ink, int tolerance) {
  if (size <= 0 || size > 4096 || raster.size() < std::size_t(size) * std::size_t(size)) return;
  if (x < 0 || y < 0 || x >= size || y >= size) return;
  const auto at = [&](int px, int py) {
    return std::size_t(py) * std::size_t(size) + std::size_t(px);
  };
  const int ground = raster[at(x, y)];
  enum : u8 { untouched, inside, edge };
  std::vector<u8> mark(raster.size(), untouched);
  std::vector<std::size_t> open{at(x, y)};
  mark[open[0]] = inside;
  std::vector<std::size_t> edges;
  while (!open.empty()) {
    const std::size_t i = open.back();
    open.pop_back();
    const int cx = static_cast<int>(i % std::size_t(size)),
              cy = static_cast<int>(i / std::size_t(size));
    for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const int nx = cx + dx, ny = cy + dy;
      if (nx < 0 || ny < 0 || nx >= size || ny >= size || mark[at(nx, ny)] != untouched) continue;
      const bool same = std::abs(int(raster[at(nx, ny)]) - ground) < tolerance;
      mark[at(nx, ny)] = same ? inside : edge;
      (same ? open : edges).push_back(at(nx, ny));
    }
  }
  // A smooth edge is a mixture of the old ground and the outline's ink: it becomes the same mixture
  // of the new ground and that ink, or a seam would stay between fill and outline.
  std::vector<u8> mixed;
  mixed.reserve(edges.size());
  for (const std::size_t i : edges)
    mixed.push_back(over_ground(raster[i], ground, outline_at(raster, size, i, ground), ink));
  for (std::size_t i = 0; i < raster.size(); ++i) {
    if (mark[i] == inside) raster[i] = ink;
  }
  for (std::size_t k = 0; k < edges.size(); ++k) raster[edges[k]] = mixed[k];
}

}  // namespace ui
