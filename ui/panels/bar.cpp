#include "ui/panels/bar.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

using look::palette;

std::string active_name(const ActiveModel& active) {
  const std::string title(words::title_of(active.network.name));
  switch (active.from) {
    case WeightsFrom::nothing:
      return words::kNoWeightsTitle;
    case WeightsFrom::shipped:
      return "Shipped: " + title;
    case WeightsFrom::plain:
      return "Plain: " + title;
    case WeightsFrom::training:
      return "Learning: " + title;
    case WeightsFrom::trained:
      return "Trained here: " + title;
    case WeightsFrom::file:
      break;
  }
  return active.note;
}

// A row of a menu: icon, text, and at the far end a shortcut or a check mark.
bool menu_item(const char* label, const look::Icon& icon, const char* right, bool enabled,
               bool checked = false) {
  const look::Palette& p = palette();
  const f32 width = ImGui::GetContentRegionAvail().x, height = control_height();
  ImGui::BeginDisabled(!enabled);
  const bool clicked = ImGui::InvisibleButton(label, {width, height});
  describe(label, "menuitem", checked ? "on" : "", checked);
  ImGui::EndDisabled();
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (ImGui::IsItemHovered()) list->AddRectFilled(low, high, look::with_alpha(p.text, 0.07f), 7);
  const ImU32 colour = enabled ? p.text : p.faint;
  const f32 y = std::floor((low.y + high.y) / 2 - 9);
  draw_text(list, look::fonts().body, {low.x + 10, y}, enabled ? p.muted : p.faint, icon.text);
  draw_text(list, look::fonts().body, {low.x + 38, y}, colour, label);
  const char* end = checked ? look::kIconCheck.text : right;
  if (end) {
    const ImVec2 size = measure(look::fonts().small, end);
    draw_text(list, look::fonts().small, {high.x - size.x - 10, y + 1},
              checked ? p.accent : p.muted, end);
  }
  focus_ring(low, high, 7);
  if (clicked) ImGui::CloseCurrentPopup();
  return clicked && enabled;
}

// True: the menu of exports was asked for.
bool draw_menu(const Model& model, bool narrow, Actions& out) {
  const WeightsFrom from = model.active.from;
  muted_small("Which weights classify the drawing?");
  if (menu_item(words::kShippedTitle, look::kIconBolt, nullptr, model.has_shipped,
                from == WeightsFrom::shipped)) {
    out.push_back(UseShipped{});
  }
  if (menu_item(words::kPlainTitle, look::kIconBolt, nullptr, model.has_shipped,
                from == WeightsFrom::plain)) {
    out.push_back(UsePlain{});
  }
  const bool learning = from == WeightsFrom::training;
  if (menu_item("Trained here", look::kIconFlag, nullptr, model.has_trained || learns(model),
                learning || from == WeightsFrom::trained)) {
    out.push_back(UseTrained{});
  }
  if (menu_item("Open a file\u2026", look::kIconOpen, "Ctrl+O", true, from == WeightsFrom::file))
    out.push_back(OpenFile{});
  gap(4);
  hairline();
  gap(4);
  if (menu_item("Download these weights", look::kIconDownload, "Ctrl+S",
                from != WeightsFrom::nothing)) {
    out.push_back(DownloadWeights{});
  }
  const bool exports =
      menu_item("Export\u2026", look::kIconDownload, nullptr, from != WeightsFrom::nothing);
  if (!narrow) return exports;
  const char* theme = model.dark() ? "Light colours" : "Dark colours";
  if (menu_item(theme, model.dark() ? look::kIconSun : look::kIconMoon, nullptr, true))
    out.push_back(ToggleTheme{});
  gap(4);
  muted_small(model.engine.why.empty() ? "The engine is starting." : model.engine.why.c_str());
  return exports;
}

void draw_exports(Actions& out) {
  muted_small("The weights in use, for other programs.");
  for (std::size_t i = 0; i < std::size(words::kExports); ++i) {
    if (menu_item(words::kExports[i].label, look::kIconDownload, nullptr, true))
      out.push_back(ExportWeights{static_cast<engine::protocol::ExportFormat>(i)});
  }
}

// The chip with the active weights. Gives its own width.
void draw_chip(const Model& model, f32 most, bool narrow, Actions& out) {
  const look::Palette& p = palette();
  const ActiveModel& active = model.active;
  const bool known = active.test_accuracy >= 0;
  const std::string name = active_name(active),
                    share = known ? percent(active.test_accuracy, 1) : "";
  ImFont* font = look::fonts().body;
  const f32 share_width = known ? measure(look::fonts().figures, share).x + 12 : 0;
  const f32 width = std::min(most, measure(font, name).x + share_width + 62);
  const f32 height = control_height();
  if (ImGui::InvisibleButton("Weights in use", {width, height})) ImGui::OpenPopup("weights");
  describe("Weights in use", "button", name + (known ? ", " + share : ""));
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const f32 radius = height / 2;
  list->AddRectFilled(low, high, look::blend(p.surface, p.text, ImGui::IsItemHovered() ? 0.06f : 0),
                      radius);
  list->AddRect(low, high, p.line, radius);
  const ImU32 dot = active.from == WeightsFrom::nothing    ? p.faint
                    : active.from == WeightsFrom::training ? p.warn
                                                           : p.good;
  list->AddCircleFilled({low.x + 18, std::floor((low.y + high.y) / 2)}, 4, dot);
  const f32 y = std::floor((low.y + high.y) / 2 - 9);
  draw_text(list, font, {low.x + 30, y}, p.text, name, width - share_width - 58);
  if (known) {
    draw_text(list, look::fonts().figures, {high.x - share_width - 20, y + 1}, p.muted, share);
  }
  draw_text(list, look::fonts().small, {high.x - 24, y + 2}, p.muted, look::kIconDown.text);
  focus_ring(low, high, radius);
  if (!ImGui::IsPopupOpen("weights")) {
    tooltip(
        known
            ? "These weights classify the drawing. The figure is their accuracy on the test images."
            : "These weights classify the drawing.");
  }
  ImGui::SetNextWindowPos({low.x, high.y + 6});
  ImGui::SetNextWindowSize({std::min(300.0f, ImGui::GetIO().DisplaySize.x - 24), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{12, 12});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{8, 2});
  bool exports = false;
  if (ImGui::BeginPopup("weights")) {
    exports = draw_menu(model, narrow, out);
    ImGui::EndPopup();
  }
  if (exports) ImGui::OpenPopup("exports");
  ImGui::SetNextWindowPos({low.x, high.y + 6});
  ImGui::SetNextWindowSize({std::min(300.0f, ImGui::GetIO().DisplaySize.x - 24), 0});
  if (ImGui::BeginPopup("exports")) {
    draw_exports(out);
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

std::string engine_text(const EngineView& engine) {
  if (engine.gone) return "Engine stopped";
  if (engine.failed) return "Engine restarting";
  if (engine.variant.empty()) return "Engine starting";
  return std::to_string(std::max(1u, engine.threads)) +
         (engine.threads > 1 ? " threads" : " thread");
}

void draw_engine(const EngineView& engine, f32 right, f32 top) {
  const look::Palette& p = palette();
  const std::string text = engine_text(engine);
  const f32 width = measure(look::fonts().small, text).x + 40;
  ImGui::SetCursorScreenPos({right - width, top});
  ImGui::InvisibleButton("Engine", {width, control_height()});
  describe("Engine", "status", text);
  const ImVec2 low = ImGui::GetItemRectMin();
  const f32 y = std::floor(low.y + control_height() / 2 - 8);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 colour = engine.failed ? p.warn : p.muted;
  draw_text(list, look::fonts().small, {low.x + 10, y}, colour, look::kIconChip.text);
  draw_text(list, look::fonts().small, {low.x + 30, y}, colour, text);
  tooltip(engine.why.empty() ? "The engine that trains runs in its own worker."
                             : engine.why.c_str());
}

}  // namespace

void draw_bar(const Model& model, bool narrow, Actions& out) {
  const look::Palette& p = palette();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const f32 width = ImGui::GetContentRegionAvail().x, side = control_height();
  const f32 top = std::floor(at.y + (kBarHeight - side) / 2), pad = narrow ? 12.0f : 20.0f;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({at.x, at.y + kBarHeight - 1}, {at.x + width, at.y + kBarHeight}, p.line);

  // The mark: a square of paper with a stroke of the accent colour.
  const f32 x = at.x + pad, y = std::floor(at.y + kBarHeight / 2);
  list->AddRectFilled({x, y - 11}, {x + 22, y + 11}, p.accent, 6);
  list->AddBezierCubic({x + 5, y + 5}, {x + 8, y - 12}, {x + 13, y + 12}, {x + 17, y - 5},
                       p.accent_text, 2.4f);
  f32 left = x + 32;
  if (!narrow)
    left += draw_text(list, look::fonts().title, {left, y - 13}, p.text, "Atelier").x + 24;

  f32 right = at.x + width - pad;
  ImGui::SetCursorScreenPos({right - side, top});
  if (icon_button("Help", look::kIconHelp, {.help = "Key ?", .selected = model.help_open}))
    out.push_back(ToggleHelp{});
  right -= side + 4;
  if (!narrow) {
    ImGui::SetCursorScreenPos({right - side, top});
    const char* name = model.dark() ? "Light colours" : "Dark colours";
    if (icon_button(name, model.dark() ? look::kIconSun : look::kIconMoon))
      out.push_back(ToggleTheme{});
    right -= side + 8;
    draw_engine(model.engine, right, top);
    right -= 140;
  }
  ImGui::SetCursorScreenPos({left, top});
  draw_chip(model, std::min(right - left - 8, 420.0f), narrow, out);
}

}  // namespace ui
