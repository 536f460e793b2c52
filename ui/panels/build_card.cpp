// One layer of the network editor opened: its numbers, formula, help and buttons; and the kinds
// that can be added.
#include <algorithm>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/edit.hpp"
#include "engine/spec/words.hpp"
#include "imgui_internal.h"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/build.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/layer_card.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

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

// What the layer reads. Joins have a row for each input and one more to add another.
void draw_sources(const spec::Network& network, int at, Actions& out) {
  const spec::NamedLayer& layer = network.layers[std::size_t(at)];
  const bool join = spec::joins(layer.layer);
  const std::vector<std::string> names = spec::possible_sources(network, at);
  std::vector<const char*> choices;
  for (const std::string& name : names) choices.push_back(name.c_str());
  if (join) choices.push_back(words::kNoSource);
  const int rows = join ? int(std::min(layer.from.size() + 1, spec::kMaxSources)) : 1;
  for (int slot = 0; slot < rows; ++slot) {
    const bool set = slot < int(layer.from.size());
    const auto place =
        set ? std::find(names.begin(), names.end(), layer.from[std::size_t(slot)]) : names.end();
    const int selected = set ? int(place - names.begin()) : join ? int(names.size()) : 0;
    const std::string label = join ? "Input " + std::to_string(slot + 1) : std::string("Reads");
    const auto chosen = choice_row(label.c_str(), choices, selected, words::kHelpReads);
    if (!chosen) continue;
    const bool nothing = *chosen == int(names.size());
    out.push_back(SetLayerSource{at, slot, nothing ? "" : names[std::size_t(*chosen)]});
  }
}

// What follows from the layer's numbers.
void draw_facts(const spec::LayerFacts& facts) {
  const std::string field = print("%d × %d", facts.field, facts.field);
  value_row("Sees", field.c_str(), words::kHelpField);
  value_row("Multiply-adds", spec::grouped(facts.multiply_adds).c_str(), words::kHelpMultiplyAdds);
  value_row("Memory for an image", print("%.1f KB", double(facts.bytes) / 1024).c_str(),
            words::kHelpMemory);
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

}  // namespace

void draw_layer_controls(BuildPanel& panel, const Model& model, int at, Actions& out) {
  const spec::Network& network = model.network;
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
  if (at > 0 || spec::joins(layer)) draw_sources(network, at, out);
  if (std::size_t(at) < model.draft.facts.layers.size())
    draw_facts(model.draft.facts.layers[std::size_t(at)]);
  gap(4);
  draw_formula(kind.formula);
  muted_small(std::string(kind.help).c_str());
  end_inset(10);
  draw_layer_buttons(panel, network, at, out);
  ImGui::PopStyleVar();
}

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

std::string layer_summary(const spec::NamedLayer& named) {
  const spec::Layer& layer = named.layer;
  std::string out;
  for (const std::string& from : named.from)
    out += (out.empty() ? "reads " : spec::joins(layer) ? " + " : ", ") + from;
  for (const spec::Field& field : spec::kind_of(layer).fields) {
    if (takes_whatever(layer, field)) continue;
    const f32 value = spec::get_field(layer, field.key);
    if (is_switch(field) && value >= 0.5f) continue;    // on is the usual
    if (field.key == "groups" && value == 1) continue;  // and so is one
    if (!out.empty()) out += " · ";
    out += is_switch(field) ? "no " + lower_first(field.label)
                            : lower_first(field.label) + " " + spec::in_words(value);
  }
  return out;
}

}  // namespace ui
