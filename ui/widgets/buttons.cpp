// Buttons, segmented choices and tabs of controls.hpp.
#include <algorithm>
#include <cmath>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {
namespace {

using look::blend;
using look::dim_unless;
using look::palette;

struct Colours {
  ImU32 fill = 0, line = 0, text = 0;
};

Colours colours_of(Emphasis emphasis, bool selected, bool hovered, bool held) {
  const look::Palette& p = palette();
  const float press = held ? 0.14f : hovered ? 0.07f : 0.0f;
  if (selected) return {blend(p.accent_soft, p.text, press), 0, p.accent};
  switch (emphasis) {
    case Emphasis::primary:
      return {blend(p.accent, p.text, press * 1.6f), 0, p.accent_text};
    case Emphasis::secondary:
      return {blend(p.surface, p.text, press), p.line, p.text};
    case Emphasis::danger:
      return {blend(p.surface, p.bad, press * 1.6f), p.bad, p.bad};
    case Emphasis::quiet:
      break;
  }
  return {press > 0 ? look::with_alpha(p.text, press + 0.01f) : 0, 0, p.text};
}

void paint(ImVec2 low, ImVec2 high, const Colours& c, float radius) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (c.fill) list->AddRectFilled(low, high, c.fill, radius);
  if (c.line) list->AddRect(low, high, c.line, radius, 0, look::kHairline);
}

void centre_icon(const look::Icon& icon, ImVec2 low, ImVec2 high, ImU32 colour, ImFont* font) {
  const ImVec2 size = measure(font, icon.text);
  draw_text(ImGui::GetWindowDrawList(), font,
            {std::floor((low.x + high.x - size.x) / 2), std::floor((low.y + high.y - size.y) / 2)},
            colour, icon.text);
}

}  // namespace

bool button(const char* label, const ButtonLook& look) {
  const look::Fonts& fonts = look::fonts();
  const std::string_view text = visible_part(label);
  ImFont* font = look.small                           ? fonts.small
                 : look.emphasis == Emphasis::primary ? fonts.strong
                                                      : fonts.body;
  const ImVec2 text_size = measure(font, text);
  const ImVec2 icon_size = look.icon ? measure(font, look.icon->text) : ImVec2{};
  const float between = look.icon && !text.empty() ? look::kGap : 0.0f;
  const float content = icon_size.x + between + text_size.x;
  const float height = look.small && !look::coarse_pointer() ? 28.0f : control_height();
  float width = look.width > 0 ? look.width : std::ceil(content) + (look.small ? 20.0f : 32.0f);
  if (look.width < 0) width = std::max(width, ImGui::GetContentRegionAvail().x);

  ImGui::BeginDisabled(!look.enabled);
  const bool clicked = ImGui::InvisibleButton(label, {width, height});
  describe(text, "button");
  ImGui::EndDisabled();
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  Colours c = colours_of(look.emphasis, false, ImGui::IsItemHovered(), ImGui::IsItemActive());
  for (ImU32* colour : {&c.fill, &c.line, &c.text}) *colour = dim_unless(*colour, look.enabled);
  paint(low, high, c, 8);
  ImDrawList* list = ImGui::GetWindowDrawList();
  float x = std::floor(low.x + std::max(8.0f, (width - content) / 2));
  if (look.icon) {
    draw_text(list, font, {x, std::floor(low.y + (height - icon_size.y) / 2)}, c.text,
              look.icon->text);
    x += icon_size.x + between;
  }
  draw_text(list, font, {x, std::floor(low.y + (height - text_size.y) / 2)}, c.text, text,
            high.x - x - 6);
  focus_ring(low, high, 8);
  if (look.help) tooltip(look.help);
  return clicked && look.enabled;
}

bool icon_button(const char* label, const look::Icon& icon, const IconLook& look) {
  const float side = look.side > 0 ? look.side : control_height();
  ImGui::BeginDisabled(!look.enabled);
  const bool clicked = ImGui::InvisibleButton(label, {side, side});
  describe(visible_part(label), "button", {}, look.selected);
  ImGui::EndDisabled();
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  Colours c =
      colours_of(look.emphasis, look.selected, ImGui::IsItemHovered(), ImGui::IsItemActive());
  if (look.emphasis == Emphasis::quiet && !look.selected && !ImGui::IsItemHovered())
    c.text = palette().muted;
  for (ImU32* colour : {&c.fill, &c.line, &c.text}) *colour = dim_unless(*colour, look.enabled);
  paint(low, high, c, 8);
  centre_icon(icon, low, high, c.text, look::fonts().body);
  focus_ring(low, high, 8);
  std::string tip(visible_part(label));
  if (look.help) tip += std::string("\n") + look.help;
  tooltip(tip.c_str());
  return clicked && look.enabled;
}

std::optional<int> segmented(const char* label, std::span<const char* const> choices, int selected,
                             float width) {
  const look::Palette& p = palette();
  ImFont* font = look::fonts().body;
  const auto count = static_cast<float>(choices.size());
  float widest = 0;
  for (const char* choice : choices) widest = std::max(widest, measure(font, choice).x);
  const float total = width > 0   ? width
                      : width < 0 ? ImGui::GetContentRegionAvail().x
                                  : (widest + 28) * count + 6;
  const float height = control_height();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + total, at.y + height}, p.raised, 9);
  std::optional<int> chosen;
  ImGui::PushID(label);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, look::kGap});
  const float part = std::floor(total / std::max(count, 1.0f));
  for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
    const char* choice = choices[static_cast<std::size_t>(i)];
    if (i > 0) ImGui::SameLine();
    if (ImGui::InvisibleButton(choice, {part, height}) && i != selected) chosen = i;
    describe(choice, "tab", i == selected ? "selected" : "", i == selected);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const bool hovered = ImGui::IsItemHovered();
    if (i == selected) {
      list->AddRectFilled({low.x + 3, low.y + 3}, {high.x - 3, high.y - 3}, p.surface, 7);
      list->AddRect({low.x + 3, low.y + 3}, {high.x - 3, high.y - 3}, p.line, 7);
    }
    const ImVec2 size = measure(font, choice);
    const float x = std::floor(low.x + std::max(4.0f, (part - size.x) / 2));
    draw_text(list, font, {x, std::floor(low.y + (height - size.y) / 2)},
              i == selected || hovered ? p.text : p.muted, choice, high.x - x - 4);
    focus_ring(low, high, 8);
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  return chosen;
}

std::optional<int> tabs(const char* label, std::span<const char* const> choices, int selected) {
  const look::Palette& p = palette();
  ImFont* font = look::fonts().strong;
  const float height = std::max(44.0f, control_height());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float total = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({at.x, at.y + height - 0.5f}, {at.x + total, at.y + height - 0.5f}, p.line);
  std::optional<int> chosen;
  ImGui::PushID(label);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{4, look::kGap});
  for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
    const char* choice = choices[static_cast<std::size_t>(i)];
    if (i > 0) ImGui::SameLine();
    const ImVec2 size = measure(font, choice);
    if (ImGui::InvisibleButton(choice, {std::ceil(size.x) + 32, height}) && i != selected)
      chosen = i;
    describe(choice, "tab", i == selected ? "selected" : "", i == selected);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const ImU32 colour = i == selected            ? p.text
                         : ImGui::IsItemHovered() ? blend(p.muted, p.text, 0.6f)
                                                  : p.muted;
    draw_text(list, font, {low.x + 16, std::floor(low.y + (height - size.y) / 2)}, colour, choice);
    if (i == selected)
      list->AddRectFilled({low.x + 12, high.y - 2.5f}, {high.x - 12, high.y}, p.accent, 1.5f);
    focus_ring(low, {high.x, high.y - 4}, 8);
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  return chosen;
}

}  // namespace ui
