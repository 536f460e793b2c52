// The one preprocessing: a drawing or photo of any size becomes the 28x28 input that the networks
// are trained on, a bright garment on black that touches the frame with its longer side (as 99 % of
// FashionMNIST's images do).
//
//   1. reduce     to at most 512 pixels a side, by area averages: bounds the work, removes specks
//   2. ground     level g: the median of the border ring; noise n: twice the median of |p - g|.
//                 Uneven light: if the surface through the medians of the four corners leaves less
//                 than half of that noise, g is that surface
//   3. polarity   dark ink on a light ground if the p below g differ more, in sum, than those above
//   4. ink        v = max(0, |p - g| - n), half of that on the other side of the ground: a garment
//                 with lighter and darker parts than the ground keeps its outline
//   5. white      the level that 0.1 % of the pixels with v >= 16 reach (at least one of them);
//                 blank if there are none: paper grain and compression noise are weaker
//   6. box        the smallest box around all v > t = max(4, white / 10, n / 2)
//   7. fit        the box scaled to 28 in its longer side and to the nearest whole pixel (at least
//                 one) in the other, centred (an odd pixel left over goes left or top, as in the
//                 data), by area averages of v / white, at most 1; 0 around it
//   8. weight     a box that was reduced has made thin strokes faint: where the level that the
//                 strongest quarter of the ink reaches (v > t) fell below 95 % of what it was, all
//                 values are divided by that share (1/8 at least), at most 1
//
// An image of the data set (longer side 28, brightest pixel 255, black border) comes back as it is,
// times 1/255. Only additions, products and divisions in an order fixed by the sizes: the same bits
// on every platform.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::kernels {

inline constexpr int kImageSide = 28;
inline constexpr int kImageSize = kImageSide * kImageSide;
inline constexpr int kMaxRasterSide = 4096;  // callers refuse larger pictures before
inline constexpr int kReducedRasterSide = 512;

// What a file of weights says about its inputs, as JSON.
inline constexpr const char* kPreprocessing =
    R"({"name":"ink box","version":3,"side":28,"range":[0,1],"ground":0,"ink":1})";

// A grey image that somebody else owns: height rows of width bytes. Both from 1 to kMaxRasterSide.
struct Raster {
  const u8* pixels = nullptr;
  int width = 0, height = 0;
};

struct Ground {
  int level = 0, noise = 0;      // 0..255
  bool even = true;              // otherwise the level runs between those of the four corners:
  std::array<int, 4> corners{};  // upper left, upper right, lower left, lower right
};

struct Box {
  int x = 0, y = 0, width = 0, height = 0;  // width 0: empty
  bool operator==(const Box&) const = default;
};

// The steps, in order. extract_ink() assigns one value for each pixel.
std::vector<u8> reduce_raster(Raster raster, int& width,
                              int& height);  // width and height of the result are assigned
Ground find_ground(Raster raster);
bool is_dark_on_light(Raster raster, Ground ground);
void extract_ink(Raster raster, Ground ground, bool dark_on_light, std::span<u8> ink);
int white_level(std::span<const u8> ink);  // 0: blank
int ink_threshold(int white, Ground ground);
Box ink_box(Raster ink, int threshold);
// Assigns all of out (28 x 28): step 7.
void fit_box(Raster ink, Box box, int white, std::span<f32> out);
// Step 8, on what fit_box() made of the same box.
void strengthen(Raster ink, Box box, int threshold, int white, std::span<f32> out);

// Steps 2 to 8, for a raster that step 1 leaves as it is (no side above kReducedRasterSide). `ink`
// has room for as many values as there are pixels; nothing is allocated.
bool preprocess_reduced(Raster raster, std::span<u8> ink, std::span<f32> out);

// All steps. out holds 784 values. False: blank (nothing drawn, or contrast too low), and out is
// all 0.
bool preprocess_image(Raster raster, std::span<f32> out);

// All steps with what each of them gave, for looking at.
struct Steps {
  int width = 0, height = 0;     // of the reduced picture
  std::vector<u8> reduced, ink;  // after steps 1 and 4
  Ground ground;
  bool dark_on_light = false;
  int white = 0;  // 0: blank; then the box is empty and both images are 0
  Box box;
  std::array<f32, kImageSize> fitted{}, prepared{};  // after steps 7 and 8
};
Steps preprocessing_steps(Raster raster);

}  // namespace engine::kernels
