// The list of layers of the network editor.
#include <algorithm>
#include <cmath>

#include "engine/spec/catalogue.hpp"
#include "imgui_internal.h"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/build.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/layer_card.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr float kFlow = 16;

LayerHeader header_of(const BuildPanel& panel, const Model& model, int at) {
  const spec::NamedLayer& named = model.network.layers[std::size_t(at)];
  const spec::Draft& draft = model.draft;
  LayerHeader header;
  header.name = named.name;
  header.kind = spec::kind_of(named.layer).label;
  header.summary = layer_summary(named);
  header.open = panel.open == named.name;
  header.wrong = draft.wrong_layer == at;
  header.dimmed = draft.wrong_layer >= 0 && at > draft.wrong_layer;
  const bool known = std::size_t(at) < draft.facts.layers.size() && !header.wrong && !header.dimmed;
  if (known) {
    const spec::LayerFacts& facts = draft.facts.layers[std::size_t(at)];
    header.shape = shape_text(facts.out);
    if (facts.weights > 0) header.weights = counted(facts.weights, "weight", "weights");
  }
  return header;
}

void handle_keys(const LayerHeaderResult& header, int at, int count, Actions& out) {
  if (!header.focused) return;
  const bool up = ImGui::IsKeyPressed(ImGuiKey_UpArrow),
             down = ImGui::IsKeyPressed(ImGuiKey_DownArrow);
  if (ImGui::GetIO().KeyShift && (up || down)) {
    ImGui::NavMoveRequestCancel();  // the focus stays on the layer, wherever it goes
    const int to = at + (down ? 1 : -1);
    if (to >= 0 && to < count) out.push_back(MoveLayer{at, to});
  }
  if (ImGui::IsKeyPressed(ImGuiKey_Delete, false) ||
      ImGui::IsKeyPressed(ImGuiKey_Backspace, false)) {
    out.push_back(RemoveLayer{at});
  }
}

// Returns the card's middle, for the landing of a drag.
float draw_layer(BuildPanel& panel, const Model& model, int at, Actions& out) {
  const LayerHeader header = header_of(panel, model, at);
  const look::Palette& colours = look::palette();
  ImGui::PushID(header.name.c_str());
  CardFrame frame;
  frame.begin(6);
  const LayerHeaderResult result = layer_header(header);
  if (result.pressed) panel.open = header.open ? std::string() : header.name;
  panel.focused = panel.focused || result.focused;
  handle_keys(result, at, int(model.network.layers.size()), out);
  if (result.grip_held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3)) panel.dragged = at;
  if (header.wrong) {
    gap(4);
    notice(look::kIconWarning, model.draft.problem.sentence.c_str(), colours.bad);
  }
  if (header.open) draw_layer_controls(panel, model, at, out);
  const bool lifted = panel.dragged == at;
  frame.end(lifted ? colours.accent_soft : colours.surface,
            header.wrong            ? colours.bad
            : header.open || lifted ? colours.accent
                                    : colours.line,
            look::kHairline);
  ImGui::PopID();
  return (frame.low().y + frame.high().y) / 2;
}

void draw_end_row(const char* name, const std::string& shape, const char* sentence, bool dimmed) {
  const look::Palette& colours = look::palette();
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImFont* font = look::fonts().small;
  const float room = width - 44 - 28, size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  const float height = 30 + font->CalcTextSizeA(size, FLT_MAX, room, sentence).y + 8;
  list->AddRectFilled(low, {low.x + width, low.y + height},
                      look::blend(colours.ground, colours.surface, 0.5f), look::kRadius);
  list->AddCircleFilled({low.x + 20.5f, low.y + 18}, 4, dimmed ? colours.faint : colours.accent,
                        16);
  draw_text(list, look::fonts().strong, {low.x + 40, low.y + 8},
            dimmed ? colours.faint : colours.text, name);
  const ImVec2 extent = measure(look::fonts().figures, shape);
  draw_text(list, look::fonts().figures, {low.x + width - 34 - extent.x, low.y + 10},
            dimmed ? colours.faint : colours.text, shape);
  list->AddText(font, size, {low.x + 40, low.y + 30}, dimmed ? colours.faint : colours.muted,
                sentence, nullptr, room);
  ImGui::Dummy({width, height});
}

// The list may stand in a column that grows: what scrolls is around it.
ImGuiWindow* scrolling_window() {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  while (window->ParentWindow && window->ScrollMax.y <= 0) window = window->ParentWindow;
  return window;
}

// The line where a dragged card will land, and a label at the pointer.
void draw_drag(const BuildPanel& panel, const spec::Network& network, int landing,
               const std::vector<float>& seams) {
  const look::Palette& colours = look::palette();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float left = ImGui::GetCursorScreenPos().x, right = left + ImGui::GetContentRegionAvail().x;
  const float y = seams[std::size_t(landing > panel.dragged ? landing + 1 : landing)];
  list->AddLine({left, y}, {right, y}, colours.accent, 2);
  list->AddCircleFilled({left, y}, 4, colours.accent, 12);
  const std::string& name = network.layers[std::size_t(panel.dragged)].name;
  const ImVec2 extent = measure(look::fonts().strong, name), low{mouse.x + 12, mouse.y - 16};
  list->AddRectFilled(low, {low.x + extent.x + 24, low.y + 32}, colours.accent, 8);
  draw_text(list, look::fonts().strong, {low.x + 12, low.y + (32 - extent.y) / 2},
            colours.accent_text, name);
  ImGuiWindow* window = scrolling_window();
  constexpr float kEdge = 48, kSpeed = 8;  // pixels; pixels a frame
  if (mouse.y < window->InnerRect.Min.y + kEdge)
    ImGui::SetScrollY(window, window->Scroll.y - kSpeed);
  if (mouse.y > window->InnerRect.Max.y - kEdge)
    ImGui::SetScrollY(window, window->Scroll.y + kSpeed);
}

}  // namespace

int place_for_new(const spec::Network& network, const std::string& open) {
  const int count = int(network.layers.size());
  for (int i = 0; i < count; ++i) {
    if (!open.empty() && network.layers[std::size_t(i)].name == open) return i + 1;
  }
  if (count == 0) return 0;
  const spec::Layer& last = network.layers.back().layer;
  const bool ends =
      std::holds_alternative<spec::LogSoftmax>(last) || std::holds_alternative<spec::Softmax>(last);
  return ends ? count - 1 : count;
}

int landing_of(int dragged, float pointer_y, const std::vector<float>& middles) {
  int landing = 0;
  for (int i = 0; i < int(middles.size()); ++i)
    landing += i != dragged && middles[std::size_t(i)] < pointer_y;
  return landing;
}

void draw_layers(BuildPanel& panel, const Model& model, Actions& out) {
  const spec::Network& network = model.network;
  const int count = int(network.layers.size());
  if (panel.adding_at > count) panel.adding_at = -1;
  panel.focused = false;
  const bool any_wrong = model.draft.problem.code != engine::Code::none;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{look::kGap, 0});
  draw_end_row("Input", shape_text(network.input), words::kInput, false);
  std::vector<float> middles, seams;
  for (int at = 0; at < count; ++at) {
    const bool dimmed = model.draft.wrong_layer >= 0 && at > model.draft.wrong_layer;
    if (panel.adding_at == at) draw_kinds(panel, network, out);
    seams.push_back(ImGui::GetCursorScreenPos().y + kFlow / 2);
    flow_line(kFlow, dimmed);
    middles.push_back(draw_layer(panel, model, at, out));
  }
  if (count == 0) empty_state(look::kIconLayers, words::kNoLayersTitle, words::kNoLayers);
  if (panel.adding_at == count) draw_kinds(panel, network, out);
  seams.push_back(ImGui::GetCursorScreenPos().y + kFlow / 2);
  flow_line(kFlow, any_wrong);
  draw_end_row("Output", any_wrong ? "–" : shape_text(model.draft.facts.out), words::kOutput,
               any_wrong);
  ImGui::PopStyleVar();
  if (panel.dragged >= count) panel.dragged = -1;
  if (panel.dragged < 0) return;
  const int landing = landing_of(panel.dragged, ImGui::GetIO().MousePos.y, middles);
  draw_drag(panel, network, landing, seams);
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  if (landing != panel.dragged) out.push_back(MoveLayer{panel.dragged, landing});
  panel.dragged = -1;
}

}  // namespace ui
