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

// Around a picture in rows [first, last) of the paper (`upright`: in columns) lies its ground: on
// either side as light as the picture's edge there, from the median of one corner to the other's.
void lay_ground(std::vector<u8>& paper, int first, int last, bool upright) {
  constexpr int kCorner = kCanvasSize / 8;
  const int depth = std::max(1, (last - first) / 32);
  const auto at = [&](int along, int across) -> u8& {
    return paper[upright ? pixels_of(kCanvasSize, along) + std::size_t(across)
                         : pixels_of(kCanvasSize, across) + std::size_t(along)];
  };
  for (const bool before : {true, false}) {
    const int edge = before ? first : last - depth;  // the first of the outermost rows
    const auto median = [&](int begin) {
      std::vector<u8> levels;
      for (int along = begin; along < begin + kCorner; ++along) {
        for (int across = edge; across < edge + depth; ++across)
          levels.push_back(at(along, across));
      }
      std::ranges::sort(levels);
      return static_cast<int>(levels[levels.size() / 2]);
    };
    const int low = median(0), high = median(kCanvasSize - kCorner);
    for (int across = before ? 0 : last; across < (before ? first : kCanvasSize); ++across) {
      for (int along = 0; along < kCanvasSize; ++along)
        at(along, across) = static_cast<u8>(low + (high - low) * along / (kCanvasSize - 1));
    }
  }
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
  const bool upright = height > width;
  int first = kCanvasSize, last = 0;  // rows or columns that the picture takes
  for (int y = 0; y < kCanvasSize; ++y) {
    for (int x = 0; x < kCanvasSize; ++x) {
      const f32 sx = (static_cast<f32>(x) - left) * scale, sy = (static_cast<f32>(y) - top) * scale;
      const bool inside = sx > -scale / 2 && sy > -scale / 2 &&
                          sx + scale / 2 < static_cast<f32>(width) &&
                          sy + scale / 2 < static_cast<f32>(height);
      if (inside) {
        first = std::min(first, upright ? x : y);
        last = std::max(last, (upright ? x : y) + 1);
        paper[pixels_of(kCanvasSize, y) + std::size_t(x)] = sample(
            grey, width, height, std::max(0.0f, sx), std::max(0.0f, sy), sx + scale, sy + scale);
      }
    }
  }
  if (first < last) lay_ground(paper, first, last, upright);
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
