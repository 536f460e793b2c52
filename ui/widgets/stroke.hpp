// A drawing as strokes and as pixels. Coordinates are 0..1 of the square canvas; radii too.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace ui {

inline constexpr int kCanvasSize = 280;  // of the raster that the engine is given

struct StrokePoint {
  engine::f32 x = 0, y = 0;
  engine::f32 pressure = 1;  // 0..1; scales the radius between 35 % and 100 %
  bool operator==(const StrokePoint&) const = default;
};

struct Stroke {
  std::vector<StrokePoint> points;
  engine::f32 radius = 0.03f;
  engine::f32 ink = 1;  // grey level 0..1
  bool eraser = false;
  bool operator==(const Stroke&) const = default;
};

// Adds one stroke to a size*size raster (255 = ink): round brush, smooth edges, a Catmull-Rom curve
// through the points, radius following the pressure. An eraser takes ink away. Pure; total on any
// input, clipped at the edges.
void rasterise(const Stroke& stroke, std::span<engine::u8> raster, int size);

// Fills the region around (x, y), whose ink differs from the ink there by less than `tolerance`,
// with `ink`.
void flood_fill(std::span<engine::u8> raster, int size, int x, int y, engine::u8 ink,
                int tolerance = 48);

}  // namespace ui
