// Runs one panel without a screen: the driver of tests/support inside a window that is high enough
// for nothing to be scrolled away, the actions the panel asked for, and drags that can be watched
// while they last.
#pragma once
#include <algorithm>
#include <functional>
#include <string_view>

#include "tests/support/ui_driver.hpp"
#include "ui/app/actions.hpp"

namespace test {

class PanelDriver {
 public:
  using Draw = std::function<void(ui::Actions&)>;
  PanelDriver(float width, Draw draw, float height = 4000) : ui_({width, height}) {
    ui_.show([this, draw = std::move(draw)] { draw(actions); });
    frames(4);  // cards take their height from the frame before
    actions.clear();
  }
  PanelDriver(const PanelDriver&) = delete;
  PanelDriver& operator=(const PanelDriver&) = delete;

  ui::Actions actions;  // of all frames since it was last cleared

  void frames(int count) { ui_.frame(count); }
  const ui::Item* find(std::string_view label) const { return ui_.find(label); }
  bool click(std::string_view label) { return ui_.click(label); }

  // A click in three parts. False: there is no such control, or it is disabled.
  bool press(std::string_view label) {
    const ui::Item* item = find(label);
    if (!item || !item->enabled) return false;
    move({(item->low.x + item->high.x) / 2, (item->low.y + item->high.y) / 2});
    ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    frames(1);
    return true;
  }
  void drag_by(ImVec2 delta) {
    const ImVec2 from = at_;
    for (int i = 1; i <= 8; ++i) {
      const float part = float(i) / 8;
      move({from.x + delta.x * part, from.y + delta.y * part});
    }
  }
  void release() {
    ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, false);
    frames(2);
  }
  void key(ImGuiKey key, bool shift = false) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, shift);
    ui_.key(key);
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
    frames(2);
  }

  // Vertices of the largest draw list of the last frame; 65,536 are too many.
  int most_vertices() const {
    int most = 0;
    const ImDrawData* data = ImGui::GetDrawData();
    for (int i = 0; i < data->CmdListsCount; ++i)
      most = std::max(most, data->CmdLists[i]->VtxBuffer.Size);
    return most;
  }

  template <class T>
  int count() const {
    return int(std::count_if(actions.begin(), actions.end(),
                             [](const ui::Action& a) { return std::holds_alternative<T>(a); }));
  }
  // The only action of type T since the last clear; null when there is none or more than one.
  template <class T>
  const T* only() const {
    if (count<T>() != 1) return nullptr;
    for (const ui::Action& action : actions) {
      if (const T* match = std::get_if<T>(&action)) return match;
    }
    return nullptr;
  }

 private:
  void move(ImVec2 to) {
    at_ = to;
    ImGui::GetIO().AddMousePosEvent(to.x, to.y);
    frames(1);
  }

  UiDriver ui_;
  ImVec2 at_{};
};

}  // namespace test
