// Training images that nobody has photographed: images of the data set seen otherwise or drawn, and
// drawings of garments that never were. Each is a pure function of its key (and of the image): the
// same bits on every platform, in any order, for any number of threads.
//
// Everything ends with the page's own preprocessing (kernels/image.hpp), so that a network sees
// just what the page will show it: a sheet of 28 to 144 pixels is drawn, a scene (ground, light,
// grain, blur) makes grey pixels of it, these are prepared.
#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/sketch/contours.hpp"
#include "engine/sketch/draft.hpp"
#include "engine/sketch/pen.hpp"
#include "engine/sketch/scene.hpp"
#include "engine/sketch/style.hpp"

namespace engine::sketch {

// What is recorded with every run that draws: another version draws other images.
inline constexpr u32 kVersion = 3;

enum class Kind : u32 {
  photo,       // the image itself: moved, turned, on another ground, in another light
  outline,     // its silhouette's outline
  edges,       // the edges in it
  lines,       // outline and inner edges
  silhouette,  // flat, in one tone
  shaded,      // outline, partly hatched or filled
  poster,      // in a few tones, flattened or negative, with or without lines
  garment,     // a drawing of no image
  nothing      // no garment at all
};
inline constexpr std::array<std::string_view, 9> kKindNames{
    "photo", "outline", "edges", "lines", "silhouette", "shaded", "poster", "garment", "nothing"};

struct Key {
  u64 seed = 0;
  u32 epoch = 0, sample = 0;
};

// One for each thread: holds the sheets. Its lines' room is far more than any draft or image of the
// data set was seen to need; beyond, it grows.
class Studio {
 public:
  Studio();

  // out (28, 28) := a version of an image (28 x 28 bytes), of one of the first seven kinds.
  void version(std::span<const u8> image, Key key, std::span<f32> out);
  // out := a drawing of a garment of the class.
  void garment(u32 label, Key key, std::span<f32> out);
  void nothing(Key key, std::span<f32> out);

  // The same with the kind chosen by the caller. The image serves the kinds that need one, the
  // label `garment`.
  void make(Kind kind, std::span<const u8> image, u32 label, Key key, std::span<f32> out);

 private:
  void photo(Rng& rng, Scene& scene);
  void draw_image(Kind kind, Rng& rng);
  void poster(const Placement& placement, Rng& rng);
  void stroke_lines(const Style& style, bool closed, Rng& rng);
  void occlude(Rng& rng);
  bool develop(const Scene& scene, Rng& rng, std::span<f32> out);

  Paper paper_;
  Hand hand_;
  Draft draft_;
  Lines outline_, edges_;
  Camera camera_;
  Grey grey_{};
  std::vector<u8> ink_;
};

}  // namespace engine::sketch
