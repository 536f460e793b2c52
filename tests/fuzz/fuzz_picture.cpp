// Any bytes as a picture file, through the preprocessing. A few bytes may claim millions of pixels,
// and a second's work for them finds nothing new: only some sizes of files may.
#include <array>

#include "engine/cli/picture.hpp"
#include "engine/core/check.hpp"
#include "engine/kernels/image.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  constexpr engine::u64 kFewPixels = 1 << 14;
  const engine::u64 most = size % 32 == 0 ? engine::cli::kMaxPicturePixels : kFewPixels;
  const auto picture = engine::cli::decode_picture(bytes, "picture", most);
  if (!picture.ok()) return 0;
  ENSURE(picture->grey.size() == std::size_t(picture->width) * std::size_t(picture->height),
         "a value for each pixel");
  std::array<engine::f32, 784> seen;
  engine::kernels::preprocess_image({picture->grey.data(), picture->width, picture->height}, seen);
  for (const engine::f32 value : seen) ENSURE(value >= 0 && value <= 1, "a pixel from 0 to 1");
  return 0;
}
