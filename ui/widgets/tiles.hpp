// What the panels that look inside have in common: a grid of tiles to choose from, and what there
// is to know of the chosen one.
#pragma once
#include <string>

#include "imgui.h"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/layer_card.hpp"

namespace ui {

// Two columns from 640 px on, each of which scrolls by itself; in less room one below the other,
// and both scroll together. `id` tells panels apart.
template <class Overview, class Details>
void beside(const char* id, const Overview& overview, const Details& details) {
  constexpr float kTwoColumns = 640, kSide = 320, kBetween = 16;
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::PushID(id);
  if (width < kTwoColumns) {
    if (begin_scroll("both")) {
      overview();
      details();
      gap(look::kPad);
    }
    end_scroll();
  } else {
    if (begin_column("overview", width - kSide - kBetween)) overview();
    end_column();
    ImGui::SameLine(0, kBetween);
    if (begin_column("details", kSide)) details();
    end_column();
  }
  ImGui::PopID();
}

// A grid of `count` tiles over the width that is left, in as many columns as suit `most` of them.
// draw(index, low, side) makes one, and may leave the cursor anywhere.
template <class Draw>
void draw_tiles(int count, int most, const Draw& draw) {
  constexpr float kLeastTile = 56, kMostTile = 88;
  const float width = ImGui::GetContentRegionAvail().x;
  const TileGrid grid = tile_grid(width, most, kLeastTile, kMostTile, look::kGap);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  for (int i = 0; i < count; ++i) draw(i, grid.at(low, i), grid.side);
  ImGui::SetCursorScreenPos(low);
  ImGui::Dummy({width, grid.height(count)});
}

// One of several tiles, still without its picture. True: it is chosen, by a press or by the
// keyboard's focus.
bool option_tile(const std::string& label, ImVec2 low, float side, bool selected);
// Its frame, when it is selected or under the pointer. Call while it is the last item, after its
// picture.
void option_frame(ImVec2 low, float side, bool selected);

}  // namespace ui
