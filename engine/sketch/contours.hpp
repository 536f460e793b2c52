// Lines that a small image holds: its level lines and its edges. Places are in the unit square.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "engine/sketch/paper.hpp"

namespace engine::sketch {

inline constexpr int kSide = 28;
inline constexpr int kArea = kSide * kSide;
using Grey = std::array<f32, kArea>;  // 0..1

struct Lines {
  std::vector<Point> points;
  std::vector<u32> ends;  // of each line
  void clear() {
    points.clear();
    ends.clear();
  }
  std::span<const Point> line(std::size_t i) const {
    const u32 first = i == 0 ? 0 : ends[i - 1];
    return std::span(points).subspan(first, ends[i] - first);
  }
  std::size_t count() const { return ends.size(); }
};

// Appends the closed lines along which the image has the level (0 outside of it), what is brighter
// to their left: those around holes run the other way. Lines of fewer than `shortest` points are
// left out. Each point moves `smooth` times towards its neighbours.
void level_lines(const Grey& image, f32 level, std::size_t shortest, int smooth, Lines& lines);

// Appends the open lines along which brightness changes most, where the change is at least `share`
// of the largest. With `inner` only where everything two pixels around is above `level`.
void edge_lines(const Grey& image, f32 share, bool inner, f32 level, Lines& lines);

// Each pixel with its eight neighbours, weights 1 2 1 in both directions.
Grey blurred(const Grey& image);

// Bilinear; x and y in pixels, 0.5 is the middle of the first. 0 outside.
f32 sample(const Grey& image, f32 x, f32 y);

}  // namespace engine::sketch
