#include "ui/app/items.hpp"

#include <algorithm>
#include <cstdarg>

#include "imgui_internal.h"
#include "nlohmann/json.hpp"

namespace ui {
namespace {

ItemCollector* collector(const ImGuiContext* context) {
  return context ? static_cast<ItemCollector*>(context->IO.UserData) : nullptr;
}

std::string_view role_of(ImGuiItemStatusFlags flags) {
  if (flags & ImGuiItemStatusFlags_Checkable) return "checkbox";
  if (flags & ImGuiItemStatusFlags_Inputable) return "textbox";
  if (flags & ImGuiItemStatusFlags_Openable) return "disclosure";
  return "button";
}

}  // namespace

std::string_view visible_part(std::string_view label) { return label.substr(0, label.find("##")); }

void ItemCollector::attach(ImGuiContext* context) {
  context->IO.UserData = this;
  context->TestEngineHookItems = true;
}

void ItemCollector::begin_frame() { items_.clear(); }

void ItemCollector::add(ImGuiID id, ImVec2 low, ImVec2 high, bool enabled) {
  if (high.x - low.x < 1 || high.y - low.y < 1) return;  // scrolled or clipped away
  items_.push_back({.id = id,
                    .label = {},
                    .role = {},
                    .value = {},
                    .low = low,
                    .high = high,
                    .enabled = enabled});
}

void ItemCollector::name(ImGuiID id, std::string_view label, std::string_view role,
                         std::string_view value, bool selected) {
  const auto item =
      std::find_if(items_.rbegin(), items_.rend(), [&](const Item& i) { return i.id == id; });
  if (item == items_.rend()) return;
  if (!label.empty()) item->label = visible_part(label);
  if (!role.empty()) item->role = role;
  if (!value.empty()) item->value = value;
  item->selected = item->selected || selected;
}

const Item* ItemCollector::find(std::string_view label) const {
  const auto item =
      std::find_if(items_.begin(), items_.end(), [&](const Item& i) { return i.label == label; });
  return item == items_.end() ? nullptr : &*item;
}

std::string ItemCollector::json() const {
  nlohmann::json list = nlohmann::json::array();
  for (const Item& item : items_) {
    if (item.label.empty()) continue;  // parts of a control, such as its drag handle
    list.push_back({{"id", item.id},
                    {"label", item.label},
                    {"role", item.role},
                    {"value", item.value},
                    {"enabled", item.enabled},
                    {"selected", item.selected},
                    {"x", item.low.x},
                    {"y", item.low.y},
                    {"width", item.high.x - item.low.x},
                    {"height", item.high.y - item.low.y}});
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void describe(std::string_view label, std::string_view role, std::string_view value,
              bool selected) {
  const ImGuiContext* context = ImGui::GetCurrentContext();
  if (ItemCollector* items = collector(context))
    items->name(ImGui::GetItemID(), label, role, value, selected);
}

}  // namespace ui

// What ImGui calls for each item when it is compiled with IMGUI_ENABLE_TEST_ENGINE (declared in
// imgui_internal.h).
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box,
                                 const ImGuiLastItemData* data) {
  ui::ItemCollector* items = ui::collector(context);
  if (!items || id == 0 || !context->CurrentWindow) return;
  ImRect seen = box;
  seen.ClipWithFull(context->CurrentWindow->ClipRect);
  const ImGuiItemFlags flags = data ? data->InFlags : context->CurrentItemFlags;
  items->add(id, seen.Min, seen.Max, (flags & ImGuiItemFlags_Disabled) == 0);
}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags flags) {
  ui::ItemCollector* items = ui::collector(context);
  if (!items || !label || ImGui::FindWindowByName(label)) return;  // a region is no control
  const bool checked = (flags & ImGuiItemStatusFlags_Checked) != 0;
  const bool checkable = (flags & ImGuiItemStatusFlags_Checkable) != 0;
  items->name(id, label, ui::role_of(flags), checkable ? (checked ? "on" : "off") : "", checked);
}

void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}

const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) { return nullptr; }
