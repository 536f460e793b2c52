#include "engine/cli/picture.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/core/grey.hpp"
#include "engine/kernels/image.hpp"

namespace {

// What the largest picture may take at once: 4096 x 4096 pixels of four 16-bit channels and a
// filter byte a row, and as much again, as a buffer doubles that was a little too small. A file
// that inflates to more than that is refused there.
constexpr std::size_t kMostBytes = std::size_t(258) << 20;

void* allocate(std::size_t bytes) { return bytes <= kMostBytes ? std::malloc(bytes) : nullptr; }
void* reallocate(void* block, std::size_t bytes) {
  return bytes <= kMostBytes ? std::realloc(block, bytes) : nullptr;
}

}  // namespace

// stb's code is not ours to warn about.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS 65536
#define STBI_MALLOC(bytes) allocate(bytes)
#define STBI_REALLOC(block, bytes) reallocate(block, bytes)
#define STBI_FREE(block) std::free(block)
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace engine::cli {
namespace {

constexpr u8 kPng[] = {0x89, 'P', 'N', 'G'};
constexpr u8 kJpeg[] = {0xff, 0xd8, 0xff};

template <std::size_t N>
bool starts_with(std::span<const std::byte> bytes, const u8 (&magic)[N]) {
  return bytes.size() >= N && std::memcmp(bytes.data(), magic, N) == 0;
}

// A byte of deflate holds at most 1,032, each of eight pixels; JPEG holds fewer. What claims more
// is not worth the memory.
constexpr u64 kMostPixelsAByte = 8256;

// Half as large: each pixel the mean of four, at an odd edge of two or one.
Picture halved(const Picture& picture) {
  Picture half;
  half.width = (picture.width + 1) / 2;
  half.height = (picture.height + 1) / 2;
  half.grey.reserve(std::size_t(half.width) * std::size_t(half.height));
  for (int y = 0; y < picture.height; y += 2) {
    const int rows = std::min(2, picture.height - y);
    for (int x = 0; x < picture.width; x += 2) {
      const int columns = std::min(2, picture.width - x);
      int sum = 0;
      for (int i = 0; i < rows * columns; ++i) {
        const std::size_t row = std::size_t(y + i / columns), column = std::size_t(x + i % columns);
        sum += picture.grey[row * std::size_t(picture.width) + column];
      }
      half.grey.push_back(u8((2 * sum + rows * columns) / (2 * rows * columns)));
    }
  }
  return half;
}

// `count` bytes from `at` on as a number; those beyond the end are 0.
u32 number(std::span<const std::byte> bytes, std::size_t at, std::size_t count, bool big_endian) {
  u32 value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = at + (big_endian ? i : count - 1 - i);
    value = value << 8 | (from < bytes.size() ? u32(bytes[from]) : 0u);
  }
  return value;
}

// How the stored picture lies, 1..8 as EXIF has it; 1, upright, where nothing is said.
int orientation_in(std::span<const std::byte> tiff) {
  constexpr u32 kOrientation = 0x112, kShort = 3;
  constexpr std::size_t kEntry = 12;
  const bool big = starts_with(tiff, {'M', 'M'});
  const std::size_t entries = number(tiff, 4, 4, big), count = number(tiff, entries, 2, big);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = entries + 2 + i * kEntry;
    if (at + kEntry > tiff.size()) break;
    if (number(tiff, at, 2, big) != kOrientation || number(tiff, at + 2, 2, big) != kShort)
      continue;
    const u32 value = number(tiff, at + 8, 2, big);
    return value >= 1 && value <= 8 ? int(value) : 1;
  }
  return 1;
}

// The same of a JPEG, whose segments come before the picture.
int orientation_of(std::span<const std::byte> jpeg) {
  constexpr u8 kExif[] = {'E', 'x', 'i', 'f', 0, 0};
  constexpr std::byte kMarker{0xff}, kApp1{0xe1}, kStartOfScan{0xda};
  for (std::size_t at = 2; at + 4 <= jpeg.size() && jpeg[at] == kMarker;) {
    const std::byte kind = jpeg[at + 1];
    if (kind == kMarker) {  // a byte that fills
      ++at;
      continue;
    }
    const std::size_t length = number(jpeg, at + 2, 2, true);
    if (kind == kStartOfScan || length < 2) break;
    const auto segment = jpeg.subspan(at + 4, std::min(length - 2, jpeg.size() - at - 4));
    if (kind == kApp1 && starts_with(segment, kExif))
      return orientation_in(segment.subspan(sizeof kExif));
    at += 2 + length;
  }
  return 1;
}

// As it was seen, of how it is stored.
Picture upright(const Picture& stored, int orientation) {
  const bool turned = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation >= 7;
  const bool from_below =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture seen;
  seen.width = turned ? stored.height : stored.width;
  seen.height = turned ? stored.width : stored.height;
  seen.grey.reserve(stored.grey.size());
  for (int y = 0; y < seen.height; ++y) {
    for (int x = 0; x < seen.width; ++x) {
      const int across = turned ? y : x, down = turned ? x : y;
      const int column = from_right ? stored.width - 1 - across : across;
      const int row = from_below ? stored.height - 1 - down : down;
      seen.grey.push_back(
          stored.grey[std::size_t(row) * std::size_t(stored.width) + std::size_t(column)]);
    }
  }
  return seen;
}

}  // namespace

bool is_picture(std::span<const std::byte> bytes) {
  return starts_with(bytes, kPng) || starts_with(bytes, kJpeg);
}

Result<Picture> decode_picture(std::span<const std::byte> bytes, const std::string& name,
                               u64 most_pixels) {
  constexpr u64 kMillion = 1'000'000;
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const Problem damaged{
      Code::bad_file,
      name + " is not a readable PNG or JPEG picture. Save it again, or choose another."};
  Picture picture;
  int channels = 0;
  if (stbi_info_from_memory(data, int(bytes.size()), &picture.width, &picture.height, &channels) ==
      0)
    return damaged;
  const u64 claimed = u64(picture.width) * u64(picture.height);
  if (claimed > most_pixels) {
    return Problem{Code::too_large, name + " has " + std::to_string(picture.width) + " x " +
                                        std::to_string(picture.height) + " pixels, the limit is " +
                                        std::to_string(most_pixels / kMillion) +
                                        " million. Make it smaller first."};
  }
  if (claimed / kMostPixelsAByte > bytes.size()) return damaged;
  const std::unique_ptr<stbi_uc, void (*)(void*)> rgba(
      stbi_load_from_memory(data, int(bytes.size()), &picture.width, &picture.height, &channels, 4),
      stbi_image_free);
  if (!rgba) return damaged;
  const std::size_t count = std::size_t(picture.width) * std::size_t(picture.height);
  picture.grey = grey_of({rgba.get(), 4 * count});
  while (std::max(picture.width, picture.height) > kernels::kMaxRasterSide)
    picture = halved(picture);
  const int orientation = starts_with(bytes, kJpeg) ? orientation_of(bytes) : 1;
  if (orientation != 1) return upright(picture, orientation);
  return picture;
}

}  // namespace engine::cli
