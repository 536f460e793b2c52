#include "ui/panels/maps.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "engine/spec/catalogue.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/look.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/pager.hpp"
#include "ui/widgets/tiles.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr int kMostUnits = 1024, kRow = 32;  // of a flat list, as cells
constexpr int kMostDrawn = 100;              // values a side: a draw list has 16 bits for corners

// Channels that are shown side by side: the maps of a layer, or a flat list of numbers as one map.
struct Maps {
  int count = 0, height = 0, width = 0;
  std::vector<f32> padded;  // of a flat list, with zeros to the end of its last row
  std::span<const f32> values;
  float scale = 0;  // 1 / largest magnitude of all

  std::span<const f32> at(int map) const {
    const auto area = std::size_t(height) * std::size_t(width);
    return values.subspan(std::size_t(map) * area, area);
  }
};

bool is_flat(const MapsView& view) { return view.facts.height * view.facts.width <= 1; }

Maps maps_of(const MapsView& view) {
  Maps maps;
  if (is_flat(view)) {
    const int shown = std::min(int(view.values.size()), kMostUnits);
    maps.count = 1;
    maps.width = std::min(shown, kRow);
    maps.height = (shown + maps.width - 1) / maps.width;
    maps.padded.assign(view.values.begin(), view.values.begin() + shown);
    maps.padded.resize(std::size_t(maps.width) * std::size_t(maps.height));
    maps.values = maps.padded;
  } else {
    maps.count = int(view.facts.channels);
    maps.height = int(view.facts.height);
    maps.width = int(view.facts.width);
    maps.values = view.values;
  }
  const float largest = largest_magnitude(view.values);  // of those too that are not shown
  maps.scale = largest > 0 ? 1 / largest : 0;
  return maps;
}

void draw_map(const Maps& maps, int map, ImVec2 low, ImVec2 high) {
  const int step = (std::max(maps.width, maps.height) + kMostDrawn - 1) / kMostDrawn;
  const int width = (maps.width + step - 1) / step, height = (maps.height + step - 1) / step;
  std::span<const f32> values = maps.at(map);
  std::vector<f32> some;  // of a map that many convolutions have padded
  for (int i = 0; step > 1 && i < width * height; ++i) {
    const int row = i / width * step, column = i % width * step;
    some.push_back(values[std::size_t(row) * std::size_t(maps.width) + std::size_t(column)]);
  }
  if (step > 1) values = some;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (maps.count == 1) {
    draw_cells(list, low, high, values, width, height, look::diverging, maps.scale);
  } else {
    draw_signed(list, low, high, values, width, height, maps.scale);
  }
}

void draw_layer_choice(const Model& model, Actions& out) {
  const std::vector<spec::NamedLayer>& layers = model.active.network.layers;
  std::vector<std::string> names;
  for (const spec::NamedLayer& named : layers)
    names.push_back(named.name + " · " + std::string(spec::kind_of(named.layer).label));
  std::vector<const char*> choices;
  for (const std::string& name : names) choices.push_back(name.c_str());
  const auto layer = std::min<std::size_t>(model.maps.facts.layer, layers.size() - 1);
  if (const auto chosen = choice_row("Layer", choices, int(layer)))
    out.push_back(ShowLook{LookView::maps, *chosen});
  muted_small(std::string(spec::kind_of(layers[layer].layer).help).c_str());
}

void draw_facts(const MapsView& view, const Maps& maps) {
  const engine::Shape shape{int(view.facts.channels), int(view.facts.height),
                            int(view.facts.width)};
  value_row("Output", shape_text(shape).c_str());
  const std::string largest = number(maps.scale > 0 ? double(1 / maps.scale) : 0, 2);
  value_row("Largest magnitude", largest.c_str(), words::kHelpLegend);
  const std::string silent =
      std::to_string(silent_maps(view)) + " of " + std::to_string(view.facts.channels);
  value_row(is_flat(view) ? "Silent units" : "Silent maps", silent.c_str(), words::kHelpSilent);
}

void draw_tile(MapsPanel& panel, const Maps& maps, int map, ImVec2 low, float side) {
  const bool selected = panel.selected == map;
  if (option_tile("Map " + std::to_string(map + 1), low, side, selected)) panel.selected = map;
  if (!ImGui::IsItemVisible()) return;
  draw_map(maps, map, low, {low.x + side, low.y + side});
  option_frame(low, side, selected);
}

void draw_grid(MapsPanel& panel, const Maps& maps) {
  const int on_page = filters_on_page(std::max(maps.height, maps.width));
  panel.selected = std::clamp(panel.selected, 0, maps.count - 1);
  panel.page = std::clamp(panel.page, 0, (maps.count - 1) / on_page);
  const int first = panel.page * on_page, count = std::min(on_page, maps.count - first);
  draw_tiles(count, on_page,
             [&](int i, ImVec2 low, float side) { draw_tile(panel, maps, first + i, low, side); });
  pager("Maps before", "Maps after", panel.page, maps.count, on_page);
}

// A flat list: its numbers as cells, row by row.
void draw_units(const MapsView& view, const Maps& maps) {
  if (view.values.size() > std::size_t(kMostUnits)) muted_small(words::kFirstUnits);
  const float width = std::min(ImGui::GetContentRegionAvail().x, 16.0f * float(maps.width));
  const float height = width / float(maps.width) * float(maps.height);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const std::string count = counted(engine::u64(view.values.size()), "unit", "units");
  if (image_item("Units", {width, height}, count))
    draw_map(maps, 0, low, {low.x + width, low.y + height});
}

void draw_selected(const Maps& maps, int map) {
  section_title(("Map " + std::to_string(map + 1)).c_str(),
                print("%d × %d", maps.height, maps.width).c_str());
  const float side = std::min(ImGui::GetContentRegionAvail().x, 320.0f);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (image_item("Selected map", {side, side}))
    draw_map(maps, map, low, {low.x + side, low.y + side});
  const std::span<const f32> values = maps.at(map);
  double sum = 0;
  for (const f32 value : values) sum += double(value);
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  value_row("Smallest value", number(double(*least), 3).c_str());
  value_row("Largest value", number(double(*most), 3).c_str());
  value_row("Mean", number(sum / double(values.size()), 3).c_str());
}

// A flat list that is short: each number with its name, if it stands for a class.
void draw_numbers(const Model& model) {
  const MapsView& view = model.maps;
  const bool classes = view.values.size() == kClassNames.size() &&
                       stands_for_classes(model.active.network, view.facts.layer);
  section_title("Numbers");
  const std::size_t shown = std::min<std::size_t>(view.values.size(), 24);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string name = classes ? kClassNames[i] : "Unit " + std::to_string(i + 1);
    value_row(name.c_str(), number(double(view.values[i]), 3).c_str());
  }
  if (view.values.size() > shown) muted_small(words::kFirstNumbers);
}

void draw_overview_card(MapsPanel& panel, const Model& model, const Maps& maps, Actions& out) {
  if (begin_card("maps")) {
    section_title("What a layer makes of your drawing");
    if (model.active.from == WeightsFrom::training) badge("learning now", look::palette().accent);
    draw_layer_choice(model, out);
    draw_facts(model.maps, maps);
    gap(4);
    is_flat(model.maps) ? draw_units(model.maps, maps) : draw_grid(panel, maps);
  }
  end_card();
}

void draw_selected_card(MapsPanel& panel, const Model& model, const Maps& maps) {
  if (begin_card("selected map"))
    is_flat(model.maps) ? draw_numbers(model) : draw_selected(maps, panel.selected);
  end_card();
}

// Why there is nothing to show.
void draw_nothing_card(const Model& model) {
  const std::string& problem = model.prediction.problem;
  const bool no_weights = model.active.from == WeightsFrom::nothing;
  const char* title = no_weights        ? words::kNoWeightsTitle
                      : problem.empty() ? words::kNoMapsTitle
                                        : words::kNoReaderTitle;
  const char* sentence = no_weights        ? words::kNoWeights
                         : problem.empty() ? words::kNoMaps
                                           : problem.c_str();
  if (begin_card("no maps")) empty_state(look::kIconEye, title, sentence);
  end_card();
}

}  // namespace

bool stands_for_classes(const spec::Network& network, std::size_t layer) {
  const auto after =
      network.layers.begin() + std::ptrdiff_t(std::min(layer + 1, network.layers.size()));
  return std::all_of(after, network.layers.end(), [](const spec::NamedLayer& named) {
    return std::holds_alternative<spec::Flatten>(named.layer) ||
           std::holds_alternative<spec::LogSoftmax>(named.layer) ||
           std::holds_alternative<spec::Softmax>(named.layer) ||
           std::holds_alternative<spec::Sigmoid>(named.layer);
  });
}

int silent_maps(const MapsView& view) {
  const std::size_t area = std::size_t(view.facts.height) * view.facts.width;
  int silent = 0;
  for (std::size_t at = 0; area > 0 && at + area <= view.values.size(); at += area) {
    const auto first = view.values.begin() + std::ptrdiff_t(at);
    silent += std::all_of(first, first + std::ptrdiff_t(area), [](f32 v) { return v == 0; });
  }
  return silent;
}

void draw_maps(MapsPanel& panel, const Model& model, Actions& out) {
  // A network that names no garments sees them all the same.
  const bool there =
      model.prediction.saw && !model.maps.values.empty() && !model.active.network.layers.empty();
  if (!there) return draw_nothing_card(model);
  const Maps maps = maps_of(model.maps);
  panel.selected = std::clamp(panel.selected, 0, maps.count - 1);
  beside(
      "maps", [&] { draw_overview_card(panel, model, maps, out); },
      [&] { draw_selected_card(panel, model, maps); });
}

}  // namespace ui
