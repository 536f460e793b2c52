#include "engine/kernels/image.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>

#include "engine/core/check.hpp"

namespace engine::kernels {
namespace {

constexpr int kMinWhite = 16;  // of 255: below it, paper grain and compression noise look like ink
using Histogram = std::array<u32, 256>;

int median(const Histogram& histogram) {
  u64 total = 0;
  for (u32 n : histogram) total += n;
  u64 seen = 0;
  for (int level = 0; level < 256; ++level) {
    seen += histogram[std::size_t(level)];
    if (2 * seen > total) return level;
  }
  return 0;
}

// Calls f(y, row of pixels, level), level(x) the ground's there, for every row.
template <class F>
void for_each_row(Raster raster, const Ground& ground, const F& f) {
  const f32 per_row = 1.0f / f32(std::max(1, raster.height - 1));
  const f32 per_column = 1.0f / f32(std::max(1, raster.width - 1));
  for (int y = 0; y < raster.height; ++y) {
    const u8* row = raster.pixels + std::size_t(y) * std::size_t(raster.width);
    if (ground.even) {
      f(y, row, [level = ground.level](int) { return level; });
      continue;
    }
    const f32 t = f32(y) * per_row;
    const auto side = [&](int upper, int lower) { return f32(upper) + f32(lower - upper) * t; };
    const f32 left = side(ground.corners[0], ground.corners[2]);
    const f32 slope = (side(ground.corners[1], ground.corners[3]) - left) * per_column;
    f(y, row, [left, slope](int x) { return int(left + slope * f32(x) + 0.5f); });
  }
}

// Calls f(pixel, level) for every pixel of the border ring, a 32nd of the shorter side thick.
template <class F>
void for_each_border_pixel(Raster raster, const Ground& ground, const F& f) {
  const int ring = std::max(1, std::min(raster.width, raster.height) / 32);
  for_each_row(raster, ground, [&](int y, const u8* row, const auto& level) {
    const bool whole = y < ring || y >= raster.height - ring;
    for (int x = 0; x < raster.width; ++x) {
      if (!whole && x == ring && x < raster.width - ring) x = raster.width - ring;
      f(row[x], level(x));
    }
  });
}

// How far the border strays from the ground: twice the median.
int border_noise(Raster raster, const Ground& ground) {
  Histogram deviations{};
  for_each_border_pixel(raster, ground,
                        [&](int p, int level) { ++deviations[std::size_t(std::abs(p - level))]; });
  return std::min(255, 2 * median(deviations));
}

// The surface through the corners' medians, each over an eighth of the sides, and its noise.
Ground uneven_ground(Raster raster, int level) {
  Ground ground{level, 0, false, {}};
  const int block = std::max(1, std::min(raster.width, raster.height) / 8);
  for (std::size_t corner = 0; corner < 4; ++corner) {
    const int left = corner % 2 == 0 ? 0 : raster.width - block;
    const int top = corner < 2 ? 0 : raster.height - block;
    Histogram levels{};
    for (int y = top; y < top + block; ++y)
      for (int x = left; x < left + block; ++x)
        ++levels[raster.pixels[std::size_t(y) * std::size_t(raster.width) + std::size_t(x)]];
    ground.corners[corner] = median(levels);
  }
  ground.noise = border_noise(raster, ground);
  return ground;
}

// Of the ink in the box, the level that its strongest quarter reaches: 0..1, 0 without ink.
f32 source_level(Raster ink, Box box, int threshold, int white) {
  Histogram histogram{};
  u64 inked = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    const u8* row = ink.pixels + std::size_t(y) * std::size_t(ink.width);
    for (int x = box.x; x < box.x + box.width; ++x) {
      const bool counts = row[x] > threshold;
      histogram[row[x]] += counts ? 1 : 0;
      inked += counts ? 1 : 0;
    }
  }
  int level = 255;
  for (u64 seen = histogram[255]; seen <= inked / 4 && level > 0;)
    seen += histogram[std::size_t(--level)];
  return std::min(1.0f, f32(level) / f32(white));
}

// The same of a prepared image.
f32 prepared_level(std::span<const f32> out) {
  std::array<f32, kImageSize> values{};
  const auto end =
      std::copy_if(out.begin(), out.end(), values.begin(), [](f32 v) { return v > 0.1f; });
  const auto quarter = values.begin() + (end - values.begin()) / 4;
  if (end == values.begin()) return 0;
  std::nth_element(values.begin(), quarter, end, std::greater<>());
  return *quarter;
}

// How much of source pixel i the interval [low, high) covers: 0..1.
f32 overlap(int i, f32 low, f32 high) {
  return std::max(0.0f, std::min(high, f32(i + 1)) - std::max(low, f32(i)));
}

// The mean of source over [x0, x1) x [y0, y1), inside the raster; pixels cut by the edge count with
// their share.
f32 area_mean(Raster source, f32 x0, f32 x1, f32 y0, f32 y1) {
  f32 sum = 0;
  for (int y = int(y0); y < source.height && f32(y) < y1; ++y) {
    const u8* row = source.pixels + std::size_t(y) * std::size_t(source.width);
    f32 line = 0;
    for (int x = int(x0); x < source.width && f32(x) < x1; ++x)
      line += f32(row[x]) * overlap(x, x0, x1);
    sum += line * overlap(y, y0, y1);
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

// length * side / longer, rounded to the nearest whole number, at least 1.
int scaled(int length, int side, int longer) {
  return std::max(1, (2 * length * side + longer) / (2 * longer));
}

}  // namespace

std::vector<u8> reduce_raster(Raster raster, int& width, int& height) {
  ENSURE(raster.width >= 1 && raster.height >= 1 && raster.width <= kMaxRasterSide &&
             raster.height <= kMaxRasterSide,
         "a raster has 1 to 4096 pixels a side");
  const int longer = std::max(raster.width, raster.height);
  width = raster.width;
  height = raster.height;
  if (longer > kReducedRasterSide) {
    width = scaled(raster.width, kReducedRasterSide, longer);
    height = scaled(raster.height, kReducedRasterSide, longer);
  }
  std::vector<u8> reduced(std::size_t(width) * std::size_t(height));
  if (longer <= kReducedRasterSide) {
    std::copy_n(raster.pixels, reduced.size(), reduced.begin());
    return reduced;
  }
  const f32 dx = f32(raster.width) / f32(width), dy = f32(raster.height) / f32(height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const f32 mean =
          area_mean(raster, f32(x) * dx, f32(x + 1) * dx, f32(y) * dy, f32(y + 1) * dy);
      reduced[std::size_t(y) * std::size_t(width) + std::size_t(x)] =
          u8(std::min(255.0f, mean + 0.5f));
    }
  }
  return reduced;
}

Ground find_ground(Raster raster) {
  Histogram levels{};
  for_each_border_pixel(raster, {}, [&](u8 p, int) { ++levels[p]; });
  Ground even{median(levels), 0, true, {}};
  even.noise = border_noise(raster, even);
  if (even.noise == 0) return even;
  const Ground uneven = uneven_ground(raster, even.level);
  return 2 * uneven.noise < even.noise ? uneven : even;
}

bool is_dark_on_light(Raster raster, Ground ground) {
  u64 below = 0, above = 0;
  for_each_row(raster, ground, [&](int, const u8* row, const auto& level) {
    int darker = 0, lighter = 0;
    for (int x = 0; x < raster.width; ++x) {
      const int difference = row[x] - level(x);
      darker += difference < -ground.noise ? -difference : 0;
      lighter += difference > ground.noise ? difference : 0;
    }
    below += u64(darker);
    above += u64(lighter);
  });
  return below > above;
}

void extract_ink(Raster raster, Ground ground, bool dark_on_light, std::span<u8> ink) {
  ENSURE(ink.size() == std::size_t(raster.width) * std::size_t(raster.height),
         "one value for each pixel");
  const int sign = dark_on_light ? -1 : 1, noise = ground.noise;
  for_each_row(raster, ground, [&](int y, const u8* row, const auto& level) {
    u8* out = ink.data() + std::size_t(y) * std::size_t(raster.width);
    for (int x = 0; x < raster.width; ++x) {
      const int over = sign * (row[x] - level(x));
      out[x] = u8(std::max({0, over - noise, (-over - noise) / 2}));
    }
  });
}

int white_level(std::span<const u8> ink) {
  // Two, in turn: equal neighbours do not wait for each other.
  Histogram histogram{}, other{};
  for (std::size_t i = 0; i + 1 < ink.size(); i += 2) ++histogram[ink[i]], ++other[ink[i + 1]];
  if (ink.size() % 2 == 1) ++histogram[ink.back()];
  for (std::size_t i = 0; i < histogram.size(); ++i) histogram[i] += other[i];
  u64 inked = 0;
  for (int level = kMinWhite; level < 256; ++level) inked += histogram[std::size_t(level)];
  if (inked == 0) return 0;
  const u64 wanted = std::max<u64>(1, inked / 1000);
  u64 seen = 0;
  int level = 256;
  while (seen < wanted) seen += histogram[std::size_t(--level)];
  return level;
}

int ink_threshold(int white, Ground ground) { return std::max({4, white / 10, ground.noise / 2}); }

Box ink_box(Raster ink, int threshold) {
  int left = ink.width, right = -1, top = ink.height, bottom = -1;
  for (int y = 0; y < ink.height; ++y) {
    const u8* row = ink.pixels + std::size_t(y) * std::size_t(ink.width);
    for (int x = 0; x < ink.width; ++x) {
      if (row[x] <= threshold) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return {};
  return {left, top, right - left + 1, bottom - top + 1};
}

void fit_box(Raster ink, Box box, int white, std::span<f32> out) {
  ENSURE(out.size() == kImageSize && white > 0, "fit_box() fills 28 x 28 values");
  std::fill(out.begin(), out.end(), 0.0f);
  if (box.width == 0) return;
  const int longer = std::max(box.width, box.height);
  const int width = scaled(box.width, kImageSide, longer),
            height = scaled(box.height, kImageSide, longer);
  const int left = (kImageSide - width + 1) / 2, top = (kImageSide - height + 1) / 2;
  const f32 dx = f32(box.width) / f32(width), dy = f32(box.height) / f32(height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const f32 x0 = f32(box.x) + f32(x) * dx, y0 = f32(box.y) + f32(y) * dy;
      const f32 mean = area_mean(ink, x0, x0 + dx, y0, y0 + dy);
      out[std::size_t(top + y) * kImageSide + std::size_t(left + x)] =
          std::min(1.0f, mean * (1.0f / f32(white)));
    }
  }
}

void strengthen(Raster ink, Box box, int threshold, int white, std::span<f32> out) {
  constexpr f32 kWeakest = 0.125f, kKept = 0.95f;
  if (std::max(box.width, box.height) <= kImageSide) return;
  const f32 before = source_level(ink, box, threshold, white), now = prepared_level(out);
  const f32 level = before > 0 ? std::max(kWeakest, now / before) : 1;
  if (level >= kKept) return;
  for (f32& v : out) v = std::min(1.0f, v / level);
}

namespace {

// What steps 2 to 6 find; `ink` is assigned. A blank raster has no box, and then white is 0.
struct Found {
  Ground ground;
  bool dark_on_light = false;
  int white = 0, threshold = 0;
  Box box;
};

Found find_ink(Raster raster, std::span<u8> ink) {
  Found found;
  found.ground = find_ground(raster);
  found.dark_on_light = is_dark_on_light(raster, found.ground);
  extract_ink(raster, found.ground, found.dark_on_light, ink);
  const int white = white_level(ink);
  found.threshold = ink_threshold(white, found.ground);
  if (white > 0) found.box = ink_box({ink.data(), raster.width, raster.height}, found.threshold);
  if (found.box.width > 0) found.white = white;
  return found;
}

}  // namespace

bool preprocess_reduced(Raster raster, std::span<u8> ink, std::span<f32> out) {
  ENSURE(out.size() == kImageSize, "a prepared image has 28 x 28 values");
  const Found found = find_ink(raster, ink);
  if (found.white == 0) {
    std::fill(out.begin(), out.end(), 0.0f);
    return false;
  }
  const Raster inked{ink.data(), raster.width, raster.height};
  fit_box(inked, found.box, found.white, out);
  strengthen(inked, found.box, found.threshold, found.white, out);
  return true;
}

bool preprocess_image(Raster raster, std::span<f32> out) {
  int width = 0, height = 0;
  const std::vector<u8> reduced = reduce_raster(raster, width, height);
  std::vector<u8> ink(reduced.size());
  return preprocess_reduced({reduced.data(), width, height}, ink, out);
}

Steps preprocessing_steps(Raster raster) {
  Steps steps;
  steps.reduced = reduce_raster(raster, steps.width, steps.height);
  steps.ink.resize(steps.reduced.size());
  const Found found = find_ink({steps.reduced.data(), steps.width, steps.height}, steps.ink);
  steps.ground = found.ground;
  steps.dark_on_light = found.dark_on_light;
  steps.white = found.white;
  steps.box = found.box;
  if (found.white == 0) return steps;
  const Raster ink{steps.ink.data(), steps.width, steps.height};
  fit_box(ink, found.box, found.white, steps.fitted);
  steps.prepared = steps.fitted;
  strengthen(ink, found.box, found.threshold, found.white, steps.prepared);
  return steps;
}

}  // namespace engine::kernels
