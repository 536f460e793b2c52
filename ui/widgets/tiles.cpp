#include "ui/widgets/tiles.hpp"

#include "ui/app/items.hpp"

namespace ui {

bool option_tile(const std::string& label, ImVec2 low, float side, bool selected) {
  ImGui::SetCursorScreenPos(low);
  const bool pressed = ImGui::InvisibleButton(label.c_str(), {side, side});
  describe(label, "option", selected ? "selected" : "", selected);
  return pressed || has_focus_ring();
}

void option_frame(ImVec2 low, float side, bool selected) {
  const look::Palette& colours = look::palette();
  const ImVec2 high{low.x + side, low.y + side};
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (selected) {
    list->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2}, colours.accent, 4, 0, 2);
  } else if (ImGui::IsItemHovered()) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    list->AddRect({low.x - 1, low.y - 1}, {high.x + 1, high.y + 1}, colours.muted, 3, 0, 1);
  }
}

}  // namespace ui
