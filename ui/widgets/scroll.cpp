#include "ui/widgets/scroll.hpp"

#include <cmath>

#include "imgui_internal.h"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {
namespace {

// Kept in ImGui's own storage of the window that scrolls.
constexpr ImGuiID kDragging = 0x5c011d1, kVelocity = 0x5c011d2, kMovedFrame = 0x5c011d3,
                  kKeeper = 0x5c011d4;
constexpr float kSlop = 10;         // pixels before a touch is a drag
constexpr float kStopsAt = 20;      // pixels a second
constexpr float kHalfLife = 0.25f;  // seconds in which the speed halves

// What was pressed gives way to scrolling, except what asked to keep the finger and a text that is
// being edited.
bool may_take_over(const ImGuiContext& g) {
  if (g.ActiveId == 0) return true;
  const ImGuiWindow* owner = g.ActiveIdWindow;
  const bool kept = owner && owner->StateStorage.GetInt(kKeeper) == static_cast<int>(g.ActiveId);
  return !kept && g.ActiveId != g.TempInputId;
}

void drag(ImGuiWindow* window, ImGuiStorage& storage, const ImGuiIO& io) {
  ImGui::SetScrollY(window, window->Scroll.y - io.MouseDelta.y);
  const float dt = io.DeltaTime > 0.001f ? io.DeltaTime : 0.001f;
  const float before = storage.GetFloat(kVelocity);
  storage.SetFloat(kVelocity, before + 0.4f * (-io.MouseDelta.y / dt - before));
  storage.SetInt(kMovedFrame, ImGui::GetFrameCount());
}

void run_on(ImGuiWindow* window, ImGuiStorage& storage, const ImGuiIO& io) {
  const float speed = storage.GetFloat(kVelocity);
  if (speed == 0) return;
  if (look::reduced_motion() || std::fabs(speed) < kStopsAt || window->ScrollMax.y <= 0) {
    storage.SetFloat(kVelocity, 0);
    return;
  }
  ImGui::SetScrollY(window, window->Scroll.y + speed * io.DeltaTime);
  storage.SetFloat(kVelocity, speed * std::exp2(-io.DeltaTime / kHalfLife));
}

}  // namespace

void scroll_by_finger() {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* window = g.CurrentWindow;
  ImGuiStorage& storage = window->StateStorage;
  const ImGuiIO& io = g.IO;
  const bool finger = io.MouseDown[0] && io.MouseSource == ImGuiMouseSource_TouchScreen;
  if (!finger) {
    storage.SetInt(kDragging, 0);
    run_on(window, storage, io);
    return;
  }
  if (storage.GetInt(kDragging)) return drag(window, storage, io);
  storage.SetFloat(kVelocity, 0);
  const ImVec2 from = io.MouseClickedPos[0];
  const bool inside = window->InnerClipRect.Contains(from) &&
                      ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows |
                                             ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  const float dx = std::fabs(io.MousePos.x - from.x), dy = std::fabs(io.MousePos.y - from.y);
  if (!inside || window->ScrollMax.y <= 0 || dy < kSlop || dy < 1.5f * dx || !may_take_over(g))
    return;
  ImGui::ClearActiveID();
  storage.SetInt(kDragging, 1);
  drag(window, storage, io);
}

bool finger_scrolls() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  for (ImGuiWindow* window = g.CurrentWindow; window; window = window->ParentWindow) {
    const int moved = window->StateStorage.GetInt(kMovedFrame, -1000);
    if (ImGui::GetFrameCount() - moved <= 2) return true;
  }
  return false;
}

void keep_finger() {
  ImGui::GetCurrentWindow()->StateStorage.SetInt(kKeeper, static_cast<int>(ImGui::GetItemID()));
}

bool scroll_is_moving() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  for (ImGuiWindow* window : g.Windows) {
    if (window->Active && window->StateStorage.GetFloat(kVelocity) != 0) return true;
  }
  return false;
}

}  // namespace ui
