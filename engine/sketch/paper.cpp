#include "engine/sketch/paper.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace engine::sketch {
namespace {

constexpr std::size_t kMaxArea = std::size_t(kMaxPaperSide) * kMaxPaperSide;

}  // namespace

Paper::Paper() : tones_(kMaxArea), mask_(kMaxArea + 2) {}

void Paper::clear(int side) {
  ENSURE(side >= 1 && side <= kMaxPaperSide, "a sheet has 1 to 144 pixels a side");
  wipe_mask();
  side_ = side;
  top_ = left_ = side;
  std::fill_n(tones_.begin(), area(), 0.0f);
}

// Adds to each pixel of a row the signed area between the edge and the row's right end, as
// differences: a running sum along the row then gives how much is covered.
void Paper::edge(Point a, Point b) {
  if (a.y == b.y) return;
  const f32 sign = a.y < b.y ? 1.0f : -1.0f;
  if (a.y > b.y) std::swap(a, b);
  const f32 top = f32(side_);
  if (b.y <= 0 || a.y >= top) return;
  const f32 slope = (b.x - a.x) / (b.y - a.y);
  const int first = std::max(0, int(std::max(0.0f, a.y)));
  for (int row = first; row < side_ && f32(row) < b.y; ++row) {
    const f32 y0 = std::max(a.y, f32(row)), y1 = std::min(b.y, f32(row + 1));
    const f32 height = (y1 - y0) * sign;
    const auto inside = [&](f32 x) { return std::clamp(x, 0.0f, f32(side_) - 0.001f); };
    f32 x0 = inside(a.x + (y0 - a.y) * slope), x1 = inside(a.x + (y1 - a.y) * slope);
    if (x0 > x1) std::swap(x0, x1);
    f32* line = mask_.data() + std::size_t(row) * std::size_t(side_);
    const int left = int(x0), right = int(x1);
    if (left == right) {
      const f32 part = height * (1.0f - ((x0 - f32(left)) + (x1 - f32(left))) * 0.5f);
      line[left] += part;
      line[left + 1] += height - part;
      continue;
    }
    const f32 per = height / (x1 - x0);  // of the height, for each pixel that the edge crosses
    f32 before = 0;
    for (int x = left; x <= right; ++x) {
      const f32 from = std::max(x0, f32(x)), to = std::min(x1, f32(x + 1));
      const f32 crossed = (to - from) * per;
      const f32 part = crossed * (1.0f - ((from - f32(x)) + (to - f32(x))) * 0.5f);
      line[x] += part + before;
      before = crossed - part;
    }
    line[right + 1] += before;
  }
}

void Paper::cover(std::span<const Point> points, std::span<const u32> ends) {
  wipe_mask();
  for (const Point& p : points) {
    const auto inside = [&](f32 v) { return int(std::clamp(v, 0.0f, f32(side_ - 1))); };
    left_ = std::min(left_, inside(p.x));
    right_ = std::max(right_, inside(p.x) + 1);
    top_ = std::min(top_, inside(p.y));
    bottom_ = std::max(bottom_, inside(p.y) + 1);
  }
  u32 first = 0;
  for (u32 end : ends) {
    for (u32 i = first; i < end; ++i) edge(points[i], points[i + 1 < end ? i + 1 : first]);
    first = end;
  }
  for (int y = top_; y < bottom_; ++y) {
    f32* line = mask_.data() + std::size_t(y) * std::size_t(side_);
    f32 sum = 0;
    // An edge at the right end of a row leaves its rest in the next row's first pixel.
    for (int x = left_; x < right_; ++x) {
      sum += line[x];
      line[x] = std::min(1.0f, sum < 0 ? -sum : sum);
    }
    // What the last pixel passed on to its neighbour, which may be the next row's first.
    const bool next_row = right_ == side_ && left_ == 0 && y + 1 < bottom_;
    line[right_] = next_row ? line[right_] + sum : 0.0f;
  }
}

void Paper::cover(std::span<const Point> outline) {
  const u32 end = u32(outline.size());
  cover(outline, std::span(&end, 1));
}

void Paper::fill(f32 tone, f32 opacity) {
  for (int y = top_; y < bottom_; ++y) {
    const std::size_t row = std::size_t(y) * std::size_t(side_);
    for (std::size_t i = row + std::size_t(left_); i < row + std::size_t(right_); ++i)
      tones_[i] += (tone - tones_[i]) * (mask_[i] * opacity);
  }
}

// Only what the last cover() may have covered is not 0 already.
void Paper::wipe_mask() {
  for (int y = top_; y < bottom_; ++y) {
    const std::size_t row = std::size_t(y) * std::size_t(side_);
    std::fill_n(mask_.begin() + std::ptrdiff_t(row) + left_, right_ - left_, 0.0f);
  }
  top_ = left_ = side_;
  bottom_ = right_ = 0;
}

void Paper::segment(Point a, Point b, f32 radius, f32 tone, bool clipped) {
  const f32 outer = radius + 0.5f, inner = std::max(0.0f, radius - 0.5f);
  const f32 last = f32(side_ - 1);
  const f32 low_x = std::min(a.x, b.x) - outer, high_x = std::max(a.x, b.x) + outer;
  const f32 low_y = std::min(a.y, b.y) - outer, high_y = std::max(a.y, b.y) + outer;
  if (!(high_x > 0 && high_y > 0 && low_x < last && low_y < last)) return;
  int left = int(std::max(0.0f, low_x)), right = int(std::min(last, high_x)) + 1;
  int top = int(std::max(0.0f, low_y)), bottom = int(std::min(last, high_y)) + 1;
  if (clipped) {
    left = std::max(left, left_), right = std::min(right, right_);
    top = std::max(top, top_), bottom = std::min(bottom, bottom_);
  }
  const f32 dx = b.x - a.x, dy = b.y - a.y;
  const f32 length2 = dx * dx + dy * dy;
  const f32 inverse = length2 > 0 ? 1.0f / length2 : 0.0f;
  // A line thinner than a pixel covers less than one. Towards its edge the cover falls with the
  // square of the distance: nearly straight over one pixel, and without a root.
  const f32 whole = std::min(1.0f, 2.0f * radius), outer2 = outer * outer;
  const f32 fall = whole / (outer2 - inner * inner);
  for (int y = top; y < bottom; ++y) {
    const std::size_t row = std::size_t(y) * std::size_t(side_);
    f32* tones = tones_.data() + row;
    const f32* mask = mask_.data() + row;
    const f32 py = f32(y) + 0.5f - a.y, along = py * dy;
    for (int x = left; x < right; ++x) {
      const f32 px = f32(x) + 0.5f - a.x;
      const f32 at = (px * dx + along) * inverse;
      const f32 above = at > 0.0f ? at : 0.0f, t = above < 1.0f ? above : 1.0f;
      const f32 ex = px - t * dx, ey = py - t * dy;
      const f32 raw = (outer2 - (ex * ex + ey * ey)) * fall;
      const f32 positive = raw > 0.0f ? raw : 0.0f;
      const f32 cover = (positive < whole ? positive : whole) * (clipped ? mask[x] : 1.0f);
      tones[x] += (tone - tones[x]) * cover;
    }
  }
}

}  // namespace engine::sketch
