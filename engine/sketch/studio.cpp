#include "engine/sketch/studio.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/image.hpp"
#include "engine/sketch/garments.hpp"
#include "engine/sketch/nothing.hpp"

namespace engine::sketch {
namespace {

static_assert(kSide == kernels::kImageSide);

constexpr u32 kTries = 4;               // when a picture came out blank
constexpr u32 kStreamOfTry = 1u << 20;  // draws that lie between two tries
constexpr f32 kPerByte = 1.0f / 255.0f;

// Shares of the kinds among the versions of an image, in percent.
constexpr std::array<u32, 7> kShares{54, 8, 4, 12, 8, 6, 8};

Kind draw_kind(Rng& rng) {
  u32 at = rng.below(100);
  for (u32 kind = 0; kind < kShares.size(); ++kind) {
    if (at < kShares[kind]) return Kind(kind);
    at -= kShares[kind];
  }
  return Kind::photo;
}

bool told_by_details(u32 label) { return label == 2 || label == 4 || label == 6; }

// Of a sheet that is drawn upon: about three pixels for each that a network sees.
int draw_side(Rng& rng) { return 80 + int(rng.below(25)); }

// Half of the garments end sharply, where a photo's black begins.
f32 draw_cover(Rng& rng) { return chance(rng, 0.5f) ? 50.0f : rng.uniform(3, 20); }

// A ground as uneven as the garment's own tones: cloth, wood, leaves. `unit`: pixels of the sheet
// for one of the image.
void lay_on_cloth(f32 unit, Rng& rng, Scene& scene) {
  scene.cover = draw_cover(rng);
  scene.ink = rng.uniform(0.8f, 1.2f);
  scene.ground = rng.uniform(0.15f, 0.75f);
  scene.texture = chance(rng, 0.7f) ? Texture::clouds : Texture::stripes;
  scene.contrast = rng.uniform(0.05f, 0.3f);
  scene.scale = rng.uniform(2.5f, 9) * unit;
  scene.angle = rng.uniform(0, 3.14f);
  scene.noise = rng.uniform(0, 0.15f);
}

}  // namespace

Studio::Studio() : ink_(std::size_t(kMaxPaperSide) * kMaxPaperSide) {
  for (Lines* lines : {&outline_, &edges_}) {
    lines->points.reserve(2 * kArea);
    lines->ends.reserve(kArea / 4);
  }
}

// The image moved about on a sheet of its own size or a larger one.
void Studio::photo(Rng& rng, Scene& scene) {
  const u32 size = rng.below(10);
  const int side = size < 6 ? kSide : size < 8 ? 30 + int(rng.below(30)) : 56 + int(rng.below(60));
  const f32 unit = size < 6 || size >= 8 ? f32(side) / kSide : 1.0f;  // pixels for one of the image
  const bool turns = chance(rng, 0.4f), moves = chance(rng, 0.4f), scales = chance(rng, 0.4f);
  const f32 angle = turns ? rng.uniform(-0.56f, 0.56f) : 0.0f;
  const f32 scale = (scales ? rng.uniform(0.5f, 1.3f) : 1.0f) * unit;
  const f32 move_x = moves ? rng.uniform(-6.5f, 6.5f) * unit : 0.0f;
  const f32 move_y = moves ? rng.uniform(-6.5f, 6.5f) * unit : 0.0f;
  const f32 mirror = chance(rng, 0.5f) ? -1.0f : 1.0f;
  const f32 c = math::cos(angle) / scale, s = math::sin(angle) / scale;
  const f32 middle = f32(side) * 0.5f;
  paper_.clear(side);
  const std::span<f32> tones = paper_.tones();
  for (int y = 0; y < side; ++y) {
    const f32 dy = f32(y) + 0.5f - middle - move_y;
    for (int x = 0; x < side; ++x) {
      const f32 dx = f32(x) + 0.5f - middle - move_x;
      const f32 u = mirror * (c * dx + s * dy) + 0.5f * kSide, v = c * dy - s * dx + 0.5f * kSide;
      tones[std::size_t(y) * std::size_t(side) + std::size_t(x)] = sample(grey_, u, v);
    }
  }
  if (chance(rng, 0.1f)) return lay_on_cloth(unit, rng, scene);
  if (scene.ink > 0.3f && chance(rng, 0.4f)) scene.cover = draw_cover(rng);
  // Ink that is not far from the ground loses the picture's inner tones: a garment is brighter.
  if (scene.cover == 0 && chance(rng, 0.5f) && scene.ink < scene.ground) {
    scene.ink = 1 - scene.ink;
    scene.ground = 1 - scene.ground;
  }
}

// The image in tones of its own, on the sheet.
void Studio::poster(const Placement& placement, Rng& rng) {
  std::array<f32, 257> curve{};
  const bool negative = chance(rng, 0.25f), steps = chance(rng, 0.5f);
  const f32 levels = f32(2 + rng.below(4)), base = rng.uniform(0.1f, 0.8f), level = 0.1f;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const f32 v = f32(i) * (1.0f / 256);
    f32 tone = negative ? 1.0f - v : v;
    if (steps) tone = f32(int(tone * levels)) / levels;
    curve[i] = v < level ? v * base / level : base + (1.0f - base) * tone;
  }
  const int side = paper_.side();
  const std::span<f32> tones = paper_.tones();
  for (int y = 0; y < side; ++y) {
    const Point from = placement.back({0.5f, f32(y) + 0.5f}),
                next = placement.back({1.5f, f32(y) + 0.5f});
    const f32 dx = (next.x - from.x) * kSide, dy = (next.y - from.y) * kSide;
    for (int x = 0; x < side; ++x) {
      const f32 v = sample(grey_, from.x * kSide + dx * f32(x), from.y * kSide + dy * f32(x));
      tones[std::size_t(y) * std::size_t(side) + std::size_t(x)] =
          curve[std::size_t(std::min(1.0f, v) * 256.0f)];
    }
  }
}

void Studio::stroke_lines(const Style& style, bool closed, Rng& rng) {
  const Lines& lines = closed ? outline_ : edges_;
  for (std::size_t i = 0; i < lines.count(); ++i) {
    if (!closed && style.details < 1 && rng.uniform() > style.details) continue;
    hand_.stroke(paper_, lines.line(i), closed, closed ? style.pen : style.detail, rng);
  }
}

void Studio::draw_image(Kind kind, Rng& rng) {
  const int side = draw_side(rng);
  paper_.clear(side);
  Placement placement = draw_placement(side, 0.8f, rng);
  if (kind == Kind::poster) placement.bend_x = placement.bend_y = 0;
  Style style = draw_style(side, rng);
  const f32 level = rng.uniform(0.04f, 0.3f);
  outline_.clear();
  edges_.clear();
  const int smooth = 1 + int(rng.below(3));
  level_lines(chance(rng, 0.5f) ? blurred(grey_) : grey_, level, 8, smooth, outline_);
  const bool inner = kind != Kind::edges;
  if (kind != Kind::outline && kind != Kind::silhouette)
    edge_lines(grey_, rng.uniform(0.15f, 0.5f), inner, level * 0.5f, edges_);
  for (Lines* lines : {&outline_, &edges_})
    for (Point& p : lines->points) p = placement(p);
  if (kind == Kind::edges) return stroke_lines(style, false, rng);
  if (kind == Kind::poster) poster(placement, rng);
  if (kind == Kind::silhouette || kind == Kind::shaded ||
      (kind == Kind::lines && chance(rng, 0.2f))) {
    paper_.cover(outline_.points, outline_.ends);
    if (kind == Kind::silhouette || chance(rng, 0.5f))
      paper_.fill(kind == Kind::silhouette ? 1 : rng.uniform(0.15f, 0.6f));
    if (kind == Kind::shaded) {
      style.shade = Shade(1 + rng.below(5));
      shade(paper_, hand_, style, rng);
    }
  }
  const bool flat = kind == Kind::silhouette || kind == Kind::poster;
  if (!flat || chance(rng, 0.2f)) stroke_lines(style, true, rng);
  if (kind == Kind::poster && chance(rng, 0.7f)) return;
  style.detail.tone = kind == Kind::poster ? rng.uniform() : style.detail.tone;
  stroke_lines(style, false, rng);
}

// Something lies on the sheet: a piece of ground, or of ink.
void Studio::occlude(Rng& rng) {
  const auto side = f32(paper_.side());
  const f32 width = side * rng.uniform(0.1f, 0.32f), height = side * rng.uniform(0.1f, 0.32f);
  const f32 x = rng.uniform() * (side - width), y = rng.uniform() * (side - height);
  const std::array<Point, 4> corners{Point{x, y}, Point{x + width, y}, Point{x + width, y + height},
                                     Point{x, y + height}};
  paper_.cover(corners);
  paper_.fill(chance(rng, 0.75f) ? 0 : rng.uniform());
}

bool Studio::develop(const Scene& scene, Rng& rng, std::span<f32> out) {
  const std::span<const u8> pixels = camera_.shoot(paper_, scene, rng);
  return kernels::preprocess_reduced({pixels.data(), paper_.side(), paper_.side()},
                                     std::span(ink_).first(pixels.size()), out);
}

void Studio::make(Kind kind, std::span<const u8> image, u32 label, Key key, std::span<f32> out) {
  ENSURE(out.size() == kArea, "a picture has 28 x 28 values");
  if (kind < Kind::garment) {
    ENSURE(image.size() == kArea, "a version needs an image of 28 x 28");
    for (std::size_t i = 0; i < kArea; ++i) grey_[i] = f32(image[i]) * kPerByte;
  }
  for (u32 attempt = 0; attempt < kTries; ++attempt) {
    Rng rng(key.seed, Purpose::sketch, key.epoch, key.sample, attempt * kStreamOfTry);
    Scene scene = draw_scene(rng);
    if (attempt + 1 == kTries) scene = {};
    f32 covered = 0.1f;
    if (kind == Kind::photo) {
      photo(rng, scene);
    } else if (kind < Kind::garment) {
      draw_image(kind, rng);
    } else {
      paper_.clear(draw_side(rng));
      covered = 0.04f;
      if (kind == Kind::nothing) {
        draw_nothing(paper_, draft_, hand_, rng);
      } else {
        draft_garment(label, draft_, rng);
        place_draft(draft_, draw_placement(paper_.side(), 1, rng));
        Style style = draw_style(paper_.side(), rng);
        // A flat pullover, coat or shirt could be any of the three: most show what they are.
        if (style.details == 0 && told_by_details(label) && chance(rng, 0.8f)) style.details = 1;
        draw_draft(draft_, style, paper_, hand_, rng);
      }
    }
    if (chance(rng, covered)) occlude(rng);
    if (develop(scene, rng, out)) return;
  }
  for (std::size_t i = 0; i < image.size() && kind < Kind::garment; ++i) out[i] = grey_[i];
}

void Studio::version(std::span<const u8> image, Key key, std::span<f32> out) {
  Rng rng(key.seed, Purpose::sketch, key.epoch, key.sample, kTries * kStreamOfTry);
  make(draw_kind(rng), image, 0, key, out);
}

void Studio::garment(u32 label, Key key, std::span<f32> out) {
  make(Kind::garment, {}, label, key, out);
}

void Studio::nothing(Key key, std::span<f32> out) { make(Kind::nothing, {}, 0, key, out); }

}  // namespace engine::sketch
