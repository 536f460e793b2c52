// PNG and JPEG files as grey rasters.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::cli {

struct Picture {
  int width = 0, height = 0;
  std::vector<u8> grey;  // (height, width)
};

bool is_picture(std::span<const std::byte> bytes);  // begins as PNG or JPEG files do

inline constexpr u64 kMaxPicturePixels = 100'000'000;

// Grey as core/grey.hpp has it, mirrored and turned as a JPEG's EXIF says, as browsers do with the
// page's pictures; halved until no side is above kernels::kMaxRasterSide. Code::bad_file, too_large
// above `most_pixels`; `name` stands in the sentences.
Result<Picture> decode_picture(std::span<const std::byte> bytes, const std::string& name,
                               u64 most_pixels = kMaxPicturePixels);

}  // namespace engine::cli
