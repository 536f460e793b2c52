#include "ui/panels/toasts.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "imgui_internal.h"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

void draw_toasts(const Model& model, f32 bottom, Actions& out) {
  const look::Palette& p = look::palette();
  const f32 screen = ImGui::GetIO().DisplaySize.x, width = std::min(460.0f, screen - 24);
  f32 y = bottom - 12;
  for (std::size_t i = model.toasts.size(); i-- > 0;) {
    const Toast& toast = model.toasts[i];
    const ImU32 colour = toast.kind == Toast::Kind::bad    ? p.bad
                         : toast.kind == Toast::Kind::good ? p.good
                                                           : p.accent;
    const look::Icon& icon = toast.kind == Toast::Kind::bad    ? look::kIconWarning
                             : toast.kind == Toast::Kind::good ? look::kIconCheck
                                                               : look::kIconInfo;
    ImFont* font = look::fonts().body;
    const f32 room = width - 88, size = font->FontSize * ImGui::GetIO().FontGlobalScale;
    const char *begin = toast.text.data(), *end = begin + toast.text.size();
    const f32 height =
        std::max(44.0f, std::ceil(font->CalcTextSizeA(size, 1e9f, room, begin, end).y) + 24);
    y -= height;
    ImGui::SetNextWindowPos({std::floor((screen - width) / 2), y});
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, p.surface);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2{32, 32});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{0, 0});
    const std::string name = "toast" + std::to_string(i);
    ImGui::Begin(name.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_NoNav);
    ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    const ImVec2 at = ImGui::GetWindowPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_text(list, font, {at.x + 16, at.y + 12}, colour, icon.text);
    list->AddText(font, size, {at.x + 42, at.y + 12}, p.text, begin, end, room);
    if (i == 0) {  // the oldest; a cursor that is moved must be followed by an item
      const f32 side = control_height();
      ImGui::SetCursorScreenPos(
          {at.x + width - side - 6, at.y + std::floor((std::min(height, 60.0f) - side) / 2)});
      if (icon_button("Dismiss", look::kIconClose)) out.push_back(Dismiss{});
    }
    ImGui::End();
    ImGui::PopStyleVar(3);
    ImGui::PopStyleColor();
    y -= 8;
  }
}

}  // namespace ui
