#include "engine/sketch/contours.hpp"

#include <algorithm>

namespace engine::sketch {
namespace {

constexpr int kCells = kSide + 1;  // between pixels' middles, the ground around included
enum Side : int { above, right, below, left, none };

f32 at(const Grey& image, int x, int y) {
  return x < 0 || y < 0 || x >= kSide || y >= kSide ? 0.0f : image[std::size_t(y * kSide + x)];
}

// By which sides a cell is entered and left, what is bright on the left hand. The code has a bit
// for each corner that is bright: upper left, upper right, lower right, lower left.
Side leave(int code, Side enter) {
  switch (code) {
    case 1:
      return enter == left ? above : none;
    case 2:
      return enter == above ? right : none;
    case 3:
      return enter == left ? right : none;
    case 4:
      return enter == right ? below : none;
    case 5:
      return enter == left ? above : enter == right ? below : none;
    case 6:
      return enter == above ? below : none;
    case 7:
      return enter == left ? below : none;
    case 8:
      return enter == below ? left : none;
    case 9:
      return enter == below ? above : none;
    case 10:
      return enter == above ? right : enter == below ? left : none;
    case 11:
      return enter == below ? right : none;
    case 12:
      return enter == right ? left : none;
    case 13:
      return enter == right ? above : none;
    case 14:
      return enter == above ? left : none;
    default:
      return none;
  }
}

class Tracer {
 public:
  Tracer(const Grey& image, f32 level) : image_(&image), level_(level) {}

  // Whether the line runs through the cell at all.
  bool crosses(int x, int y) const { return code(x, y) % 15 != 0; }

  // Appends the line that begins where the cell is entered, if there is one that was not seen yet.
  bool trace(int x, int y, Side enter, std::vector<Point>& points) {
    bool any = false;
    for (;;) {
      u8& seen = seen_[std::size_t((y + 1) * kCells + x + 1)];
      const Side leaving = leave(code(x, y), enter);
      if (leaving == none || (seen >> enter & 1) != 0) return any;
      seen = u8(seen | 1 << enter);
      any = true;
      points.push_back(crossing(x, y, leaving));
      x += leaving == right ? 1 : leaving == left ? -1 : 0;
      y += leaving == below ? 1 : leaving == above ? -1 : 0;
      enter = Side((leaving + 2) % 4);
    }
  }

 private:
  bool bright(int x, int y) const { return at(*image_, x, y) > level_; }
  int code(int x, int y) const {
    return int(bright(x, y)) | int(bright(x + 1, y)) << 1 | int(bright(x + 1, y + 1)) << 2 |
           int(bright(x, y + 1)) << 3;
  }
  Point crossing(int x, int y, Side side) const {
    const int ax = x + (side == right ? 1 : 0), ay = y + (side == below ? 1 : 0);
    const bool flat = side == above || side == below;
    const f32 a = at(*image_, ax, ay), b = at(*image_, ax + int(flat), ay + int(!flat));
    const f32 t = a == b ? 0.5f : (level_ - a) / (b - a);
    const f32 px = f32(ax) + 0.5f + (flat ? t : 0.0f), py = f32(ay) + 0.5f + (flat ? 0.0f : t);
    return {px * (1.0f / kSide), py * (1.0f / kSide)};
  }

  const Grey* image_;
  f32 level_;
  std::array<u8, kCells * kCells> seen_{};
};

void smooth_line(std::span<Point> line, bool closed) {
  const std::size_t n = line.size();
  if (n < 3) return;
  const Point first = line[0];
  Point before = closed ? line[n - 1] : line[0];
  for (std::size_t i = 0; i < n; ++i) {
    const Point here = line[i], after = i + 1 < n ? line[i + 1] : (closed ? first : here);
    const bool fixed = !closed && (i == 0 || i + 1 == n);
    if (!fixed)
      line[i] = {(before.x + 2 * here.x + after.x) * 0.25f,
                 (before.y + 2 * here.y + after.y) * 0.25f};
    before = here;
  }
}

// How much brightness changes, and where that is more than beside it.
struct Ridges {
  Grey strength{};
  std::array<bool, kArea> on{};
};

// Only where `inside` holds: the silhouette's own edge would outshine what is in it.
template <class F>
Ridges find_ridges(const Grey& image, f32 share, const F& inside) {
  Ridges r;
  Grey gx{}, gy{};
  f32 largest = 0;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const std::size_t i = std::size_t(y * kSide + x);
      gx[i] = at(image, x + 1, y) - at(image, x - 1, y);
      gy[i] = at(image, x, y + 1) - at(image, x, y - 1);
      r.strength[i] = gx[i] * gx[i] + gy[i] * gy[i];
      if (inside(x, y)) largest = std::max(largest, r.strength[i]);
    }
  }
  const f32 least = std::max(largest * share * share, 6e-4f);
  for (int y = 1; y + 1 < kSide; ++y) {
    for (int x = 1; x + 1 < kSide; ++x) {
      const std::size_t i = std::size_t(y * kSide + x);
      if (r.strength[i] < least || !inside(x, y)) continue;
      const f32 ax = gx[i] < 0 ? -gx[i] : gx[i], ay = gy[i] < 0 ? -gy[i] : gy[i];
      const int dx = ax * 2.4f > ay ? (gx[i] < 0 ? -1 : 1) : 0,
                dy = ay * 2.4f > ax ? (gy[i] < 0 ? -1 : 1) : 0;
      const f32 one = r.strength[std::size_t((y + dy) * kSide + x + dx)];
      const f32 other = r.strength[std::size_t((y - dy) * kSide + x - dx)];
      r.on[i] = r.strength[i] >= one && r.strength[i] > other;
    }
  }
  return r;
}

bool deep_inside(const Grey& image, int x, int y, f32 level) {
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      if (at(image, x + dx, y + dy) <= level) return false;
    }
  }
  return true;
}

// From (x, y) always to the strongest neighbour that is left; takes what it passes.
void follow(Ridges& r, int x, int y, std::vector<Point>& points) {
  for (;;) {
    int best_x = -1, best_y = -1;
    f32 best = 0;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const int u = x + dx, v = y + dy;
        if (u < 0 || v < 0 || u >= kSide || v >= kSide) continue;
        const std::size_t i = std::size_t(v * kSide + u);
        if (!r.on[i] || r.strength[i] <= best) continue;
        best = r.strength[i];
        best_x = u;
        best_y = v;
      }
    }
    if (best_x < 0) return;
    x = best_x;
    y = best_y;
    r.on[std::size_t(y * kSide + x)] = false;
    points.push_back({(f32(x) + 0.5f) * (1.0f / kSide), (f32(y) + 0.5f) * (1.0f / kSide)});
  }
}

}  // namespace

void level_lines(const Grey& image, f32 level, std::size_t shortest, int smooth, Lines& lines) {
  Tracer tracer(image, level);
  for (int y = -1; y < kSide; ++y) {
    for (int x = -1; x < kSide; ++x) {
      if (!tracer.crosses(x, y)) continue;
      for (Side enter : {above, right, below, left}) {
        const std::size_t first = lines.points.size();
        if (!tracer.trace(x, y, enter, lines.points)) continue;
        if (lines.points.size() - first < std::max<std::size_t>(3, shortest)) {
          lines.points.resize(first);
          continue;
        }
        for (int i = 0; i < smooth; ++i) smooth_line(std::span(lines.points).subspan(first), true);
        lines.ends.push_back(u32(lines.points.size()));
      }
    }
  }
}

void edge_lines(const Grey& image, f32 share, bool inner, f32 level, Lines& lines) {
  const Grey soft = blurred(image);
  Ridges r = find_ridges(soft, share,
                         [&](int x, int y) { return !inner || deep_inside(image, x, y, level); });
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      if (!r.on[std::size_t(y * kSide + x)]) continue;
      r.on[std::size_t(y * kSide + x)] = false;
      const std::size_t first = lines.points.size();
      follow(r, x, y, lines.points);
      std::reverse(lines.points.begin() + std::ptrdiff_t(first), lines.points.end());
      lines.points.push_back({(f32(x) + 0.5f) * (1.0f / kSide), (f32(y) + 0.5f) * (1.0f / kSide)});
      follow(r, x, y, lines.points);
      if (lines.points.size() - first < 4) {
        lines.points.resize(first);
        continue;
      }
      smooth_line(std::span(lines.points).subspan(first), false);
      smooth_line(std::span(lines.points).subspan(first), false);
      lines.ends.push_back(u32(lines.points.size()));
    }
  }
}

Grey blurred(const Grey& image) {
  Grey rows, y;
  for (int i = 0; i < kSide; ++i) {
    for (int j = 0; j < kSide; ++j) {
      const std::size_t k = std::size_t(i * kSide + j);
      rows[k] = (at(image, j - 1, i) + 2 * image[k] + at(image, j + 1, i)) * 0.25f;
    }
  }
  for (int i = 0; i < kSide; ++i) {
    for (int j = 0; j < kSide; ++j) {
      const std::size_t k = std::size_t(i * kSide + j);
      y[k] = (at(rows, j, i - 1) + 2 * rows[k] + at(rows, j, i + 1)) * 0.25f;
    }
  }
  return y;
}

f32 sample(const Grey& image, f32 x, f32 y) {
  const f32 u = x - 0.5f, v = y - 0.5f;
  if (!(u > -1.0f && v > -1.0f && u < f32(kSide) && v < f32(kSide))) return 0;
  const int left = int(u + 1) - 1, top = int(v + 1) - 1;
  const f32 a = u - f32(left), b = v - f32(top);
  f32 p00, p10, p01, p11;
  if (left >= 0 && top >= 0 && left + 1 < kSide && top + 1 < kSide) {
    const f32* p = image.data() + top * kSide + left;
    p00 = p[0], p10 = p[1], p01 = p[kSide], p11 = p[kSide + 1];
  } else {
    p00 = at(image, left, top), p10 = at(image, left + 1, top);
    p01 = at(image, left, top + 1), p11 = at(image, left + 1, top + 1);
  }
  const f32 upper = p00 + (p10 - p00) * a, lower = p01 + (p11 - p01) * a;
  return upper + (lower - upper) * b;
}

}  // namespace engine::sketch
