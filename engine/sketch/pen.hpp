// A hand with a pen: lines that waver, thicken, break off, overshoot and are drawn twice.
#pragma once
#include <span>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/sketch/paper.hpp"

namespace engine::sketch {

struct Pen {
  f32 width = 3;      // pixels
  f32 pressure = 0;   // 0..1: share by which the width changes along a line
  f32 wobble = 0;     // pixels: how far a line wavers
  f32 gap = 0;        // 0..1: probability that a stretch of a line is missing
  f32 overshoot = 0;  // pixels by which open lines run on, and closed ones miss their start
  f32 twice = 0;      // 0..1: probability that a line is drawn a second time
  f32 tone = 1;
};

// Room for one line; kept, so that drawing allocates only until it has grown.
class Hand {
 public:
  Hand();
  void stroke(Paper& paper, std::span<const Point> line, bool closed, const Pen& pen, Rng& rng,
              bool clipped = false);

 private:
  void resample(std::span<const Point> line, bool closed, const Pen& pen, Rng& rng);
  void trace(Paper& paper, const Pen& pen, Rng& rng, bool clipped) const;

  std::vector<Point> points_;
};

f32 distance(Point a, Point b);

}  // namespace engine::sketch
