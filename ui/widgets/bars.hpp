// The ten class probabilities as bars, in the order of the classes so that nothing jumps about
// while drawing.
#pragma once
#include <span>

#include "imgui.h"

namespace ui {

// Columns of one row: name, bar, per cent. Names and figures are never cut; the bar takes what is
// left, at least kLeastBar, for which the row may grow wider than asked.
struct BarsLayout {
  float bar_left = 0, bar_width = 0;  // from the row's left edge
  float percent_right = 0;            // figures end here
};
inline constexpr float kLeastBar = 40;
BarsLayout bars_layout(float width, float widest_name, float widest_percent);

// `best` is emphasised; -1: nothing was predicted, the bars are empty and the figures are dashes.
// size.x 0: the width that is left; size.y 0: ten rows of 28 px.
void class_bars(std::span<const float> probabilities, int best, ImVec2 size);

}  // namespace ui
