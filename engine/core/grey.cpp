#include "engine/core/grey.hpp"

namespace engine {
namespace {

int luma(const u8* rgba) { return (299 * rgba[0] + 587 * rgba[1] + 114 * rgba[2] + 500) / 1000; }

// The grey of the transparent parts.
int backdrop(std::span<const u8> rgba) {
  u64 weighted = 0, opacity = 0;
  for (std::size_t i = 0; i + 4 <= rgba.size(); i += 4) {
    weighted += u64(luma(rgba.data() + i)) * rgba[i + 3];
    opacity += rgba[i + 3];
  }
  return weighted > 127 * opacity ? 0 : 255;
}

}  // namespace

std::vector<u8> grey_of(std::span<const u8> rgba) {
  const int behind = backdrop(rgba);
  std::vector<u8> grey(rgba.size() / 4);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const u8* pixel = rgba.data() + 4 * i;
    grey[i] = u8((luma(pixel) * pixel[3] + behind * (255 - pixel[3]) + 127) / 255);
  }
  return grey;
}

}  // namespace engine
