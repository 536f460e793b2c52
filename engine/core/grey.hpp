// Colour pictures as grey ones: the same for the page's files and for those of the command line.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine {

// RGBA, 8 bits each and not premultiplied, to luma: (299 R + 587 G + 114 B) / 1000, rounded (ITU-R
// BT.601). Where it is transparent the ground shows: white, or black when what is opaque is light
// on average (white strokes on a transparent ground). rgba.size() / 4 values, 0..255.
std::vector<u8> grey_of(std::span<const u8> rgba);

}  // namespace engine
