#include "engine/sketch/scene.hpp"

#include <algorithm>
#include <array>

#include "engine/core/math.hpp"
#include "engine/sketch/draws.hpp"

namespace engine::sketch {
namespace {

constexpr std::size_t kMaxArea = std::size_t(kMaxPaperSide) * kMaxPaperSide;
constexpr f32 kTurn = 6.28318531f;

// Two values of -1..1, of four bytes of one draw: their sums of two are more often small than
// large.
struct Grain {
  Rng* rng;
  u32 word = 0;
  bool full = false;
  f32 next() {
    word = full ? word >> 16 : rng->next();
    full = !full;
    return (f32(word & 255) + f32(word >> 8 & 255) - 255.0f) * (1.0f / 255.0f);
  }
};

std::array<u8, 1025> tone_curve(f32 gamma) {
  std::array<u8, 1025> curve;
  for (int i = 0; i <= 1024; ++i) {
    const f32 v = f32(i) * (1.0f / 1024);
    const f32 bent = gamma == 1 || i == 0 ? v : math::exp(gamma * math::log(v));
    curve[std::size_t(i)] = u8(std::clamp(bent, 0.0f, 1.0f) * 255.0f + 0.5f);
  }
  return curve;
}

}  // namespace

Scene draw_scene(Rng& rng) {
  Scene s;
  const bool light = chance(rng, 0.6f);
  s.ground = light ? 1 : 0;
  s.ink = light ? 0 : 1;
  if (chance(rng, 0.4f)) return s;
  s.ground = rng.uniform();
  do s.ink = rng.uniform(-0.3f, 1.3f);
  while (s.ink > s.ground - 0.25f && s.ink < s.ground + 0.25f);
  if (chance(rng, 0.3f)) s.gamma = chance(rng, 0.5f) ? rng.uniform(0.4f, 1) : rng.uniform(1, 2.5f);
  // What disturbs is measured by the contrast: a garment that nobody could see teaches nothing.
  const f32 contrast = s.ink < s.ground ? s.ground - s.ink : s.ink - s.ground;
  if (chance(rng, 0.3f)) {
    s.slope_x = rng.uniform(-0.5f, 0.5f) * contrast;
    s.slope_y = rng.uniform(-0.5f, 0.5f) * contrast;
  }
  if (chance(rng, 0.45f)) {
    s.texture = Texture(1 + rng.below(3));
    s.contrast = (0.02f + 0.6f * mostly_small(rng)) * contrast;
    s.scale = rng.uniform(3, 24);
    s.angle = rng.uniform(0, 3.14f);
  }
  if (chance(rng, 0.15f)) {
    s.shadow = rng.uniform(0.1f, 0.5f) * std::min(1.0f, contrast);
    s.shadow_x = rng.uniform();
    s.shadow_y = rng.uniform();
    s.shadow_radius = rng.uniform(0.2f, 0.7f);
  }
  if (chance(rng, 0.35f)) s.noise = std::min(0.4f, 0.6f * contrast) * rng.uniform();
  if (chance(rng, 0.25f)) s.blur = 1 + int(rng.below(3));
  return s;
}

Camera::Camera() : light_(kMaxArea), rows_(kMaxArea), bytes_(kMaxArea) {}

void Camera::add_texture(const Scene& scene, int side, Rng& rng) {
  std::array<f32, 256> table;
  for (f32& v : table) v = rng.uniform(-1, 1);
  const f32 per = 1.0f / scene.scale;
  const f32 dx = math::cos(scene.angle) * per * 64, dy = math::sin(scene.angle) * per * 64;
  if (scene.texture == Texture::stripes)
    for (int i = 0; i < 64; ++i) table[std::size_t(i)] = math::sin(f32(i) * (kTurn / 64));
  Grain grain{&rng};
  for (int y = 0; y < side; ++y) {
    f32* row = light_.data() + std::size_t(y) * std::size_t(side);
    const f32 v = f32(y) * per;
    const u32 j = u32(v);
    const f32 b = v - f32(j);
    for (int x = 0; x < side; ++x) {
      f32 change = 0;
      if (scene.texture == Texture::grain) {
        change = grain.next();
      } else if (scene.texture == Texture::stripes) {
        change = table[u32(f32(x) * dx + f32(y) * dy + 64000.0f) & 63];
      } else {
        const f32 u = f32(x) * per;
        const u32 i = u32(u);
        const f32 a = u - f32(i);
        const auto knot = [&](u32 m, u32 n) { return table[(m + n * 37) & 255]; };
        const f32 upper = knot(i, j) + (knot(i + 1, j) - knot(i, j)) * a;
        const f32 lower = knot(i, j + 1) + (knot(i + 1, j + 1) - knot(i, j + 1)) * a;
        change = upper + (lower - upper) * b;
      }
      row[x] += scene.contrast * change;
    }
  }
}

// Weights 1 2 1 in both directions; the edge pixels are repeated.
void Camera::blur(int side) {
  const auto n = std::size_t(side);
  for (std::size_t y = 0; y < n; ++y) {
    const f32* row = light_.data() + y * n;
    f32* out = rows_.data() + y * n;
    out[0] = row[0], out[n - 1] = row[n - 1];
    for (std::size_t x = 1; x + 1 < n; ++x) out[x] = (row[x - 1] + 2 * row[x] + row[x + 1]) * 0.25f;
  }
  for (std::size_t y = 0; y < n; ++y) {
    const f32* here = rows_.data() + y * n;
    const f32 *up = y > 0 ? here - n : here, *down = y + 1 < n ? here + n : here;
    f32* out = light_.data() + y * n;
    for (std::size_t x = 0; x < n; ++x) out[x] = (up[x] + 2 * here[x] + down[x]) * 0.25f;
  }
}

std::span<const u8> Camera::shoot(const Paper& paper, const Scene& scene, Rng& rng) {
  const int side = paper.side();
  const std::size_t area = paper.area();
  const std::span<const f32> tones = paper.tones();
  const f32 per = 1.0f / f32(side);
  for (int y = 0; y < side; ++y) {
    f32* row = light_.data() + std::size_t(y) * std::size_t(side);
    const f32 start = scene.ground + scene.slope_y * (f32(y) * per - 0.5f) - scene.slope_x * 0.5f;
    for (int x = 0; x < side; ++x) row[x] = start + scene.slope_x * per * f32(x);
  }
  if (scene.texture != Texture::none) add_texture(scene, side, rng);
  if (scene.cover > 0) {
    for (std::size_t i = 0; i < area; ++i)
      light_[i] =
          scene.ink * tones[i] + light_[i] * (1.0f - std::min(1.0f, scene.cover * tones[i]));
  } else {
    for (std::size_t i = 0; i < area; ++i) light_[i] += (scene.ink - light_[i]) * tones[i];
  }
  if (scene.shadow > 0) {
    const f32 cx = scene.shadow_x * f32(side), cy = scene.shadow_y * f32(side);
    const f32 reach = 1.0f / (scene.shadow_radius * scene.shadow_radius * f32(side) * f32(side));
    for (int y = 0; y < side; ++y) {
      f32* row = light_.data() + std::size_t(y) * std::size_t(side);
      const f32 dy = f32(y) - cy;
      for (int x = 0; x < side; ++x) {
        const f32 dx = f32(x) - cx;
        const f32 d = std::min(1.0f, (dx * dx + dy * dy) * reach);
        row[x] *= 1.0f - scene.shadow * (1.0f - d) * (1.0f - d);
      }
    }
  }
  for (int i = 0; i < scene.blur; ++i) blur(side);
  if (scene.noise > 0) {
    Grain grain{&rng};
    for (std::size_t i = 0; i < area; ++i) light_[i] += scene.noise * grain.next();
  }
  const std::array<u8, 1025> curve = tone_curve(scene.gamma);
  for (std::size_t i = 0; i < area; ++i)
    bytes_[i] = curve[std::size_t(std::clamp(light_[i], 0.0f, 1.0f) * 1024.0f + 0.5f)];
  return std::span(bytes_).first(area);
}

}  // namespace engine::sketch
