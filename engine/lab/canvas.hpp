// A picture of RGB pixels that is drawn upon with smooth edges: lines, discs, text, images. Places
// and sizes are in units of 1/96 inch; a canvas has `scale` pixels for each.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::lab {

struct Colour {
  u8 r = 0, g = 0, b = 0;
};
struct Point {
  double x = 0, y = 0;
};

enum class Weight : u32 { regular, semibold };
enum class Align : u32 { left, centre, right };
struct TextLook {
  double size = 14;  // of the em square
  Colour colour{};
  Weight weight = Weight::regular;
  Align align = Align::left;
  bool upwards = false;  // turned by 90 degrees: `at` is the baseline of text that runs upwards
};

inline constexpr int kMaxCanvasSide = 4096;  // units
inline constexpr int kMaxCanvasScale = 4;

class Canvas {
 public:
  Canvas(int width, int height, int scale);  // white; from 1 to the limits above

  int width() const { return width_; }  // in pixels
  int height() const { return height_; }
  int scale() const { return scale_; }
  const std::vector<u8>& rgb() const { return rgb_; }  // (height, width, 3)

  void fill(Point low, Point high, Colour colour);  // whole pixels
  void line(std::span<const Point> points, double thick, Colour colour);
  void dashes(std::span<const Point> points, double thick, double dash, double space,
              Colour colour);
  void disc(Point centre, double radius, Colour colour);
  // ASCII and a few signs more (cmake/font.py); `at` is on the baseline.
  void text(Point at, std::string_view utf8, const TextLook& look);
  static double text_width(std::string_view utf8, double size, Weight weight);
  // A square of side*side grey values, 0 as `ground` and 255 as `ink`, smoothly enlarged.
  void image(Point low, double size, std::span<const u8> grey, int side, Colour ground, Colour ink);

 private:
  struct Mask {  // how much of each pixel is covered, 0..255
    int x = 0, y = 0, w = 0, h = 0;
    std::vector<u8> cover;
  };
  void paint(const Mask& mask, Colour colour);
  void blend(int x, int y, Colour colour, int cover);

  int width_, height_, scale_;
  std::vector<u8> rgb_;
};

// Lossless; the same pixels give the same bytes.
std::vector<std::byte> png(const Canvas& canvas);

}  // namespace engine::lab
