#include "engine/data/filter.hpp"

#include <cstdlib>

#include "engine/core/check.hpp"

namespace engine::data {
namespace {

constexpr u8 kFilters = 5;

// Of left a, above b and above left c, the one nearest to a + b - c (PNG, section 9.4).
int paeth(int a, int b, int c) {
  const int p = a + b - c;
  const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

// What a filter expects at column j of a row; outside the image all is 0.
int expected(u8 filter, const u8* row, const u8* above, std::size_t j) {
  const int a = j > 0 ? row[j - 1] : 0;
  const int b = above != nullptr ? above[j] : 0;
  const int c = j > 0 && above != nullptr ? above[j - 1] : 0;
  switch (filter) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return (a + b) / 2;
    case 4:
      return paeth(a, b, c);
    default:
      return 0;
  }
}

}  // namespace

void filter(std::span<const u8> image, int h, int w, std::vector<u8>& packed) {
  const std::size_t width = std::size_t(w);
  ENSURE(image.size() == std::size_t(h) * width, "an image of another size");
  for (std::size_t i = 0; i < std::size_t(h); ++i) {
    const u8* row = image.data() + i * width;
    const u8* above = i > 0 ? row - width : nullptr;
    u8 best = 0;
    int smallest = 0;
    for (u8 f = 0; f < kFilters; ++f) {
      int sum = 0;
      for (std::size_t j = 0; j < width; ++j) {
        const u8 difference = u8(row[j] - expected(f, row, above, j));
        sum += difference < 128 ? difference : 256 - difference;
      }
      if (f == 0 || sum < smallest) {
        best = f;
        smallest = sum;
      }
    }
    packed.push_back(best);
    for (std::size_t j = 0; j < width; ++j)
      packed.push_back(u8(row[j] - expected(best, row, above, j)));
  }
}

bool unfilter(std::span<const u8> packed, int h, int w, std::span<u8> image) {
  const std::size_t width = std::size_t(w);
  ENSURE(packed.size() == packed_size(h, w) && image.size() == std::size_t(h) * width,
         "an image of another size");
  for (std::size_t i = 0; i < std::size_t(h); ++i) {
    const u8* from = packed.data() + i * (width + 1);
    u8* row = image.data() + i * width;
    const u8* above = i > 0 ? row - width : nullptr;
    if (from[0] >= kFilters) return false;
    for (std::size_t j = 0; j < width; ++j)
      row[j] = u8(from[1 + j] + expected(from[0], row, above, j));
  }
  return true;
}

}  // namespace engine::data
