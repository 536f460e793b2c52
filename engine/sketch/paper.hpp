// A square sheet of tones that is drawn upon with smooth edges: 0 is the bare ground, 1 full ink.
// Places are in pixels from the upper left corner; what lies outside the sheet is not drawn.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::sketch {

inline constexpr int kMaxPaperSide = 144;

struct Point {
  f32 x = 0, y = 0;
};

class Paper {
 public:
  Paper();

  void clear(int side);  // all ground; 1 to kMaxPaperSide
  int side() const { return side_; }
  std::span<f32> tones() { return std::span(tones_).first(area()); }
  std::span<const f32> tones() const { return std::span(tones_).first(area()); }
  std::size_t area() const { return std::size_t(side_) * std::size_t(side_); }

  // How much of each pixel the last cover() has covered, 0..1: what fill() paints and stripes()
  // and clipped segments stay inside.
  std::span<const f32> mask() const { return std::span(mask_).first(area()); }

  // mask := the inside of closed outlines, each a run of `points` that ends at its entry of `ends`.
  // Outlines that run the other way round are holes.
  void cover(std::span<const Point> points, std::span<const u32> ends);
  void cover(std::span<const Point> outline);

  // Tones inside the mask move to `tone`, by `opacity`.
  void fill(f32 tone, f32 opacity = 1);

  // A thick line with round ends; where `clipped`, only inside the mask.
  void segment(Point a, Point b, f32 radius, f32 tone, bool clipped = false);

 private:
  void edge(Point a, Point b);
  void wipe_mask();

  int side_ = 1;
  int top_ = 0, bottom_ = 0, left_ = 0, right_ = 0;  // what of the mask may be covered
  std::vector<f32> tones_, mask_;
};

}  // namespace engine::sketch
