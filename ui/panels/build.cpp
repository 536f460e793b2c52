#include "ui/panels/build.hpp"

#include <algorithm>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/words.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/difference.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/layer_card.hpp"
#include "ui/widgets/share_bar.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr float kTwoColumns = 720, kSide = 320, kBetween = 16;
constexpr int kMostShares = 5;

std::string figure_of(const spec::Network& network) {
  const auto facts = spec::infer(network);
  return facts ? counted(facts->weights, "weight", "weights") : std::string();
}

const words::ReadyNetwork* words_of(const std::string& name) {
  for (const words::ReadyNetwork& ready : words::kReadyNetworks) {
    if (name == ready.name) return &ready;
  }
  return nullptr;
}

void draw_ready_networks(const Model& model, Actions& out) {
  const float width = ImGui::GetContentRegionAvail().x;
  const int columns = width >= 480 ? 2 : 1;
  const float card = (width - look::kGap * float(columns - 1)) / float(columns);
  float height = 0;
  for (const spec::Network& network : spec::zoo()) {
    const words::ReadyNetwork* ready = words_of(network.name);
    height = std::max(height, choice_card_height(ready ? ready->sentence : "", card));
  }
  int at = 0;
  for (const spec::Network& network : spec::zoo()) {
    const words::ReadyNetwork* ready = words_of(network.name);
    if (at++ % columns != 0) ImGui::SameLine(0, look::kGap);
    const bool selected =
        model.network.layers == network.layers && model.network.input == network.input;
    if (choice_card(ready ? ready->title : network.name.c_str(), figure_of(network).c_str(),
                    ready ? ready->sentence : "", selected, card, height) &&
        !selected) {
      out.push_back(ChooseNetwork{network.name});
    }
  }
}

void draw_totals(const Model& model) {
  const spec::Facts& facts = model.draft.facts;
  const float half = (ImGui::GetContentRegionAvail().x - look::kGap) / 2;
  const bool wrong = model.draft.problem.code != engine::Code::none;
  figure("weights", wrong ? "–" : spec::grouped(facts.weights).c_str(), half);
  tooltip(words::kHelpWeights);
  ImGui::SameLine(0, look::kGap);
  figure("multiply-adds per image", wrong ? "–" : compact(facts.multiply_adds).c_str(), half);
  tooltip(words::kHelpWork);
  if (wrong) return;
  std::vector<Share> shares;
  for (std::size_t i = 0; i < facts.layers.size() && i < model.network.layers.size(); ++i) {
    shares.push_back({model.network.layers[i].name, facts.layers[i].weights});
  }
  share_bar("Where the weights sit", largest_shares(shares, kMostShares));
}

void draw_difference(const Model& model, Actions& out) {
  if (model.active.from == WeightsFrom::nothing) return;
  const std::string difference = difference_text(model.active.network, model.network);
  if (difference.empty()) return muted_small(words::kInUse);
  hairline();
  body(words::kEdited);
  muted_small(("Compared with that one: " + difference + ".").c_str());
  const bool wrong = model.draft.problem.code != engine::Code::none;
  if (button("Train to use it", {.icon = &look::kIconPlay, .width = -1, .enabled = !wrong}))
    out.push_back(ShowPage{Page::train});
}

void draw_summary(const Model& model, Actions& out) {
  if (begin_card("summary")) {
    const spec::Network* ready = spec::find_in_zoo(model.network.name);
    const std::string title = std::string(words::title_of(model.network.name)) +
                              (ready && ready->layers != model.network.layers ? ", changed" : "");
    section_title(title.c_str(), counted(model.network.layers.size(), "layer", "layers").c_str());
    draw_totals(model);
    // A fault of the whole network has no card of its own.
    if (model.draft.problem.code != engine::Code::none && model.draft.wrong_layer < 0) {
      notice(look::kIconWarning, model.draft.problem.sentence.c_str(), look::palette().bad);
    }
    draw_difference(model, out);
  }
  end_card();
}

void draw_list(BuildPanel& panel, const Model& model, Actions& out) {
  section_title("Layers", "open one to edit it");
  draw_layers(panel, model, out);
  gap();
  if (button("Add layer", {.icon = &look::kIconPlus, .width = -1, .help = words::kHelpAdd})) {
    panel.adding_at = place_for_new(model.network, panel.open);
    panel.scroll_to_adding = true;
  }
}

void draw_side(const Model& model, Actions& out) {
  section_title("Ready networks");
  draw_ready_networks(model, out);
  gap();
  draw_summary(model, out);
}

}  // namespace

void draw_build(BuildPanel& panel, const Model& model, Actions& out) {
  const float width = ImGui::GetContentRegionAvail().x;
  if (width < kTwoColumns) {
    if (begin_scroll("build")) {
      draw_side(model, out);
      gap();
      draw_list(panel, model, out);
      gap(look::kPad);
    }
    return end_scroll();
  }
  if (begin_column("layers", width - kSide - kBetween)) draw_list(panel, model, out);
  end_column();
  ImGui::SameLine(0, kBetween);
  if (begin_column("side", kSide)) draw_side(model, out);
  end_column();
}

}  // namespace ui
