#include "ui/app/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/core/grey.hpp"

namespace ui {
namespace {

std::size_t pixels_of(int width, int height) { return std::size_t(width) * std::size_t(height); }

// Mean of the outermost pixels.
u8 border_of(std::span<const u8> grey, int width, int height) {
  f32 sum = 0;
  std::size_t count = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (x > 0 && y > 0 && x + 1 < width && y + 1 < height) continue;
      sum += static_cast<f32>(grey[pixels_of(width, y) + std::size_t(x)]);
      ++count;
    }
  }
  return static_cast<u8>(sum / static_cast<f32>(count) + 0.5f);
}

// Mean over the source pixels that one target pixel covers, or the nearest one when it is enlarged.
u8 sample(std::span<const u8> grey, int width, int height, f32 x0, f32 y0, f32 x1, f32 y1) {
  const int left = std::clamp(static_cast<int>(x0), 0, width - 1),
            top = std::clamp(static_cast<int>(y0), 0, height - 1);
  const int right = std::clamp(static_cast<int>(std::ceil(x1)), left + 1, width);
  const int bottom = std::clamp(static_cast<int>(std::ceil(y1)), top + 1, height);
  u32 sum = 0;
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) sum += grey[pixels_of(width, y) + std::size_t(x)];
  }
  const auto count = static_cast<u32>((right - left) * (bottom - top));
  return static_cast<u8>((sum + count / 2) / count);
}

}  // namespace

std::vector<u8> grey_of(std::span<const u8> rgba, int width, int height) {
  if (width <= 0 || height <= 0 || rgba.size() < 4 * pixels_of(width, height)) return {};
  return engine::grey_of(rgba.first(4 * pixels_of(width, height)));
}

std::vector<u8> fit_to_paper(std::span<const u8> grey, int width, int height) {
  if (width <= 0 || height <= 0 || grey.size() < pixels_of(width, height)) return {};
  const f32 scale = static_cast<f32>(std::max(width, height)) /
                    static_cast<f32>(kCanvasSize);  // source per target
  const f32 left = (static_cast<f32>(kCanvasSize) - static_cast<f32>(width) / scale) / 2;
  const f32 top = (static_cast<f32>(kCanvasSize) - static_cast<f32>(height) / scale) / 2;
  std::vector<u8> paper(pixels_of(kCanvasSize, kCanvasSize), border_of(grey, width, height));
  for (int y = 0; y < kCanvasSize; ++y) {
    for (int x = 0; x < kCanvasSize; ++x) {
      const f32 sx = (static_cast<f32>(x) - left) * scale, sy = (static_cast<f32>(y) - top) * scale;
      const bool inside = sx > -scale / 2 && sy > -scale / 2 &&
                          sx + scale / 2 < static_cast<f32>(width) &&
                          sy + scale / 2 < static_cast<f32>(height);
      if (inside) {
        paper[pixels_of(kCanvasSize, y) + std::size_t(x)] = sample(
            grey, width, height, std::max(0.0f, sx), std::max(0.0f, sy), sx + scale, sy + scale);
      }
    }
  }
  return paper;
}

std::vector<u8> paper_of(const Drawing& drawing, int size) {
  std::vector<u8> raster(pixels_of(size, size), 0);
  const bool exact = drawing.exact.size() == 784;
  const std::vector<u8>& under = exact ? drawing.exact : drawing.picture;
  const int side = exact ? 28 : kCanvasSize;
  if (under.size() == pixels_of(side, side)) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        raster[pixels_of(size, y) + std::size_t(x)] =
            under[pixels_of(side, y * side / size) + std::size_t(x * side / size)];
      }
    }
  }
  if (!exact) {
    for (const Stroke& stroke : drawing.strokes) rasterise(stroke, raster, size);
  }
  return raster;
}

}  // namespace ui
