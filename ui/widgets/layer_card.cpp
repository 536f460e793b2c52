#include "ui/widgets/layer_card.hpp"

#include <algorithm>
#include <cmath>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/scroll.hpp"

namespace ui {
namespace {

constexpr float kLine = 20, kEdge = 4, kChevron = 28;

float grip_width() { return look::coarse_pointer() ? look::kTouch : 28; }

float wrapped_height(ImFont* font, const std::string& text, float width) {
  if (text.empty()) return 0;
  return font
      ->CalcTextSizeA(font->FontSize * ImGui::GetIO().FontGlobalScale, FLT_MAX, width, text.c_str())
      .y;
}

void draw_wrapped(ImDrawList* list, ImFont* font, ImVec2 at, ImU32 colour, const std::string& text,
                  float width) {
  list->AddText(font, font->FontSize * ImGui::GetIO().FontGlobalScale, at, colour, text.c_str(),
                nullptr, width);
}

void draw_grip(ImDrawList* list, ImVec2 middle, ImU32 colour) {
  for (const float x : {-3.0f, 3.0f}) {
    for (const float y : {-6.0f, 0.0f, 6.0f})
      list->AddCircleFilled({middle.x + x, middle.y + y}, 1.5f, colour, 8);
  }
}

void draw_chevron(ImDrawList* list, ImVec2 middle, ImU32 colour, bool open) {
  const float up = open ? -1.0f : 1.0f;
  const ImVec2 points[3] = {{middle.x - 4, middle.y - 2 * up},
                            {middle.x, middle.y + 2 * up},
                            {middle.x + 4, middle.y - 2 * up}};
  list->AddPolyline(points, 3, colour, ImDrawFlags_None, 1.5f);
}

void draw_right(ImDrawList* list, ImFont* font, ImVec2 right, ImU32 colour,
                const std::string& text) {
  const ImVec2 extent = measure(font, text);
  draw_text(list, font, {right.x - extent.x, right.y + (kLine - extent.y) / 2}, colour, text);
}

// Where the text of a header stands: everything in one line, in two, or with the kind and the
// summary in lines of their own, whatever fits.
struct HeaderBox {
  ImVec2 low;
  float width = 0, height = 0;
  bool kind_beside = false;  // the name
  bool two_lines = true;
};

HeaderBox header_box(const LayerHeader& header, ImVec2 low, float width) {
  const look::Fonts& fonts = look::fonts();
  HeaderBox box{.low = low, .width = width};
  const float room = width - kChevron;
  const float first = measure(fonts.strong, header.name).x + look::kGap +
                      measure(fonts.small, header.kind).x + look::kPad +
                      measure(fonts.figures, header.shape).x;
  const float second = measure(fonts.small, header.summary).x + look::kPad +
                       measure(fonts.figures, header.weights).x;
  box.kind_beside = first <= room && second <= room;
  box.two_lines = !box.kind_beside || !header.summary.empty() || !header.weights.empty();
  box.height = 2 * kEdge + (box.two_lines ? 2 : 1.4f) * kLine;
  if (!box.kind_beside && !header.summary.empty())
    box.height += wrapped_height(fonts.small, header.summary, room) + 4;
  box.height = std::max(box.height, control_height());
  return box;
}

void draw_header_text(ImDrawList* list, const LayerHeader& header, const HeaderBox& box) {
  const look::Palette& colours = look::palette();
  const look::Fonts& fonts = look::fonts();
  const ImU32 strong = header.dimmed ? colours.faint : colours.text;
  const ImU32 weak = header.dimmed ? colours.faint : colours.muted;
  const float right = box.low.x + box.width - kChevron;
  const float first = box.two_lines ? box.low.y + kEdge : box.low.y + (box.height - kLine) / 2,
              second = first + kLine;
  const auto line = [&](ImFont* font, float x, float y, ImU32 colour, const std::string& text) {
    const ImVec2 extent = measure(font, text);
    draw_text(list, font, {x, y + (kLine - extent.y) / 2}, colour, text);
    return extent.x;
  };
  const float named =
      line(fonts.strong, box.low.x, first, header.wrong ? colours.bad : strong, header.name);
  draw_right(list, fonts.figures, {right, first}, strong, header.shape);
  draw_right(list, fonts.figures, {right, second}, weak, header.weights);
  if (box.kind_beside) {
    line(fonts.small, box.low.x + named + look::kGap, first, weak, header.kind);
    line(fonts.small, box.low.x, second, weak, header.summary);
  } else {
    line(fonts.small, box.low.x, second, weak, header.kind);
    draw_wrapped(list, fonts.small, {box.low.x, second + kLine}, weak, header.summary,
                 box.width - kChevron);
  }
  draw_chevron(list, {box.low.x + box.width - kChevron / 2 + 2, box.low.y + box.height / 2}, weak,
               header.open);
}

// Moves the right edge of what "the width that is left" means.
void narrow_region(float by) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  window->WorkRect.Max.x -= by;
  window->ContentRegionRect.Max.x -= by;
}

}  // namespace

bool begin_column(const char* id, float width) {
  ImGui::BeginChild(id, {width, 0}, ImGuiChildFlags_None,
                    ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollbar |
                        ImGuiWindowFlags_NoScrollWithMouse);
  return begin_scroll("column");
}

void end_column() {
  gap(look::kPad);
  end_scroll();
  ImGui::EndChild();
}

void begin_inset(float by) {
  ImGui::Indent(by);
  narrow_region(by);
}

void end_inset(float by) {
  narrow_region(-by);
  ImGui::Unindent(by);
}

void CardFrame::begin(float padding) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  padding_ = padding;
  low_ = window->DC.CursorPos;
  high_ = {low_.x + ImGui::GetContentRegionAvail().x, low_.y};
  splitter_.Split(window->DrawList, 2);
  splitter_.SetCurrentChannel(window->DrawList, 1);
  ImGui::SetCursorScreenPos({low_.x + padding, low_.y + padding});
  ImGui::BeginGroup();
  narrow_region(padding);
}

void CardFrame::end(ImU32 fill, ImU32 border, float border_width) {
  narrow_region(-padding_);
  ImGui::EndGroup();
  high_.y = ImGui::GetItemRectMax().y + padding_;
  ImDrawList* list = ImGui::GetWindowDrawList();
  splitter_.SetCurrentChannel(list, 0);
  list->AddRectFilled(low_, high_, fill, look::kRadius);
  const float inset = border_width / 2;
  list->AddRect({low_.x + inset, low_.y + inset}, {high_.x - inset, high_.y - inset}, border,
                look::kRadius, 0, border_width);
  splitter_.Merge(list);
  ImGui::SetCursorScreenPos(low_);
  ImGui::Dummy({high_.x - low_.x, high_.y - low_.y});
}

LayerHeaderResult layer_header(const LayerHeader& header) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  LayerHeaderResult result;
  const ImVec2 low = window->DC.CursorPos;
  const float grip = grip_width(), width = ImGui::GetContentRegionAvail().x - grip;
  const HeaderBox box = header_box(header, {low.x + grip, low.y}, width);

  ImGui::InvisibleButton("grip", {grip, box.height});
  describe("Drag " + header.name, "button");
  keep_finger();
  result.grip_held = ImGui::IsItemActive();
  const bool grip_hot = ImGui::IsItemHovered() || result.grip_held;
  if (grip_hot) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ImGui::SetCursorScreenPos(box.low);
  result.pressed = ImGui::InvisibleButton(header.name.c_str(), {box.width, box.height});
  result.focused = ImGui::IsItemFocused();
  describe(header.name, "disclosure",
           header.kind + ", " + header.shape + (header.open ? ", open" : ""), header.open);
  const look::Palette& colours = look::palette();
  if (ImGui::IsItemHovered()) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    window->DrawList->AddRectFilled({box.low.x - 4, box.low.y},
                                    {box.low.x + box.width, box.low.y + box.height},
                                    look::with_alpha(colours.text, 0.04f), 6);
  }
  focus_ring({box.low.x - 4, box.low.y}, {box.low.x + box.width, box.low.y + box.height}, 6);
  draw_grip(window->DrawList, {low.x + grip / 2 - 4, low.y + box.height / 2},
            grip_hot ? colours.text : colours.faint);
  draw_header_text(window->DrawList, header, box);
  return result;
}

void flow_line(float height, bool dimmed) {
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const look::Palette& colours = look::palette();
  const ImU32 colour = dimmed ? colours.line : look::blend(colours.line, colours.muted, 0.5f);
  const float x = std::round(low.x + 20) + 0.5f;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({x, low.y}, {x, low.y + height}, colour, look::kHairline);
  if (!dimmed)
    list->AddTriangleFilled({x - 3.5f, low.y + height - 5}, {x + 3.5f, low.y + height - 5},
                            {x, low.y + height}, colour);
  ImGui::Dummy({1, height});
}

float choice_card_height(const char* sentence, float width) {
  return 2 * 12 + kLine + 4 + wrapped_height(look::fonts().small, sentence, width - 24);
}

bool choice_card(const char* title, const char* figure, const char* sentence, bool selected,
                 float width, float height) {
  const look::Palette& colours = look::palette();
  const look::Fonts& fonts = look::fonts();
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (height <= 0) height = choice_card_height(sentence, width);
  const bool pressed = ImGui::InvisibleButton(title, {width, height});
  describe(title, "button", std::string(figure) + (selected ? ", selected" : ""), selected);
  const ImVec2 high{low.x + width, low.y + height};
  const bool hot = ImGui::IsItemHovered();
  if (hot) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 ground = selected ? colours.accent_soft
                       : hot    ? look::blend(colours.surface, colours.text, 0.04f)
                                : colours.surface;
  list->AddRectFilled(low, high, ground, look::kRadius);
  list->AddRect({low.x + 0.5f, low.y + 0.5f}, {high.x - 0.5f, high.y - 0.5f},
                selected ? colours.accent : colours.line, look::kRadius, 0,
                selected ? 1.5f : look::kHairline);
  const ImVec2 text{low.x + 12, low.y + 12};
  draw_text(list, fonts.strong, text, colours.text, title);
  draw_right(list, fonts.figures, {high.x - 12, low.y + 12}, colours.muted, figure);
  draw_wrapped(list, fonts.small, {text.x, text.y + kLine + 4}, colours.muted, sentence,
               width - 24);
  focus_ring(low, high, look::kRadius);
  return pressed;
}

}  // namespace ui
