#include "engine/cli/picture.hpp"

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

}  // namespace

bool is_picture(std::span<const std::byte> bytes) {
  return starts_with(bytes, kPng) || starts_with(bytes, kJpeg);
}

Result<Picture> decode_picture(std::span<const std::byte> bytes, const std::string& name) {
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const Problem damaged{
      Code::bad_file,
      name + " is not a readable PNG or JPEG picture. Save it again, or choose another."};
  Picture picture;
  int channels = 0;
  if (stbi_info_from_memory(data, int(bytes.size()), &picture.width, &picture.height, &channels) ==
      0)
    return damaged;
  if (picture.width > kernels::kMaxRasterSide || picture.height > kernels::kMaxRasterSide) {
    return Problem{Code::too_large, name + " has " + std::to_string(picture.width) + " x " +
                                        std::to_string(picture.height) + " pixels, the limit is " +
                                        std::to_string(kernels::kMaxRasterSide) +
                                        " a side. Make it smaller first."};
  }
  const std::unique_ptr<stbi_uc, void (*)(void*)> rgba(
      stbi_load_from_memory(data, int(bytes.size()), &picture.width, &picture.height, &channels, 4),
      stbi_image_free);
  if (!rgba) return damaged;
  const std::size_t count = std::size_t(picture.width) * std::size_t(picture.height);
  picture.grey = grey_of({rgba.get(), 4 * count});
  return picture;
}

}  // namespace engine::cli
