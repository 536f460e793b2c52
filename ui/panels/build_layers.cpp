// The list of layers of the network editor.
#include <algorithm>
#include <cmath>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/words.hpp"
#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/build.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/layer_card.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr float kFlow = 16;

std::string lower_first(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = char(out[0] - 'A' + 'a');
  return out;
}

bool is_switch(const spec::Field& field) {
  return field.integer && field.low == 0 && field.high == 1;
}

// `in` of a layer: 0 means that whatever arrives is taken.
bool takes_whatever(const spec::Layer& layer, const spec::Field& field) {
  return field.integer && field.low == 0 && (field.key == "in" || field.key == "channels") &&
         spec::get_field(layer, field.key) == 0;
}

std::optional<f32> field_row(const spec::Field& field, f32 value, Editing& editing) {
  const std::string label(field.label), help(field.help);
  if (is_switch(field)) {
    const auto on = switch_row(label.c_str(), value >= 0.5f, help.c_str());
    return on ? std::optional<f32>(*on ? 1.0f : 0.0f) : std::nullopt;
  }
  if (field.integer) {
    const auto number = stepper_row(label.c_str(), int(value), int(field.low), int(field.high),
                                    editing, {.step = int(field.step), .help = help.c_str()});
    return number ? std::optional<f32>(f32(*number)) : std::nullopt;
  }
  const bool logarithmic = field.low > 0 && field.high / field.low > 1000;
  return slider_row(label.c_str(), value, field.low, field.high, editing,
                    {.format = logarithmic ? "%.2g" : "%.2f",
                     .logarithmic = logarithmic,
                     .step = logarithmic ? 0 : field.step,
                     .help = help.c_str()});
}

void draw_formula(std::string_view formula) {
  ImGui::PushFont(look::fonts().figures);
  ImGui::PushStyleColor(ImGuiCol_Text, look::palette().text);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(formula.data(), formula.data() + formula.size());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void draw_layer_buttons(BuildPanel& panel, const spec::Network& network, int at, Actions& out) {
  const int last = int(network.layers.size()) - 1;
  if (icon_button("Move up", look::kIconUp, {.help = words::kHelpMoveUp, .enabled = at > 0}))
    out.push_back(MoveLayer{at, at - 1});
  ImGui::SameLine(0, 0);
  if (icon_button("Move down", look::kIconDown,
                  {.help = words::kHelpMoveDown, .enabled = at < last})) {
    out.push_back(MoveLayer{at, at + 1});
  }
  ImGui::SameLine(0, look::kGap);
  if (button("Add after",
             {.emphasis = Emphasis::quiet, .icon = &look::kIconPlus, .help = words::kHelpAdd})) {
    panel.adding_at = at + 1;
    panel.scroll_to_adding = true;
  }
  ImGui::SameLine(0, 0);
  const float width = measure(look::fonts().body, "Remove").x + 48 + 8;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                       std::max(0.0f, ImGui::GetContentRegionAvail().x - width));
  if (button(
          "Remove",
          {.emphasis = Emphasis::quiet, .icon = &look::kIconTrash, .help = words::kHelpRemove})) {
    out.push_back(RemoveLayer{at});
  }
}

// What an open card shows below its header.
void draw_layer_controls(BuildPanel& panel, const spec::Network& network, int at, Actions& out) {
  const spec::Layer& layer = network.layers[std::size_t(at)].layer;
  const spec::Kind& kind = spec::kind_of(layer);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{look::kGap, look::kGap});
  gap(4);
  begin_inset(10);
  // What takes whatever arrives is seldom touched: last.
  for (const bool last : {false, true}) {
    for (const spec::Field& field : kind.fields) {
      if (takes_whatever(layer, field) != last) continue;
      if (const auto value = field_row(field, spec::get_field(layer, field.key), panel.editing)) {
        out.push_back(SetLayerField{at, std::string(field.key), *value});
      }
    }
  }
  gap(4);
  draw_formula(kind.formula);
  muted_small(std::string(kind.help).c_str());
  end_inset(10);
  draw_layer_buttons(panel, network, at, out);
  ImGui::PopStyleVar();
}

LayerHeader header_of(const BuildPanel& panel, const Model& model, int at) {
  const spec::NamedLayer& named = model.network.layers[std::size_t(at)];
  const spec::Draft& draft = model.draft;
  LayerHeader header;
  header.name = named.name;
  header.kind = spec::kind_of(named.layer).label;
  header.summary = layer_summary(named.layer);
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
  const bool alt = ImGui::GetIO().KeyAlt;
  if (alt && at > 0 && ImGui::IsKeyPressed(ImGuiKey_UpArrow)) out.push_back(MoveLayer{at, at - 1});
  if (alt && at + 1 < count && ImGui::IsKeyPressed(ImGuiKey_DownArrow))
    out.push_back(MoveLayer{at, at + 1});
  if (ImGui::IsKeyPressed(ImGuiKey_Delete, false)) out.push_back(RemoveLayer{at});
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
  handle_keys(result, at, int(model.network.layers.size()), out);
  if (result.grip_held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3)) panel.dragged = at;
  if (header.wrong) {
    gap(4);
    notice(look::kIconWarning, model.draft.problem.sentence.c_str(), colours.bad);
  }
  if (header.open) draw_layer_controls(panel, model.network, at, out);
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

// The kinds of layers, each a row with its help and formula.
void draw_kinds(BuildPanel& panel, const spec::Network& network, Actions& out) {
  CardFrame frame;
  gap(look::kGap);
  frame.begin(look::kGap);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{look::kGap, look::kGap});
  const int at = panel.adding_at;
  const std::string where = at > 0 ? "Add after " + network.layers[std::size_t(at) - 1].name
                                   : std::string("Add as the first layer");
  draw_text(ImGui::GetWindowDrawList(), look::fonts().strong,
            {ImGui::GetCursorScreenPos().x + 8, ImGui::GetCursorScreenPos().y + 8},
            look::palette().text, where);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                       std::max(0.0f, ImGui::GetContentRegionAvail().x - control_height()));
  bool close = icon_button("Close the list of layers", look::kIconClose, {.help = "Esc"});
  close = close || (ImGui::IsKeyPressed(ImGuiKey_Escape, false) &&
                    ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows));
  for (const spec::Kind& kind : spec::catalogue()) {
    const std::string title(kind.label),
        help = std::string(kind.help) + "\n" + std::string(kind.formula);
    if (choice_card(title.c_str(), std::string(kind.type).c_str(), help.c_str(), false,
                    ImGui::GetContentRegionAvail().x)) {
      out.push_back(AddLayer{at, kind.initial});
      panel.open = spec::unused_name(network, kind.initial);
      close = true;
    }
  }
  if (close) panel.adding_at = -1;
  ImGui::PopStyleVar();
  frame.end(look::palette().surface, look::palette().accent, look::kHairline);
  if (panel.scroll_to_adding) ImGui::ScrollToItem();
  panel.scroll_to_adding = false;
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
  return count > 0 && std::holds_alternative<spec::LogSoftmax>(network.layers.back().layer)
             ? count - 1
             : count;
}

int landing_of(int dragged, float pointer_y, const std::vector<float>& middles) {
  int landing = 0;
  for (int i = 0; i < int(middles.size()); ++i)
    landing += i != dragged && middles[std::size_t(i)] < pointer_y;
  return landing;
}

std::string layer_summary(const spec::Layer& layer) {
  std::string out;
  for (const spec::Field& field : spec::kind_of(layer).fields) {
    if (takes_whatever(layer, field)) continue;
    const f32 value = spec::get_field(layer, field.key);
    if (is_switch(field) && value >= 0.5f) continue;  // on is the usual
    if (!out.empty()) out += " · ";
    out += is_switch(field) ? "no " + lower_first(field.label)
                            : lower_first(field.label) + " " + spec::in_words(value);
  }
  return out;
}

void draw_layers(BuildPanel& panel, const Model& model, Actions& out) {
  const spec::Network& network = model.network;
  const int count = int(network.layers.size());
  if (panel.adding_at > count) panel.adding_at = -1;
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
