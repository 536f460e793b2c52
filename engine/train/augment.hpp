// Random changes to one training image (spec::Augment), a pure function of (seed, epoch, sample):
// the same bits on every platform, in any order, for any number of threads.
//
// One affine map about the centre (scaled by s, mirrored with probability `flip`, rotated,
// shifted), read back with bilinear weights, 0 outside the image; then
//   contrast, brightness  v = clamp((v - 0.5) c + 0.5 + b, 0, 1)
//   noise                 v = clamp(v + sigma normal, 0, 1)
//   erase                 with that probability one rectangle becomes 0: 2 % to 25 % of the image,
//                         sides 1:2 to 2:1
// Every amount is drawn whether or not its change is switched on, so switching one on leaves the
// others as they were.
#pragma once
#include <span>

#include "engine/core/random.hpp"
#include "engine/spec/train.hpp"

namespace engine::train {

// What was drawn for one sample.
struct Variation {
  f32 shift_x = 0, shift_y = 0;  // pixels, to the right and downwards
  f32 radians = 0;               // clockwise on the screen
  f32 scale = 1;
  bool flip = false;
  f32 brightness = 0, contrast = 1;
  bool erase = false;
  f32 erase_area = 0, erase_aspect = 1;  // share of the image; width : height
  f32 erase_x = 0, erase_y = 0;          // 0..1: from the leftmost (topmost) place to the rightmost
  bool moves() const { return shift_x != 0 || shift_y != 0 || radians != 0 || scale != 1 || flip; }
};

Variation draw_variation(const spec::Augment& augment, Rng& rng);

// y := x moved by the variation's affine map. Both (h, w), not the same memory.
void warp(const Variation& variation, int h, int w, std::span<const f32> x, std::span<f32> y);

// All of it. x and y (h, w), values 0..1, not the same memory; y is assigned. Allocates nothing.
void augment_image(const spec::Augment& augment, u64 seed, u32 epoch, u32 sample, int h, int w,
                   std::span<const f32> x, std::span<f32> y);

}  // namespace engine::train
