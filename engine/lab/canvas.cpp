#include "engine/lab/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/check.hpp"
#include "engine/lab/font.hpp"

namespace engine::lab {
namespace {

double distance(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  const double t =
      square > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0) : 0;
  const double ex = p.x - a.x - t * dx, ey = p.y - a.y - t * dy;
  return std::sqrt(ex * ex + ey * ey);
}

u8 mix(u8 from, u8 to, int cover) {
  return u8((int(from) * (255 - cover) + int(to) * cover + 127) / 255);
}

}  // namespace

Canvas::Canvas(int width, int height, int scale)
    : width_(width * scale), height_(height * scale), scale_(scale) {
  ENSURE(width > 0 && height > 0 && scale > 0 && width <= kMaxCanvasSide &&
             height <= kMaxCanvasSide && scale <= kMaxCanvasScale,
         "a canvas has a size");
  rgb_.assign(std::size_t(width_) * std::size_t(height_) * 3, 255);
}

void Canvas::blend(int x, int y, Colour colour, int cover) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_ || cover <= 0) return;
  u8* at = rgb_.data() + (std::size_t(y) * std::size_t(width_) + std::size_t(x)) * 3;
  at[0] = mix(at[0], colour.r, cover);
  at[1] = mix(at[1], colour.g, cover);
  at[2] = mix(at[2], colour.b, cover);
}

void Canvas::paint(const Mask& mask, Colour colour) {
  for (int y = 0; y < mask.h; ++y) {
    for (int x = 0; x < mask.w; ++x) {
      const std::size_t at = std::size_t(y) * std::size_t(mask.w) + std::size_t(x);
      blend(mask.x + x, mask.y + y, colour, mask.cover[at]);
    }
  }
}

void Canvas::fill(Point low, Point high, Colour colour) {
  const auto pixel = [&](double v) { return int(std::lround(v * scale_)); };
  for (int y = std::max(0, pixel(low.y)); y < std::min(height_, pixel(high.y)); ++y) {
    for (int x = std::max(0, pixel(low.x)); x < std::min(width_, pixel(high.x)); ++x)
      blend(x, y, colour, 255);
  }
}

// All segments into one mask, each pixel at its largest, so that joints are not painted twice.
void Canvas::line(std::span<const Point> points, double thick, Colour colour) {
  if (points.empty()) return;
  const double s = scale_, radius = thick * s / 2;
  double low_x = points[0].x, low_y = points[0].y, high_x = low_x, high_y = low_y;
  for (const Point& p : points) {
    low_x = std::min(low_x, p.x), high_x = std::max(high_x, p.x);
    low_y = std::min(low_y, p.y), high_y = std::max(high_y, p.y);
  }
  const int margin = int(radius) + 2;
  Mask mask;
  mask.x = std::clamp(int(low_x * s) - margin, 0, width_);
  mask.y = std::clamp(int(low_y * s) - margin, 0, height_);
  mask.w = std::clamp(int(high_x * s) + margin + 1, mask.x, width_) - mask.x;
  mask.h = std::clamp(int(high_y * s) + margin + 1, mask.y, height_) - mask.y;
  mask.cover.resize(std::size_t(mask.w) * std::size_t(mask.h));
  for (std::size_t i = 0; i < std::max<std::size_t>(1, points.size() - 1); ++i) {
    const Point a{points[i].x * s, points[i].y * s};
    const Point& next = points[std::min(i + 1, points.size() - 1)];
    const Point b{next.x * s, next.y * s};
    const int x0 = std::max(0, int(std::min(a.x, b.x)) - margin - mask.x);
    const int x1 = std::min(mask.w, int(std::max(a.x, b.x)) + margin + 1 - mask.x);
    const int y0 = std::max(0, int(std::min(a.y, b.y)) - margin - mask.y);
    const int y1 = std::min(mask.h, int(std::max(a.y, b.y)) + margin + 1 - mask.y);
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        const Point centre{double(mask.x + x) + 0.5, double(mask.y + y) + 0.5};
        const double part = std::clamp(radius + 0.5 - distance(centre, a, b), 0.0, 1.0);
        u8& cover = mask.cover[std::size_t(y) * std::size_t(mask.w) + std::size_t(x)];
        cover = std::max(cover, u8(part * 255 + 0.5));
      }
    }
  }
  paint(mask, colour);
}

void Canvas::dashes(std::span<const Point> points, double thick, double dash, double space,
                    Colour colour) {
  std::vector<Point> piece;
  double left = dash;  // of the dash or the space that is going on
  bool on = true;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Point a = points[i], b = points[i + 1];
    const double length = std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
    if (on && piece.empty()) piece.push_back(a);
    double done = 0;
    while (length - done > left) {
      done += left;
      const double t = done / length;
      const Point here{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
      piece.push_back(here);
      if (on) {
        line(piece, thick, colour);
        piece.clear();
      } else {
        piece = {here};
      }
      on = !on;
      left = on ? dash : space;
    }
    left -= length - done;
    if (on) piece.push_back(b);
  }
  if (on && piece.size() > 1) line(piece, thick, colour);
}

void Canvas::disc(Point centre, double radius, Colour colour) {
  line({&centre, 1}, 2 * radius, colour);
}

double Canvas::text_width(std::string_view utf8, double size, Weight weight) {
  return font_text_width(utf8, size, weight);
}

void Canvas::text(Point at, std::string_view utf8, const TextLook& look) {
  const double wide = text_width(utf8, look.size, look.weight);
  const double back = look.align == Align::left ? 0 : look.align == Align::centre ? wide / 2 : wide;
  double pen = -back;
  const double s = scale_;
  font_each_glyph(utf8, look.weight, [&](int glyph, double advance) {
    const double along = pen * s;
    const double x = look.upwards ? 0 : at.x * s + along, y = look.upwards ? 0 : at.y * s;
    const double whole = look.upwards ? std::floor(along) : std::floor(x);
    const double part = (look.upwards ? along : x) - whole;
    const Glyph g = font_glyph(glyph, look.size * s, look.weight, part);
    for (int row = 0; row < g.h; ++row) {
      for (int column = 0; column < g.w; ++column) {
        const int cover = g.cover[std::size_t(row) * std::size_t(g.w) + std::size_t(column)];
        const int right = int(whole) + g.left + column, down = g.top + row;
        if (look.upwards)
          blend(int(std::lround(at.x * s)) + down, int(std::lround(at.y * s)) - right, look.colour,
                cover);
        else
          blend(right, int(std::lround(y)) + down, look.colour, cover);
      }
    }
    pen += advance * look.size;
  });
}

void Canvas::image(Point low, double size, std::span<const u8> grey, int side, Colour ground,
                   Colour ink) {
  ENSURE(grey.size() == std::size_t(side) * std::size_t(side), "a square image");
  const int left = int(std::lround(low.x * scale_)), top = int(std::lround(low.y * scale_));
  const int pixels = int(std::lround(size * scale_));
  const auto value = [&](int x, int y) {
    x = std::clamp(x, 0, side - 1), y = std::clamp(y, 0, side - 1);
    return double(grey[std::size_t(y) * std::size_t(side) + std::size_t(x)]);
  };
  for (int y = 0; y < pixels; ++y) {
    for (int x = 0; x < pixels; ++x) {
      const double u = (x + 0.5) * side / pixels - 0.5, v = (y + 0.5) * side / pixels - 0.5;
      const int i = int(std::floor(u)), j = int(std::floor(v));
      const double a = u - i, b = v - j;
      const double above = value(i, j) * (1 - a) + value(i + 1, j) * a;
      const double below = value(i, j + 1) * (1 - a) + value(i + 1, j + 1) * a;
      blend(left + x, top + y, ground, 255);
      blend(left + x, top + y, ink, int(above * (1 - b) + below * b + 0.5));
    }
  }
}

}  // namespace engine::lab
