// The rows of controls.hpp: sliders, steppers, choices, switches, values.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/scroll.hpp"

namespace ui {
namespace {

using look::dim_unless;
using look::palette;

constexpr std::size_t kLongestValue = 32;

std::string shown(float value, const char* format) {
  char text[kLongestValue];
  std::snprintf(text, sizeof text, format, static_cast<double>(value));
  return text;
}

float snapped(float value, float low, float high, const SliderLook& look) {
  if (look.step > 0) value = std::round(value / look.step) * look.step;
  if (look.integer) value = std::round(value);
  if (look.logarithmic && value > 0) {  // to three digits, as it is shown
    const float digit = std::pow(10.0f, std::floor(std::log10(value)) - 2);
    value = std::round(value / digit) * digit;
  }
  return std::clamp(value, low, high);
}

// The track with its filled part and the knob.
void paint_slider(const ImRect& track, const ImRect& grab, bool hovered, bool held, bool enabled) {
  const look::Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float y = std::floor(track.GetCenter().y), x = grab.GetCenter().x;
  list->AddRectFilled({track.Min.x, y - 2}, {track.Max.x, y + 2},
                      look::blend(p.raised, p.text, 0.12f), 2);
  list->AddRectFilled({track.Min.x, y - 2}, {x, y + 2}, dim_unless(p.accent, enabled), 2);
  if (held) list->AddCircleFilled({x, y}, 13, look::with_alpha(p.accent, 0.22f));
  list->AddCircleFilled({x, y}, hovered || held ? 8.5f : 8.0f, dim_unless(p.accent, enabled));
  list->AddCircleFilled({x, y}, 3.5f, p.surface);
}

// Reports an edit once, when it ends; nothing when a finger turned out to scroll.
std::optional<float> settle(Editing& editing, ImGuiID id, float value, float before) {
  if (ImGui::GetActiveID() == id || ImGui::TempInputIsActive(id)) {
    editing = {id, value};
    return std::nullopt;
  }
  if (editing.id != id) return std::nullopt;
  editing.id = 0;
  if (finger_scrolls() || value == before) return std::nullopt;
  return value;
}

}  // namespace

std::optional<float> slider_row(const char* label, float value, float low, float high,
                                Editing& editing, const SliderLook& look) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems) return std::nullopt;
  const look::Palette& p = palette();
  const ImGuiID id = window->GetID(label);
  float now = editing.id == id ? editing.value : value;
  const float width = std::max(80.0f, ImGui::GetContentRegionAvail().x), line = 20;
  const float thumb = look::coarse_pointer() ? 32.0f : 24.0f;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImRect box(at, {at.x + width, at.y + line + thumb});
  const ImRect track({at.x + 2, at.y + line}, {at.x + width - 2, at.y + line + thumb});
  ImGui::BeginDisabled(!look.enabled);
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_Inputable)) {
    ImGui::EndDisabled();
    return std::nullopt;
  }
  ImGuiContext& g = *ImGui::GetCurrentContext();
  const bool hovered = ImGui::ItemHoverable(box, id, g.LastItemData.InFlags);
  const bool typing = ImGui::TempInputIsActive(id);
  const bool clicked = hovered && ImGui::IsMouseClicked(0, id);
  const bool type_now =
      (clicked && (g.IO.KeyCtrl || g.IO.MouseClickedCount[0] == 2)) ||
      (g.NavActivateId == id && (g.NavActivateFlags & ImGuiActivateFlags_PreferInput));
  if (look.enabled && (typing || type_now)) {
    ImGui::TempInputScalar(track, id, label, ImGuiDataType_Float, &now, look.format);
    now = std::clamp(now, low, high);
  } else {
    if (look.enabled && (clicked || g.NavActivateId == id)) {
      if (clicked) ImGui::SetKeyOwner(ImGuiKey_MouseLeft, id);
      ImGui::SetActiveID(id, window);
      ImGui::SetFocusID(id, window);
      ImGui::FocusWindow(window);
      g.ActiveIdUsingNavDirMask |= (1 << ImGuiDir_Left) | (1 << ImGuiDir_Right);
    }
    ImRect grab;
    const ImGuiSliderFlags flags =
        ImGuiSliderFlags_NoRoundToFormat |
        (look.logarithmic ? ImGuiSliderFlags_Logarithmic : ImGuiSliderFlags_None);
    ImGui::SliderBehavior(track, id, ImGuiDataType_Float, &now, &low, &high, look.format, flags,
                          &grab);
    if (g.ActiveId == id) now = snapped(now, low, high, look);
    paint_slider(track, grab, hovered, g.ActiveId == id, look.enabled);
  }
  const std::string text = shown(now, look.format);
  describe(visible_part(label), "slider", text);
  ImGui::EndDisabled();
  const ImVec2 size = measure(look::fonts().figures, text);
  ImDrawList* list = window->DrawList;
  draw_text(list, look::fonts().body, at, dim_unless(p.text, look.enabled), visible_part(label),
            width - size.x - 12);
  draw_text(list, look::fonts().figures, {at.x + width - size.x, at.y + 2},
            dim_unless(p.muted, look.enabled), text);
  focus_ring(box.Min, box.Max, 6);
  if (look.help) tooltip(look.help);
  return settle(editing, id, now, value);
}

std::optional<int> stepper_row(const char* label, int value, int low, int high, Editing& editing,
                               const StepperLook& look) {
  const look::Palette& p = palette();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems) return std::nullopt;
  const float height = control_height(), width = ImGui::GetContentRegionAvail().x, number = 56;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float frame = 2 * height + number;
  draw_text(window->DrawList, look::fonts().body, {at.x, std::floor(at.y + (height - 18) / 2)},
            dim_unless(p.text, look.enabled), visible_part(label), width - frame - 8);
  const float x = at.x + std::max(0.0f, width - frame);
  window->DrawList->AddRectFilled({x, at.y}, {x + frame, at.y + height}, p.raised, 8);
  std::optional<int> changed;
  ImGui::PushID(label);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, look::kGap});
  ImGui::SetCursorScreenPos({x, at.y});
  const std::string name(visible_part(label));
  const std::string fewer = "Fewer " + name, more = "More " + name;
  if (icon_button(fewer.c_str(), look::kIconMinus,
                  {.help = look.help, .enabled = look.enabled && value > low})) {
    changed = std::max(low, value - look.step);
  }
  ImGui::SameLine();
  const ImGuiID id = window->GetID("value");
  const ImRect box(ImGui::GetCursorScreenPos(), {x + height + number, at.y + height});
  int now = editing.id == id ? static_cast<int>(editing.value) : value;
  ImGui::BeginDisabled(!look.enabled);
  if (ImGui::TempInputIsActive(id)) {
    ImGui::ItemSize(box);
    ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_Inputable);
    ImGui::TempInputScalar(box, id, "value", ImGuiDataType_S32, &now, "%d");
    now = std::clamp(now, low, high);
  } else if (ImGui::InvisibleButton("value", box.GetSize())) {
    ImGui::TempInputScalar(box, id, "value", ImGuiDataType_S32, &now, "%d");
  }
  const std::string text = std::to_string(now);
  describe(name, "textbox", text);
  ImGui::EndDisabled();
  if (!ImGui::TempInputIsActive(id)) {
    const ImVec2 size = measure(look::fonts().figures, text);
    draw_text(
        window->DrawList, look::fonts().figures,
        {std::floor(box.GetCenter().x - size.x / 2), std::floor(at.y + (height - size.y) / 2)},
        dim_unless(p.text, look.enabled), text);
  }
  focus_ring(box.Min, box.Max, 6);
  if (look.help) tooltip(look.help);
  ImGui::SameLine();
  if (icon_button(more.c_str(), look::kIconPlus,
                  {.help = look.help, .enabled = look.enabled && value < high})) {
    changed = std::min(high, value + look.step);
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  if (const auto typed = settle(editing, id, static_cast<float>(now), static_cast<float>(value))) {
    changed = static_cast<int>(*typed);
  }
  return changed;
}

namespace {

// The label beside it and, where there is room, its longest choice are read whole.
float choice_width(const char* label, std::span<const char* const> choices, float width) {
  float longest = 0;
  for (const char* choice : choices) longest = std::max(longest, ImGui::CalcTextSize(choice).x);
  const float usual = std::clamp(width * 0.55f, 120.0f, 260.0f);
  const float room = width - ImGui::CalcTextSize(label, nullptr, true).x - 12;
  return std::floor(std::max(usual, std::min(longest + 24 + control_height(), room)));
}

}  // namespace

std::optional<int> choice_row(const char* label, std::span<const char* const> choices, int selected,
                              const char* help, bool enabled) {
  const look::Palette& p = palette();
  const float width = ImGui::GetContentRegionAvail().x, height = control_height();
  const float frame = choice_width(label, choices, width);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(ImGui::GetWindowDrawList(), look::fonts().body,
            {at.x, std::floor(at.y + (height - 18) / 2)}, dim_unless(p.text, enabled),
            visible_part(label), width - frame - 8);
  ImGui::SetCursorScreenPos({at.x + std::max(0.0f, width - frame), at.y});
  ImGui::SetNextItemWidth(frame);
  const bool known = selected >= 0 && selected < static_cast<int>(choices.size());
  const char* preview = known ? choices[static_cast<std::size_t>(selected)] : "";
  std::optional<int> chosen;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      ImVec2{12, std::floor((height - ImGui::GetFontSize()) / 2)});
  ImGui::BeginDisabled(!enabled);
  ImGui::PushID(label);
  const bool open = ImGui::BeginCombo("##choice", preview, ImGuiComboFlags_HeightLarge);
  if (!open) {
    describe(visible_part(label), "combobox", preview);
    if (help) tooltip(help);
  } else {
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
      const char* choice = choices[static_cast<std::size_t>(i)];
      ImGui::PushStyleVar(ImGuiStyleVar_SelectableTextAlign, ImVec2{0, 0.5f});
      if (ImGui::Selectable(choice, i == selected, 0, {0, height - 4}) && i != selected) chosen = i;
      describe(choice, "option", {}, i == selected);
      ImGui::PopStyleVar();
      if (i == selected) ImGui::SetItemDefaultFocus();
    }
    ImGui::EndCombo();
  }
  ImGui::PopID();
  ImGui::EndDisabled();
  ImGui::PopStyleVar();
  return chosen;
}

std::optional<bool> switch_row(const char* label, bool on, const char* help, bool enabled) {
  const look::Palette& p = palette();
  const float width = ImGui::GetContentRegionAvail().x, height = control_height();
  ImGui::BeginDisabled(!enabled);
  const bool clicked = ImGui::InvisibleButton(label, {std::max(60.0f, width), height});
  describe(visible_part(label), "switch", on ? "on" : "off", on);
  ImGui::EndDisabled();
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_text(list, look::fonts().body, {low.x, std::floor(low.y + (height - 18) / 2)},
            dim_unless(p.text, enabled), visible_part(label), width - 52);
  const float y = std::floor((low.y + high.y) / 2), x = high.x - 38;
  const ImU32 ground =
      on ? p.accent : look::blend(p.raised, p.text, ImGui::IsItemHovered() ? 0.32f : 0.24f);
  list->AddRectFilled({x, y - 11}, {x + 38, y + 11}, dim_unless(ground, enabled), 11);
  list->AddCircleFilled({on ? x + 27 : x + 11, y}, 8, on ? p.accent_text : p.surface);
  focus_ring({low.x - 4, low.y}, {high.x + 4, high.y}, 8);
  if (help) tooltip(help);
  return clicked && enabled ? std::optional(!on) : std::nullopt;
}

void value_row(const char* label, const char* value, const char* help) {
  const look::Palette& p = palette();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = measure(look::fonts().figures, value);
  ImGui::Dummy({width, 24});
  draw_text(ImGui::GetWindowDrawList(), look::fonts().body, {at.x, at.y + 3}, p.muted, label,
            width - size.x - 12);
  draw_text(ImGui::GetWindowDrawList(), look::fonts().figures, {at.x + width - size.x, at.y + 4},
            p.text, value);
  if (help) tooltip(help);
}

}  // namespace ui
