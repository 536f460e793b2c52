#include "engine/sketch/pen.hpp"

#include <algorithm>

#include "engine/core/math.hpp"

namespace engine::sketch {
namespace {

constexpr int kKnot = 4;            // points between two independent waverings
constexpr std::size_t kMost = 600;  // points of one line

Point mix(Point a, Point b, f32 t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

// A value that changes smoothly along a line: from one random knot to the next.
class Wave {
 public:
  explicit Wave(Rng& rng)
      : rng_(&rng),
        before_(rng.uniform(-1, 1)),
        after_(rng.uniform(-1, 1)),
        at_(int(rng.below(kKnot))) {}
  f32 next() {
    if (at_ == kKnot) {
      at_ = 0;
      before_ = after_;
      after_ = rng_->uniform(-1, 1);
    }
    const f32 t = f32(at_++) * (1.0f / kKnot);
    return before_ + (after_ - before_) * (t * t * (3.0f - 2.0f * t));
  }

 private:
  Rng* rng_;
  f32 before_, after_;
  int at_;
};

}  // namespace

f32 distance(Point a, Point b) {
  const f32 dx = a.x - b.x, dy = a.y - b.y;
  return math::sqrt(dx * dx + dy * dy);
}

Hand::Hand() { points_.reserve(kMost + 4); }

// points_ := places along the line, some pixels apart, wavering.
void Hand::resample(std::span<const Point> line, bool closed, const Pen& pen, Rng& rng) {
  points_.clear();
  const std::size_t n = line.size();
  if (n < 2) return;
  const f32 step = 3 + 0.7f * pen.width;
  if (pen.overshoot > 0 && !closed) {
    const f32 d = std::max(0.01f, distance(line[0], line[1]));
    points_.push_back(mix(line[0], line[1], -pen.overshoot * rng.uniform() / d));
  }
  f32 left = 0;  // until the next place
  const std::size_t last = closed ? n : n - 1;
  for (std::size_t i = 0; i < last; ++i) {
    const Point a = line[i], b = line[(i + 1) % n];
    const f32 length = distance(a, b);
    // Corners are kept: a bend that is cut off rounds small things away.
    if (i > 0 && length > step && left > 1) left = 0;
    while (left < length && points_.size() < kMost) {
      points_.push_back(mix(a, b, left / length));
      left += step;
    }
    left -= length;
  }
  if (points_.size() < kMost) points_.push_back(closed ? line[0] : line[n - 1]);
  if (pen.overshoot > 0) {
    const Point a = closed ? line[0] : line[n - 2], b = closed ? line[1] : line[n - 1];
    const f32 d = std::max(0.01f, distance(a, b));
    const f32 more = pen.overshoot * rng.uniform(-0.3f, 1) / d;
    points_.push_back(mix(a, b, closed ? more : 1.0f + more));
  }
  if (pen.wobble <= 0) return;
  Wave wave_x(rng), wave_y(rng);
  for (Point& p : points_) {
    p.x += wave_x.next() * pen.wobble;
    p.y += wave_y.next() * pen.wobble;
  }
}

void Hand::trace(Paper& paper, const Pen& pen, Rng& rng, bool clipped) const {
  Wave pressure(rng);
  const f32 half = pen.width * 0.5f;
  int missing = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const f32 radius = half * (1.0f + pen.pressure * pressure.next());
    if (missing == 0 && pen.gap > 0 && rng.uniform() < pen.gap * 0.1f)
      missing = 1 + int(rng.below(3));
    if (missing > 0) {
      --missing;
    } else {
      paper.segment(points_[i - 1], points_[i], radius, pen.tone, clipped);
    }
  }
}

void Hand::stroke(Paper& paper, std::span<const Point> line, bool closed, const Pen& pen, Rng& rng,
                  bool clipped) {
  const int times = pen.twice > 0 && rng.uniform() < pen.twice ? 2 : 1;
  Pen again = pen;
  for (int i = 0; i < times; ++i) {
    resample(line, closed, again, rng);
    trace(paper, again, rng, clipped);
    again.wobble += 1;
  }
}

}  // namespace engine::sketch
