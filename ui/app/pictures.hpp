// Pictures on their way to the paper: from a file's pixels, and from strokes to one raster.
#pragma once
#include <span>
#include <vector>

#include "ui/app/state.hpp"

namespace ui {

// RGBA to grey as core/grey.hpp has it. `rgba` holds 4 * width * height bytes; empty when it holds
// fewer.
std::vector<u8> grey_of(std::span<const u8> rgba, int width, int height);

// A picture of any size in the middle of the square paper, kCanvasSize^2, as large as fits; around
// it its ground goes on, with its light, so that the paper is read as the picture would be. Empty
// for a picture without pixels.
std::vector<u8> fit_to_paper(std::span<const u8> grey, int width, int height);

// The paper at size x size: the picture, then the strokes. For an exact image: its pixels,
// enlarged.
std::vector<u8> paper_of(const Drawing& drawing, int size);

}  // namespace ui
