#include "ui/app/layout.hpp"

#include <algorithm>
#include <cmath>

#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"

namespace ui {
namespace {

using look::palette;

constexpr f32 kNavHeight = 60;
constexpr const char* kTabs[] = {"Build", "Train", "Look", "Lab"};
constexpr Page kTabPages[] = {Page::build, Page::train, Page::look, Page::lab};

// A region without frame at a fixed place.
void begin_region(const char* name, ImVec2 at, ImVec2 size, ImVec2 pad) {
  ImGui::SetCursorScreenPos(at);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, pad);
  ImGui::BeginChild(name, size, ImGuiChildFlags_AlwaysUseWindowPadding,
                    ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollbar |
                        ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
}

void end_region() { ImGui::EndChild(); }

void draw_side(Panels& panels, const Model& model, Page page, Actions& out) {
  if (page == Page::build) draw_build(panels.build, model, out);
  if (page == Page::train) draw_train(panels.train, model, out);
  if (page == Page::look) draw_look(panels.look, model, out);
  if (page == Page::lab) draw_lab(panels.lab, model, out);
}

void draw_wide(Panels& panels, const Model& model, ImVec2 size, Actions& out) {
  const look::Palette& p = palette();
  const f32 top = kBarHeight, bottom = size.y - kStatusHeight, height = bottom - top;
  begin_region("bar", {0, 0}, {size.x, kBarHeight}, {0, 0});
  draw_bar(model, false, out);
  end_region();

  const f32 pad = size.y < 820 ? 12.0f : 20.0f;
  const f32 left = std::floor(std::min(drawing_width(height - 2 * pad) + 2 * pad, size.x * 0.44f));
  ImGui::GetWindowDrawList()->AddRectFilled({0, top}, {left, bottom}, p.surface);
  ImGui::GetWindowDrawList()->AddRectFilled({left, top}, {left + 1, bottom}, p.line);
  begin_region("drawing", {0, top}, {left, height}, {pad, pad});
  if (begin_scroll("drawing scroll")) draw_drawing(panels.draw, model, look::coarse_pointer(), out);
  end_scroll();
  end_region();

  if (model.page != Page::draw) panels.side = model.page;
  const int tab = static_cast<int>(panels.side) - 1;
  begin_region("tabs", {left + 1, top}, {size.x - left - 1, 48}, {12, 0});
  if (const auto chosen = tabs("pages", kTabs, tab)) out.push_back(ShowPage{kTabPages[*chosen]});
  end_region();
  begin_region("side", {left + 1, top + 48}, {size.x - left - 1, height - 48}, {20, 16});
  draw_side(panels, model, panels.side, out);
  end_region();

  begin_region("status", {0, bottom}, {size.x, kStatusHeight}, {0, 0});
  draw_status(model, size.x < 1000, panels.side != Page::train, out);
  end_region();
}

// One page at the foot of a phone's screen: an icon over a word.
void draw_nav_button(const Model& model, Page page, const char* name, const look::Icon& icon,
                     ImVec2 at, f32 width, Actions& out) {
  const look::Palette& p = palette();
  const bool on = model.page == page;
  ImGui::SetCursorScreenPos(at);
  if (ImGui::InvisibleButton(name, {width, kNavHeight}) && !on) out.push_back(ShowPage{page});
  describe(name, "tab", on ? "selected" : "", on);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 colour = on ? p.accent : p.muted;
  const ImVec2 glyph = measure(look::fonts().title, icon.text),
               word = measure(look::fonts().small, name);
  const f32 middle = at.x + width / 2;
  if (on) list->AddRectFilled({middle - 28, at.y + 5}, {middle + 28, at.y + 33}, p.accent_soft, 14);
  draw_text(list, look::fonts().title, {std::floor(middle - glyph.x / 2), at.y + 8}, colour,
            icon.text);
  draw_text(list, look::fonts().small, {std::floor(middle - word.x / 2), at.y + 37}, colour, name);
  focus_ring({at.x + 4, at.y + 4}, {at.x + width - 4, at.y + kNavHeight - 4}, 10);
}

void draw_nav(const Model& model, f32 width, Actions& out) {
  const look::Palette& p = palette();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + kNavHeight}, p.surface);
  list->AddRectFilled(at, {at.x + width, at.y + 1}, p.line);
  const f32 part = std::floor(width / kPageCount);
  draw_nav_button(model, Page::draw, "Draw", look::kIconPencil, at, part, out);
  draw_nav_button(model, Page::build, "Build", look::kIconLayers, {at.x + part, at.y}, part, out);
  draw_nav_button(model, Page::train, "Train", look::kIconChart, {at.x + 2 * part, at.y}, part,
                  out);
  draw_nav_button(model, Page::look, "Look", look::kIconEye, {at.x + 3 * part, at.y}, part, out);
  draw_nav_button(model, Page::lab, "Lab", look::kIconImage, {at.x + 4 * part, at.y}, part, out);
}

// On a phone the run shows on every page but its own, which has its buttons already.
bool has_strip(const Model& model) {
  return goes_on(model.training.phase) && model.page != Page::train;
}

// Where toasts end: they cover no button that pauses or stops.
f32 above_foot(const Model& model, f32 height, bool wide) {
  if (wide) return height - kStatusHeight;
  return height - kNavHeight - (has_strip(model) ? kStatusHeight : 0.0f);
}

void draw_narrow(Panels& panels, const Model& model, ImVec2 size, Actions& out) {
  const bool strip = has_strip(model);
  const f32 foot = size.y - kNavHeight, bottom = strip ? foot - kStatusHeight : foot;
  begin_region("bar", {0, 0}, {size.x, kBarHeight}, {0, 0});
  draw_bar(model, true, out);
  end_region();

  const f32 pad = size.x < 720 ? 16.0f : std::floor((size.x - 640) / 2);
  begin_region("page", {0, kBarHeight}, {size.x, bottom - kBarHeight}, {pad, 8});
  if (model.page == Page::draw) {
    if (begin_scroll("drawing scroll")) draw_drawing(panels.draw, model, true, out);
    end_scroll();
  } else {
    panels.draw.reach_low = panels.draw.reach_high = {};
    panels.draw.steps.shown = false;
    draw_side(panels, model, model.page, out);
  }
  end_region();

  if (strip) {
    begin_region("status", {0, bottom}, {size.x, kStatusHeight}, {0, 0});
    draw_status(model, true, true, out);
    end_region();
  }
  begin_region("pages", {0, foot}, {size.x, kNavHeight}, {0, 0});
  draw_nav(model, size.x, out);
  end_region();
}

}  // namespace

void draw_page(Panels& panels, const Model& model, ImVec2 size, Actions& out) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::Begin("Atelier", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar(3);
  panels.build.focused = false;  // set again where the layers are shown
  const bool wide = size.x >= kLeastWideWidth;
  wide ? draw_wide(panels, model, size, out) : draw_narrow(panels, model, size, out);
  ImGui::End();
  draw_help(model, out);
  draw_toasts(model, above_foot(model, size.y, wide), out);
}

}  // namespace ui
