// Text, containers and figures of controls.hpp.
#include "ui/widgets/controls.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/scroll.hpp"

namespace ui {
namespace {

using look::palette;

constexpr float kTooltipWidth = 300;

float pixels(const ImFont* font) { return font->FontSize * ImGui::GetIO().FontGlobalScale; }

void wrapped(ImFont* font, ImU32 colour, const char* text) {
  ImGui::PushFont(font);
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

// Centred lines, broken at words.
void centred(ImFont* font, ImU32 colour, const char* text, float width) {
  const float left = ImGui::GetCursorPosX();
  const float room = std::min(width, 340.0f);
  const char* end = text + std::char_traits<char>::length(text);
  const float scale = ImGui::GetIO().FontGlobalScale;
  for (const char* line = text; line < end;) {
    const char* stop = font->CalcWordWrapPositionA(scale, line, end, room);
    if (stop == line) ++stop;
    const std::string_view words(line, static_cast<std::size_t>(stop - line));
    const ImVec2 size = measure(font, words);
    ImGui::SetCursorPosX(left + std::floor((width - size.x) / 2));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({size.x, size.y + 1});
    draw_text(ImGui::GetWindowDrawList(), font, at, colour, words);
    line = stop;
    while (line < end && *line == ' ') ++line;
  }
  ImGui::SetCursorPosX(left);
}

}  // namespace

ImVec2 measure(ImFont* font, std::string_view text) {
  const ImVec2 size =
      font->CalcTextSizeA(pixels(font), 1e9f, 0, text.data(), text.data() + text.size());
  return {std::ceil(size.x), std::ceil(size.y)};
}

ImVec2 draw_text(ImDrawList* list, ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                 float width) {
  ImVec2 size = measure(font, text);
  if (size.x <= width) {
    list->AddText(font, pixels(font), at, colour, text.data(), text.data() + text.size());
    return size;
  }
  constexpr std::string_view kDots = "\u2026";
  const float room = width - measure(font, kDots).x;
  if (room <= 0) return {0, size.y};
  const char* stop = nullptr;
  font->CalcTextSizeA(pixels(font), room, 0, text.data(), text.data() + text.size(), &stop);
  std::string cut(text.substr(0, std::size_t(stop - text.data())));
  while (!cut.empty() && cut.back() == ' ') cut.pop_back();
  cut += kDots;
  list->AddText(font, pixels(font), at, colour, cut.data(), cut.data() + cut.size());
  return measure(font, cut);
}

void section_title(const char* text, const char* right) {
  const look::Palette& p = palette();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, 24});
  const float beside = right ? measure(look::fonts().small, right).x : 0;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_text(list, look::fonts().strong, {at.x, at.y + 2}, p.text, text, width - beside - 12);
  if (right)
    draw_text(list, look::fonts().small, {at.x + width - beside, at.y + 4}, p.muted, right);
}

void muted(const char* text) { wrapped(look::fonts().body, palette().muted, text); }
void muted_small(const char* text) { wrapped(look::fonts().small, palette().muted, text); }
void body(const char* text) { wrapped(look::fonts().body, palette().text, text); }

void empty_state(const look::Icon& icon, const char* title, const char* sentence) {
  const float width = ImGui::GetContentRegionAvail().x;
  gap(16);
  centred(look::fonts().title, palette().faint, icon.text, width);
  gap(4);
  centred(look::fonts().strong, palette().text, title, width);
  centred(look::fonts().body, palette().muted, sentence, width);
  gap(16);
}

void notice(const look::Icon& icon, const char* sentence, ImU32 colour) {
  const float width = ImGui::GetContentRegionAvail().x;
  const float room = width - 48;
  ImFont* font = look::fonts().body;
  const char* end = sentence + std::char_traits<char>::length(sentence);
  const ImVec2 text = font->CalcTextSizeA(pixels(font), 1e9f, room, sentence, end);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = std::ceil(text.y) + 20;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + height},
                      look::blend(palette().surface, colour, 0.12f), 8);
  draw_text(list, font, {at.x + 12, at.y + 10}, colour, icon.text);
  list->AddText(font, pixels(font), {at.x + 38, at.y + 10}, palette().text, sentence, end, room);
  ImGui::Dummy({width, height});
}

void tooltip(const char* text) {
  if (look::coarse_pointer() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{12, 8});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8);
  if (ImGui::BeginTooltip()) {
    ImGui::PushFont(look::fonts().small);
    ImGui::PushTextWrapPos(kTooltipWidth);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar(2);
}

void gap(float height) {
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
  ImGui::Dummy({0, height});
  ImGui::PopStyleVar();
}

void hairline() {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + look::kHairline},
                                            palette().line);
  ImGui::Dummy({width, look::kHairline});
}

bool begin_card(const char* id) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, palette().surface);
  const bool open = ImGui::BeginChild(
      id, {0, 0},
      ImGuiChildFlags_Border | ImGuiChildFlags_AlwaysUseWindowPadding | ImGuiChildFlags_AutoResizeY,
      ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollWithMouse |
          ImGuiWindowFlags_NoScrollbar);
  ImGui::PopStyleColor();
  return open;
}

void end_card() { ImGui::EndChild(); }

bool begin_scroll(const char* id, float height) {
  return ImGui::BeginChild(id, {0, height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
}

void end_scroll() {
  scroll_by_finger();
  ImGui::EndChild();
}

void progress_bar(const char* label, float fraction, ImVec2 size, ImU32 colour) {
  const look::Palette& p = palette();
  const float part = fraction == fraction ? std::clamp(fraction, 0.0f, 1.0f) : 0.0f;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = size.x > 0 ? size.x : ImGui::GetContentRegionAvail().x, radius = size.y / 2;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + size.y}, look::blend(p.raised, p.text, 0.08f),
                      radius);
  const float filled = part * width;
  if (filled > 0) {
    list->AddRectFilled(at, {at.x + std::max(filled, size.y), at.y + size.y},
                        colour ? colour : p.accent, radius);
  }
  const ImRect box(at, {at.x + width, at.y + size.y});
  ImGui::ItemSize(box);
  const ImGuiID id = ImGui::GetID(label);
  ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_NoNav);
  describe(label, "progressbar", std::to_string(static_cast<int>(part * 100 + 0.5f)) + " %");
}

void figure(const char* name, const char* value, float width, ImU32 colour) {
  const look::Palette& p = palette();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, 48});
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_text(list, look::fonts().title, at, colour ? colour : p.text, value, width);
  draw_text(list, look::fonts().small, {at.x, at.y + 28}, p.muted, name, width);
}

void badge(const char* text, ImU32 colour) {
  const ImVec2 size = measure(look::fonts().small, text), at = ImGui::GetCursorScreenPos();
  const ImVec2 box{size.x + 16, 22};
  ImGui::Dummy(box);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + box.x, at.y + box.y},
                      look::blend(palette().surface, colour, 0.16f), 11);
  draw_text(list, look::fonts().small, {at.x + 8, std::floor(at.y + (box.y - size.y) / 2)}, colour,
            text);
}

float control_height() { return look::coarse_pointer() ? look::kTouch : 36.0f; }

bool has_focus_ring() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  return g.NavId != 0 && g.NavId == g.LastItemData.ID && !g.NavDisableHighlight;
}

void focus_ring(ImVec2 low, ImVec2 high, float radius) {
  if (!has_focus_ring()) return;
  ImGui::GetWindowDrawList()->AddRect({low.x - 2, low.y - 2}, {high.x + 2, high.y + 2},
                                      palette().accent, radius + 2, 0, 2);
}

}  // namespace ui
