// PNG's row filters (ISO/IEC 15948, section 9) for 8-bit images: differences to the neighbours
// compress better than the pixels themselves.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::data {

// Bytes of one image (h, w): for each row its filter, 0..4, then w differences modulo 256.
inline std::size_t packed_size(int h, int w) { return std::size_t(h) * (std::size_t(w) + 1); }

// Appends one image. Each row takes the filter with the smallest sum of absolute differences, the
// first of equals.
void filter(std::span<const u8> image, int h, int w, std::vector<u8>& packed);

// The inverse; false when a filter is not one of the five. packed.size() == packed_size(h, w),
// image.size() == h w.
bool unfilter(std::span<const u8> packed, int h, int w, std::span<u8> image);

}  // namespace engine::data
