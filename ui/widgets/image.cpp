#include "ui/widgets/image.hpp"

#include <algorithm>
#include <cmath>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"

namespace ui {
namespace {

using engine::f32;
using engine::u8;

bool fits(std::size_t values, int width, int height) {
  return width > 0 && height > 0 && values >= std::size_t(width) * std::size_t(height);
}

// A mesh of width x height vertices, the outer ones on the border: less than half a cell of
// stretch.
template <class Colour>
void draw_mesh(ImDrawList* list, ImVec2 low, ImVec2 high, int width, int height,
               const Colour& colour_at) {
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list->PrimReserve((width - 1) * (height - 1) * 6, width * height);
  const unsigned first = list->_VtxCurrentIdx;
  for (int row = 0; row < height; ++row) {
    const float y = low.y + (high.y - low.y) * float(row) / float(height - 1);
    for (int column = 0; column < width; ++column) {
      const float x = low.x + (high.x - low.x) * float(column) / float(width - 1);
      list->PrimWriteVtx({x, y}, white, colour_at(row * width + column));
    }
  }
  for (int row = 0; row + 1 < height; ++row) {
    for (int column = 0; column + 1 < width; ++column) {
      const unsigned a = first + unsigned(row * width + column), b = a + 1, c = a + unsigned(width),
                     d = c + 1;
      for (const unsigned vertex : {a, b, d, a, d, c}) list->PrimWriteIdx(ImDrawIdx(vertex));
    }
  }
}

}  // namespace

void draw_cells(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const f32> values, int width,
                int height, ColourMap map, float scale) {
  if (!fits(values.size(), width, height)) return;
  const auto x_of = [&](int column) {
    return low.x + (high.x - low.x) * float(column) / float(width);
  };
  const auto y_of = [&](int row) { return low.y + (high.y - low.y) * float(row) / float(height); };
  for (int row = 0; row < height; ++row) {
    const f32* line = values.data() + std::size_t(row) * std::size_t(width);
    for (int begin = 0, end; begin < width; begin = end) {
      const ImU32 colour = map(line[begin] * scale);
      for (end = begin + 1; end < width && map(line[end] * scale) == colour;) ++end;
      list->AddRectFilled({x_of(begin), y_of(row)}, {x_of(end), y_of(row + 1)}, colour);
    }
  }
}

void draw_smooth(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const f32> values, int width,
                 int height, ColourMap map, float scale) {
  if (!fits(values.size(), width, height)) return;
  if (width < 2 || height < 2)
    return draw_cells(list, low, high, values, width, height, map, scale);
  draw_mesh(list, low, high, width, height,
            [&](int i) { return map(values[std::size_t(i)] * scale); });
}

void draw_smooth(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const u8> grey, int width,
                 int height) {
  if (!fits(grey.size(), width, height) || width < 2 || height < 2) return;
  draw_mesh(list, low, high, width, height,
            [&](int i) { return look::sequential(f32(grey[std::size_t(i)]) / 255); });
}

void draw_signed(ImDrawList* list, ImVec2 low, ImVec2 high, std::span<const f32> values, int width,
                 int height, float scale) {
  if (std::max(width, height) <= kMostCells) {
    draw_cells(list, low, high, values, width, height, look::diverging, scale);
  } else {
    draw_smooth(list, low, high, values, width, height, look::diverging, scale);
  }
}

bool image_item(const char* label, ImVec2 size, std::string_view value) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImVec2 low = window->DC.CursorPos;
  const ImRect box(low, {low.x + size.x, low.y + size.y});
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, window->GetID(label), nullptr, ImGuiItemFlags_NoNav)) return false;
  describe(label, "image", value);
  return true;
}

float largest_magnitude(std::span<const f32> values) {
  float largest = 0;
  for (const f32 value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

TileGrid tile_grid(float width, int count, float least, float most, float gap) {
  TileGrid grid{.gap = gap};
  grid.columns = std::clamp(int((width + gap) / (least + gap)), 1, std::max(count, 1));
  const float fitting = (width - gap * float(grid.columns - 1)) / float(grid.columns);
  grid.side = std::floor(std::clamp(fitting, 1.0f, most));
  return grid;
}

}  // namespace ui
