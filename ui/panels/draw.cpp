#include "ui/panels/draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/bars.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/scroll.hpp"

namespace ui {
namespace {

using look::kGap;
using look::palette;

constexpr f32 kBars = 200, kResult = 76, kBetween = 12;  // heights beside the paper's
constexpr f32 kLeastPaper = 220, kLargestPaper = 620;
constexpr f32 kLeastRadius = 0.008f, kLargestRadius = 0.12f;

f32 tools_width() { return control_height() + kBetween; }

// ---- Tools --------------------------------------------------------------------------------------

void next(bool in_row) {
  if (in_row) ImGui::SameLine();
}

void tool_button(DrawPanel& panel, Tool tool, const char* name, const look::Icon& icon,
                 const char* help, f32 side) {
  const IconLook looks{.help = help, .selected = panel.tool == tool, .side = side};
  if (icon_button(name, icon, looks)) panel.tool = tool;
}

// Nine buttons in a column beside the paper, as small as a short window demands.
constexpr f32 kColumnButtons = 9, kColumnGaps = 2 * kColumnButtons + 20, kLeastSide = 30;
f32 column_side(f32 paper) {
  return std::clamp(std::floor((paper - kColumnGaps) / kColumnButtons), kLeastSide,
                    control_height());
}

// Eight buttons over the paper, all of them in view: narrow phones have no room for kTouch.
constexpr f32 kRowButtons = 8;
f32 row_side(f32 room) {
  return std::clamp(std::floor(room / kRowButtons), kLeastSide, control_height());
}

// Shows the brush as it is: a dot of its size and grey; opens its two sliders.
void brush_button(DrawPanel& panel, bool row, f32 side) {
  const look::Palette& p = palette();
  if (ImGui::InvisibleButton("Brush size and grey", {side, side})) ImGui::OpenPopup("brush");
  describe("Brush size and grey", "button");
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const ImVec2 middle{(low.x + high.x) / 2, (low.y + high.y) / 2};
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool hovered = ImGui::IsItemHovered();
  list->AddRectFilled({low.x + 4, low.y + 4}, {high.x - 4, high.y - 4}, p.paper, 8);
  list->AddRect({low.x + 4, low.y + 4}, {high.x - 4, high.y - 4}, hovered ? p.muted : p.line, 8);
  const f32 share = (panel.radius - kLeastRadius) / (kLargestRadius - kLeastRadius);
  list->AddCircleFilled(middle, 2 + share * (side / 2 - 10),
                        look::blend(p.paper, p.ink, panel.ink));
  focus_ring(low, high, 8);
  tooltip("Brush size and grey\n[ and ] change the size");
  constexpr f32 kWidth = 260;
  const f32 right_end = ImGui::GetIO().DisplaySize.x - kWidth - 8;
  ImGui::SetNextWindowPos(row ? ImVec2{std::min(low.x, right_end), high.y + 6}
                              : ImVec2{high.x + 10, low.y});
  ImGui::SetNextWindowSize({kWidth, 0});
  if (ImGui::BeginPopup("brush")) {
    const SliderLook size{
        .format = "%.0f %%", .integer = true, .help = "Diameter as a share of the paper."};
    if (const auto v = slider_row("Brush size", panel.radius * 200, kLeastRadius * 200,
                                  kLargestRadius * 200, panel.editing, size)) {
      panel.radius = *v / 200;
    }
    const SliderLook grey{.format = "%.0f %%",
                          .integer = true,
                          .help = "Garments are bright on black; 100 % is white."};
    if (const auto v = slider_row("Grey of the ink", panel.ink * 100, 10, 100, panel.editing, grey))
      panel.ink = *v / 100;
    ImGui::EndPopup();
  }
}

void draw_tools(DrawPanel& panel, const Model& model, bool row, f32 side, Actions& out) {
  const f32 spread =
      std::floor((ImGui::GetContentRegionAvail().x - kRowButtons * side) / (kRowButtons - 1));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                      row ? ImVec2{std::clamp(spread, 0.0f, 24.0f), kGap} : ImVec2{0, 2});
  const auto separate = [&] {
    if (!row) gap(10);
  };
  tool_button(panel, Tool::brush, "Brush", look::kIconBrush, "Key B", side);
  next(row);
  tool_button(panel, Tool::eraser, "Eraser", look::kIconEraser, "Key E, or the right mouse button",
              side);
  next(row);
  tool_button(panel, Tool::fill, "Fill", look::kIconFill, "Fills a closed outline. Key F", side);
  next(row);
  brush_button(panel, row, side);
  separate();
  next(row);
  if (icon_button("Undo", look::kIconUndo,
                  {.help = "Ctrl+Z", .enabled = model.can_undo, .side = side}))
    out.push_back(Undo{});
  next(row);
  if (icon_button("Redo", look::kIconRedo,
                  {.help = "Ctrl+Y", .enabled = model.can_redo, .side = side}))
    out.push_back(Redo{});
  next(row);
  if (icon_button(
          "Clear", look::kIconTrash,
          {.help = "Empties the paper. Delete", .enabled = !model.drawing.blank(), .side = side})) {
    out.push_back(ClearDrawing{});
  }
  separate();
  next(row);
  const char* random_help = model.data.test ? "One of the test images of FashionMNIST. Key R"
                                            : "The test images are on their way";
  if (icon_button("Random test image", look::kIconRandom,
                  {.help = random_help, .enabled = model.data.test > 0, .side = side})) {
    out.push_back(RandomTestImage{});
  }
  if (!row &&
      icon_button("Open a picture", look::kIconImage,
                  {.help = "Or drop or paste one anywhere. Weights open too", .side = side})) {
    out.push_back(OpenFile{});
  }
  ImGui::PopStyleVar();
}

// ---- Paper --------------------------------------------------------------------------------------

// The shape of the brush under the mouse.
void draw_brush_shape(const DrawPanel& panel, ImDrawList* list) {
  const ImGuiIO& io = ImGui::GetIO();
  if (panel.tool == Tool::fill || io.MouseSource == ImGuiMouseSource_TouchScreen) return;
  const f32 radius = std::max(2.0f, panel.radius * panel.paper_side);
  list->AddCircle(io.MousePos, radius + 1, IM_COL32(0, 0, 0, 160), 0, 1);
  list->AddCircle(io.MousePos, radius, IM_COL32(255, 255, 255, 190), 0, 1);
}

void draw_invitation(ImVec2 low, f32 side) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 grey = IM_COL32(255, 255, 255, 150);
  const auto centred = [&](ImFont* font, f32 y, ImU32 colour, const char* text) {
    const ImVec2 size = measure(font, text);
    draw_text(list, font, {std::floor(low.x + (side - size.x) / 2), y}, colour, text);
  };
  const f32 y = std::floor(low.y + side / 2 - 30);
  centred(look::fonts().title, y, IM_COL32(255, 255, 255, 215), "Draw a garment");
  centred(look::fonts().body, y + 32, grey,
          look::coarse_pointer() ? "with your finger or a pen" : "with mouse, finger or pen");
  if (!look::coarse_pointer()) centred(look::fonts().body, y + 54, grey, "R brings a test image");
}

void draw_paper(DrawPanel& panel, const Model& model, f32 side) {
  const look::Palette& p = palette();
  const ImVec2 low = ImGui::GetCursorScreenPos(), high{low.x + side, low.y + side};
  ImGui::InvisibleButton("Paper", {side, side},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  describe("Paper", "canvas", model.drawing.blank() ? "blank" : "drawn on");
  keep_finger();
  panel.paper_low = low;
  panel.paper_side = side;
  const ImRect clip = ImGui::GetCurrentWindow()->ClipRect;
  const bool covered = model.help_open || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId |
                                                                     ImGuiPopupFlags_AnyPopupLevel);
  panel.reach_low =
      covered ? ImVec2{} : ImVec2{std::max(low.x, clip.Min.x), std::max(low.y, clip.Min.y)};
  panel.reach_high =
      covered ? ImVec2{} : ImVec2{std::min(high.x, clip.Max.x), std::min(high.y, clip.Max.y)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low, high, p.paper, look::kRadius);
  const bool blank = model.drawing.blank() && panel.live.points.empty();
  if (panel.paper && !blank)
    list->AddImageRounded(panel.paper, low, high, {0, 0}, {1, 1}, IM_COL32_WHITE, look::kRadius);
  if (look::dark()) list->AddRect(low, high, p.line, look::kRadius);
  if (blank) draw_invitation(low, side);
  const bool hovered = ImGui::IsItemHovered() || panel.drawing;
  if (hovered) {
    list->PushClipRect(low, high, true);
    draw_brush_shape(panel, list);
    list->PopClipRect();
    ImGui::SetMouseCursor(panel.tool == Tool::fill ? ImGuiMouseCursor_Hand : ImGuiMouseCursor_None);
  }
  focus_ring(low, high, look::kRadius);
}

// ---- Result -------------------------------------------------------------------------------------

std::string percent(f32 share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", static_cast<double>(share * 100));
  return share < 1 && share >= 0.995f ? "> 99 %" : text;  // a rounded 100 % would claim too much
}

// The two classes that come nearest, when none is likely enough to be named.
std::string perhaps(const Prediction& now) {
  std::size_t first = 0, second = 1;
  const auto& p = now.probabilities;
  for (std::size_t i = 1; i < p.size(); ++i) {
    if (p[i] > p[first]) {
      second = first;
      first = i;
    } else if (p[i] > p[second]) {
      second = i;
    }
  }
  return std::string("Nearest: ") + kClassNames[first] + ", " + kClassNames[second] +
         "; or no garment.";
}

// Under the winner: what it is known to be, or how sure the network is in words.
void draw_second_line(const Model& model, ImVec2 at, f32 width) {
  const look::Palette& p = palette();
  const Prediction& now = model.prediction;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const int label = model.drawing.exact_label;
  if (label >= 0 && label < 10) {
    const bool right = label == now.best;
    const look::Icon& icon = right ? look::kIconCheck : look::kIconClose;
    const ImU32 colour = right ? p.good : p.bad;
    const ImVec2 size = draw_text(list, look::fonts().small, at, colour, icon.text);
    const std::string truth =
        (right ? "Right: test image "
               : std::string("Labelled ") + kClassNames[std::size_t(label)] + ": test image ") +
        std::to_string(model.drawing.exact_index);
    draw_text(list, look::fonts().small, {at.x + size.x + 6, at.y}, colour, truth,
              width - size.x - 6);
    return;
  }
  const f32 sure = now.probabilities[static_cast<std::size_t>(now.best)];
  const std::string words = !now.sure      ? perhaps(now)
                            : sure >= 0.9f ? "The network is sure."
                                           : "Fairly sure.";
  draw_text(list, look::fonts().small, at, p.muted, words, width);
}

// Why no class is named.
void draw_no_result(const Model& model, ImVec2 at, f32 room) {
  const look::Palette& p = palette();
  const bool no_weights = model.active.from == WeightsFrom::nothing;
  const std::string& problem = model.prediction.problem;
  const char* title = no_weights        ? words::kNoWeightsTitle
                      : problem.empty() ? "Nothing drawn yet"
                                        : "It names no garments";
  const char* sentence = no_weights        ? words::kNoWeights
                         : problem.empty() ? "Draw a garment: its class shows up here."
                                           : problem.c_str();
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImFont* font = look::fonts().small;
  draw_text(list, look::fonts().title, {at.x, at.y + 8}, p.text, title, room);
  list->AddText(font, font->FontSize * ImGui::GetIO().FontGlobalScale, {at.x, at.y + 40}, p.muted,
                sentence, nullptr, room);
}

void draw_result(DrawPanel& panel, const Model& model, Actions& out) {
  const look::Palette& p = palette();
  const Prediction& now = model.prediction;
  const f32 width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  constexpr f32 kSeen = kResult - 8;
  if (ImGui::InvisibleButton("What the network sees", {kSeen, kSeen})) out.push_back(ToggleSteps{});
  describe("What the network sees", "button", now.saw ? "28 × 28" : "blank");
  tooltip(
      "What the network sees: your drawing, cropped, centred and scaled to 28 × 28 pixels like the "
      "training images. Press to see each step.");
  focus_ring(at, {at.x + kSeen, at.y + kSeen}, 6);
  draw_steps(panel.steps, model, {at.x + kSeen, at.y + kSeen}, out);
  list->AddRectFilled(at, {at.x + kSeen, at.y + kSeen}, p.paper, 6);
  if (now.saw) {
    draw_cells(list, {at.x + 3, at.y + 3}, {at.x + kSeen - 3, at.y + kSeen - 3}, now.seen, 28, 28,
               look::sequential);
  }
  if (look::dark()) list->AddRect(at, {at.x + kSeen, at.y + kSeen}, p.line, 6);
  const f32 left = at.x + kSeen + 16, room = width - kSeen - 16;
  if (now.best < 0) return draw_no_result(model, {left, at.y}, room);
  const auto best = static_cast<std::size_t>(now.best);
  const bool named = now.sure || model.drawing.exact_label >= 0;
  const char* name = named ? kClassNames[best] : "Not sure";
  const std::string share = percent(now.probabilities[best]);
  const f32 share_width = measure(look::fonts().display, share).x;
  ImFont* font = look::fonts().display;
  if (measure(font, name).x > room - share_width - 16)
    font = look::fonts().title;  // never cut a name
  const f32 drop = font == look::fonts().display ? 0.0f : 9.0f;
  draw_text(list, font, {left, at.y + drop}, named ? p.text : p.muted, name, room);
  draw_text(list, look::fonts().display, {left + room - share_width, at.y},
            named ? p.accent : p.muted, share);
  draw_second_line(model, {left, at.y + 44}, room);
}

void draw_bars(const Model& model, f32 height) {
  class_bars(model.prediction.probabilities, model.prediction.best, {0, height});
}

}  // namespace

f32 drawing_width(f32 height) {
  const f32 paper = height - kResult - kBars - 2 * kBetween;
  return std::clamp(paper, kLeastPaper, kLargestPaper) + tools_width();
}

void draw_drawing(DrawPanel& panel, const Model& model, bool tall, Actions& out) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  if (tall) {
    // Phones get the whole width; what is below may be scrolled to. Larger screens show it all.
    const f32 rest = control_height() + kResult + kBars + 5 * kGap;
    const f32 side = room.x < 480 ? room.x : std::clamp(room.y - rest, 300.0f, room.x);
    draw_tools(panel, model, true, row_side(room.x), out);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor((room.x - side) / 2));
    draw_paper(panel, model, std::floor(side));
    gap(4);
    draw_result(panel, model, out);
    const f32 left = ImGui::GetContentRegionAvail().y;
    draw_bars(model, std::max(200.0f, left - 4));
    return;
  }
  const f32 most = std::min(room.x - tools_width(), room.y - kResult - kBars - 2 * kBetween);
  const f32 side = std::floor(std::clamp(most, 120.0f, kLargestPaper));
  const ImVec2 at = ImGui::GetCursorPos();
  ImGui::BeginGroup();
  const f32 tool = column_side(side);
  draw_tools(panel, model, false, tool, out);
  ImGui::EndGroup();
  ImGui::SetCursorPos({at.x + tools_width(), at.y});
  draw_paper(panel, model, side);
  const f32 used = std::max(side, kColumnButtons * tool + kColumnGaps);
  ImGui::SetCursorPos({at.x, at.y + used + kBetween});
  draw_result(panel, model, out);
  ImGui::SetCursorPos({at.x, at.y + used + kBetween + kResult + kBetween - 4});
  draw_bars(model, std::max(180.0f, ImGui::GetContentRegionAvail().y));
}

// ---- Pointer ------------------------------------------------------------------------------------

namespace {

constexpr f32 kLeastStep = 0.003f;  // of the paper; closer samples add nothing but work

void add_point(DrawPanel& panel, const PointerSample& s) {
  const StrokePoint point{(s.x - panel.paper_low.x) / panel.paper_side,
                          (s.y - panel.paper_low.y) / panel.paper_side,
                          s.type == PointerSample::Type::pen ? s.pressure : 1.0f};
  std::vector<StrokePoint>& points = panel.live.points;
  if (!points.empty()) {
    const f32 dx = point.x - points.back().x, dy = point.y - points.back().y;
    if (dx * dx + dy * dy < kLeastStep * kLeastStep) return;
  }
  points.push_back(point);
}

bool begin_stroke(DrawPanel& panel, const PointerSample& s, Actions& out) {
  const bool inside = s.x >= panel.reach_low.x && s.y >= panel.reach_low.y &&
                      s.x < panel.reach_high.x && s.y < panel.reach_high.y && panel.paper_side > 0;
  if (!inside || panel.drawing) return false;
  const bool erases = panel.tool == Tool::eraser || s.buttons == 2 || (s.buttons & 32) != 0;
  if (panel.tool == Tool::fill && !erases) {
    out.push_back(Fill{(s.x - panel.paper_low.x) / panel.paper_side,
                       (s.y - panel.paper_low.y) / panel.paper_side, panel.ink});
    return true;
  }
  panel.drawing = true;
  panel.pointer = s.id;
  panel.live = {.points = {}, .radius = panel.radius, .ink = panel.ink, .eraser = erases};
  add_point(panel, s);
  return true;
}

}  // namespace

bool take_pointer(DrawPanel& panel, const PointerSample& sample, Actions& out) {
  if (sample.phase == PointerSample::Phase::down) return begin_stroke(panel, sample, out);
  if (!panel.drawing || sample.id != panel.pointer) return false;
  if (sample.phase != PointerSample::Phase::cancel) add_point(panel, sample);
  if (sample.phase == PointerSample::Phase::move) return true;
  panel.drawing = false;
  // A cancelled touch (the system took it) leaves nothing behind.
  if (sample.phase == PointerSample::Phase::up) out.push_back(AddStroke{panel.live});
  panel.live = {};
  return true;
}

}  // namespace ui
