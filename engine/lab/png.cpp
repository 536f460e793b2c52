#include "engine/lab/canvas.hpp"

// stb's code is not ours to warn about.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace engine::lab {

std::vector<std::byte> png(const Canvas& canvas) {
  std::vector<std::byte> bytes;
  const auto take = [](void* to, void* data, int size) {
    const auto* from = static_cast<const std::byte*>(data);
    auto* all = static_cast<std::vector<std::byte>*>(to);
    all->insert(all->end(), from, from + size);
  };
  stbi_write_png_to_func(take, &bytes, canvas.width(), canvas.height(), 3, canvas.rgb().data(),
                         canvas.width() * 3);
  return bytes;
}

}  // namespace engine::lab
