// Small matrices as coloured triangles of a draw list: no textures, so nothing is lost with the
// graphics context and tests need no renderer. A draw list holds fewer than 65,536 vertices (16-bit
// indices); the costs are stated beside each function so that a panel can stay below that.
#pragma once
#include <span>
#include <string_view>

#include "engine/core/types.hpp"
#include "imgui.h"

namespace ui {

using ColourMap = ImU32 (*)(float);  // look::sequential for 0..1, look::diverging for -1..1

// Values x scale through `map`, one flat cell for each, row 0 on top. Neighbours of the same colour
// in a row are drawn as one. At most 4 vertices a cell; for up to some hundred cells.
void draw_cells(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const engine::f32> values,
                int width, int height, ColourMap map, float scale = 1);

// The same with colours running smoothly between the cells' centres: one vertex a cell, 784 for a
// 28x28 image.
void draw_smooth(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const engine::f32> values,
                 int width, int height, ColourMap map, float scale = 1);
void draw_smooth(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const engine::u8> grey,
                 int width, int height);

// Values of either sign x scale, with look::diverging: flat cells up to kMostCells a side, smooth
// above.
inline constexpr int kMostCells = 15;
void draw_signed(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const engine::f32> values,
                 int width, int height, float scale);

// Takes the place of a picture of `size` at the cursor, named for tests and screen readers; it
// claims no press, so that a finger on it still scrolls. False: it is not visible, nothing need be
// drawn.
bool image_item(const char* label, ImVec2 size, std::string_view value = {});

// The largest magnitude, for a scale shared by several matrices; values that are not finite do not
// count. 0 for none.
float largest_magnitude(std::span<const engine::f32> values);

// A grid of equal square tiles in a given width: as many columns as fit with tiles of at least
// `least` pixels, then the tiles grow to fill the width, at most to `most`.
struct TileGrid {
  int columns = 1;
  float side = 0, gap = 0;
  ImVec2 at(ImVec2 origin, int index) const {
    const float step = side + gap;
    const int column = index % columns, row = index / columns;
    return {origin.x + step * float(column), origin.y + step * float(row)};
  }
  float height(int count) const {
    const int rows = (count + columns - 1) / columns;
    return rows > 0 ? float(rows) * (side + gap) - gap : 0;
  }
};
TileGrid tile_grid(float width, int count, float least, float most, float gap);

}  // namespace ui
