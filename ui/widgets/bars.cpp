#include "ui/widgets/bars.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/app/state.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

constexpr float kRow = 28, kGapBeside = 12, kBarHeight = 10;

std::string figure_of(float probability, bool predicted) {
  return predicted ? percent(probability, 1) : "–";
}

void draw_row(ImDrawList* list, ImVec2 at, float height, const BarsLayout& columns,
              const char* name, float probability, bool predicted, bool best) {
  const look::Palette& colours = look::palette();
  const look::Fonts& fonts = look::fonts();
  const float middle = at.y + height / 2;
  ImFont* font = best ? fonts.strong : fonts.body;
  draw_text(list, font, {at.x, middle - measure(font, name).y / 2},
            best ? colours.text : colours.muted, name);

  const ImVec2 low{at.x + columns.bar_left, middle - kBarHeight / 2};
  const ImVec2 high{low.x + columns.bar_width, middle + kBarHeight / 2};
  list->AddRectFilled(low, high, look::blend(colours.raised, colours.text, 0.06f), kBarHeight / 2);
  const float filled = predicted ? std::clamp(probability, 0.0f, 1.0f) * columns.bar_width : 0;
  if (filled >= 0.5f) {
    const ImU32 colour = best ? colours.accent : look::blend(colours.raised, colours.muted, 0.7f);
    // Narrower than its own rounding it is cut, not stretched: lengths stay true.
    list->PushClipRect(low, {low.x + filled, high.y}, true);
    list->AddRectFilled(low, {low.x + std::max(filled, kBarHeight), high.y}, colour,
                        kBarHeight / 2);
    list->PopClipRect();
  }
  const std::string figure = figure_of(probability, predicted);
  const ImVec2 extent = measure(fonts.figures, figure);
  draw_text(list, fonts.figures, {at.x + columns.percent_right - extent.x, middle - extent.y / 2},
            best ? colours.text : colours.muted, figure);
}

}  // namespace

BarsLayout bars_layout(float width, float widest_name, float widest_percent) {
  BarsLayout out;
  out.bar_left = std::ceil(widest_name) + kGapBeside;
  out.bar_width =
      std::max(width - out.bar_left - kGapBeside - std::ceil(widest_percent), kLeastBar);
  out.percent_right = out.bar_left + out.bar_width + kGapBeside + std::ceil(widest_percent);
  return out;
}

void class_bars(std::span<const float> probabilities, int best, ImVec2 size) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (size.x <= 0) size.x = ImGui::GetContentRegionAvail().x;
  if (size.y <= 0) size.y = kRow * float(kClassNames.size());
  const ImVec2 at = window->DC.CursorPos;
  const ImRect box(at, {at.x + size.x, at.y + size.y});
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, window->GetID("Class probabilities"), nullptr, ImGuiItemFlags_NoNav))
    return;

  float widest = 0;
  for (const char* name : kClassNames)
    widest = std::max(widest, measure(look::fonts().strong, name).x);
  const BarsLayout columns =
      bars_layout(size.x, widest, measure(look::fonts().figures, "100.0 %").x);
  const float height = size.y / float(kClassNames.size());
  std::string spoken = best < 0 ? "nothing predicted" : "";
  for (std::size_t k = 0; k < kClassNames.size(); ++k) {
    const bool predicted = best >= 0 && k < probabilities.size();
    const float share = predicted ? probabilities[k] : 0;
    draw_row(window->DrawList, {at.x, at.y + height * float(k)}, height, columns, kClassNames[k],
             share, predicted, int(k) == best);
    if (predicted)
      spoken += (k ? ", " : "") + std::string(kClassNames[k]) + " " + figure_of(share, true);
  }
  describe("Class probabilities", "image", spoken);
}

}  // namespace ui
