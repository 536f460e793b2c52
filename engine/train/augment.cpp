#include "engine/train/augment.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"

namespace engine::train {
namespace {

constexpr f32 kRadiansPerDegree = 0x1.1df46ap-6f;  // pi / 180

f32 clamp01(f32 v) { return std::min(1.0f, std::max(0.0f, v)); }

int floor_to_int(f32 v) {
  const int whole = int(v);
  return f32(whole) > v ? whole - 1 : whole;
}

// Bilinear sample of x (h, w) at column u, row v; 0 outside.
f32 sample_at(const f32* x, int h, int w, f32 u, f32 v) {
  if (!(u > -1.0f && v > -1.0f && u < f32(w) && v < f32(h))) return 0;
  const int left = floor_to_int(u), top = floor_to_int(v);
  const f32 a = u - f32(left), b = v - f32(top);
  const auto at = [&](int row, int column) {
    return row < 0 || column < 0 || row >= h || column >= w
               ? 0.0f
               : x[std::size_t(row) * std::size_t(w) + std::size_t(column)];
  };
  const f32 upper = at(top, left) * (1.0f - a) + at(top, left + 1) * a;
  const f32 lower = at(top + 1, left) * (1.0f - a) + at(top + 1, left + 1) * a;
  return upper * (1.0f - b) + lower * b;
}

void erase_rectangle(const Variation& variation, int h, int w, std::span<f32> y) {
  const f32 area = variation.erase_area * f32(h) * f32(w);
  const int columns = std::clamp(int(math::sqrt(area * variation.erase_aspect) + 0.5f), 1, w);
  const int rows = std::clamp(int(math::sqrt(area / variation.erase_aspect) + 0.5f), 1, h);
  const int left = std::min(w - columns, int(variation.erase_x * f32(w - columns + 1)));
  const int top = std::min(h - rows, int(variation.erase_y * f32(h - rows + 1)));
  for (int row = top; row < top + rows; ++row) {
    std::fill_n(y.begin() + std::ptrdiff_t(row) * w + left, columns, 0.0f);
  }
}

}  // namespace

Variation draw_variation(const spec::Augment& augment, Rng& rng) {
  Variation v;
  v.shift_x = rng.uniform(-augment.shift, augment.shift);
  v.shift_y = rng.uniform(-augment.shift, augment.shift);
  v.radians = rng.uniform(-augment.rotate, augment.rotate) * kRadiansPerDegree;
  v.scale = rng.uniform(1.0f - augment.scale, 1.0f + augment.scale);
  v.flip = rng.uniform() < augment.flip;
  v.brightness = rng.uniform(-augment.brightness, augment.brightness);
  v.contrast = rng.uniform(1.0f - augment.contrast, 1.0f + augment.contrast);
  v.erase = rng.uniform() < augment.erase;
  v.erase_area = rng.uniform(0.02f, 0.25f);
  v.erase_aspect = rng.uniform(0.5f, 2.0f);
  v.erase_x = rng.uniform();
  v.erase_y = rng.uniform();
  return v;
}

void warp(const Variation& variation, int h, int w, std::span<const f32> x, std::span<f32> y) {
  // The inverse map: from a place in y, measured from the centre, back to its place in x.
  const f32 inverse = 1.0f / variation.scale;
  const f32 c = math::cos(variation.radians) * inverse, s = math::sin(variation.radians) * inverse;
  const f32 mirror = variation.flip ? -1.0f : 1.0f;
  const f32 centre_x = f32(w - 1) * 0.5f, centre_y = f32(h - 1) * 0.5f;
  for (int row = 0; row < h; ++row) {
    const f32 dy = f32(row) - centre_y - variation.shift_y;
    for (int column = 0; column < w; ++column) {
      const f32 dx = f32(column) - centre_x - variation.shift_x;
      const f32 u = mirror * (c * dx + s * dy) + centre_x;
      const f32 v = c * dy - s * dx + centre_y;
      y[std::size_t(row) * std::size_t(w) + std::size_t(column)] = sample_at(x.data(), h, w, u, v);
    }
  }
}

void augment_image(const spec::Augment& augment, u64 seed, u32 epoch, u32 sample, int h, int w,
                   std::span<const f32> x, std::span<f32> y) {
  ENSURE(x.size() == std::size_t(h) * std::size_t(w) && y.size() == x.size(),
         "an image has h * w values");
  Rng rng(seed, Purpose::augment, epoch, sample);
  const Variation variation = draw_variation(augment, rng);
  if (variation.moves()) {
    warp(variation, h, w, x, y);
  } else {
    std::copy(x.begin(), x.end(), y.begin());
  }
  if (augment.contrast > 0 || augment.brightness > 0) {
    for (f32& v : y) v = clamp01((v - 0.5f) * variation.contrast + 0.5f + variation.brightness);
  }
  if (augment.noise > 0) {
    for (f32& v : y) v = clamp01(v + augment.noise * rng.normal());
  }
  if (variation.erase) erase_rectangle(variation, h, w, y);
}

}  // namespace engine::train
