// What a camera makes of a sheet: paper and ink of some brightness, uneven light, grain, blur.
#pragma once
#include <span>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/sketch/paper.hpp"

namespace engine::sketch {

enum class Texture : u32 { none, clouds, stripes, grain };

struct Scene {
  f32 ground = 0, ink = 1;       // brightness 0..1; ink may lie outside: it is cut off
  f32 cover = 0;                 // 0: ink mixes with the ground by its tone. Otherwise it shines on
                                 // its own and hides the ground: all of it from a tone of 1 / cover
  f32 slope_x = 0, slope_y = 0;  // change of the ground's brightness from edge to edge
  Texture texture = Texture::none;
  f32 contrast = 0, scale = 8, angle = 0;  // of the texture: brightness, pixels, radians
  f32 shadow = 0, shadow_x = 0, shadow_y = 0, shadow_radius = 1;  // a soft dark spot
  f32 gamma = 1;
  f32 noise = 0;  // largest change of brightness
  int blur = 0;   // times
};

// From plain black on white, or white on black, to anything.
Scene draw_scene(Rng& rng);

class Camera {
 public:
  Camera();
  // side x side bytes, valid until the next call.
  std::span<const u8> shoot(const Paper& paper, const Scene& scene, Rng& rng);

 private:
  void add_texture(const Scene& scene, int side, Rng& rng);
  void blur(int side);

  std::vector<f32> light_, rows_;
  std::vector<u8> bytes_;
};

}  // namespace engine::sketch
