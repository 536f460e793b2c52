#include "ui/panels/look.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/pager.hpp"
#include "ui/widgets/tiles.hpp"

namespace ui {
namespace {

constexpr int kImageSide = 28;
constexpr std::array kViews = {"Filters", "Maps", "Mistakes"};  // in the order of LookView

struct Filters {
  std::span<const f32> values;  // (count, channels, size, size)
  int count = 0, channels = 0, size = 0;
  float scale = 0;  // 1 / largest magnitude of all

  std::span<const f32> at(int filter, int channel) const {
    const auto area = std::size_t(size) * std::size_t(size);
    return values.subspan(
        (std::size_t(filter) * std::size_t(channels) + std::size_t(channel)) * area, area);
  }
};

Filters filters_of(const ActiveModel& active) {
  Filters out{.values = active.filters,
              .count = active.filter_count,
              .channels = active.filter_channels,
              .size = active.filter_size};
  const bool sane = out.count > 0 && out.channels > 0 && out.size > 0;
  const auto needed = sane ? std::size_t(out.count) * std::size_t(out.channels) *
                                 std::size_t(out.size) * std::size_t(out.size)
                           : 1;
  if (out.values.size() < needed) return {};
  const float largest = largest_magnitude(out.values);
  out.scale = largest > 0 ? 1 / largest : 0;
  return out;
}

// The colour map with its ends and zero.
void draw_legend(float largest) {
  const look::Palette& colours = look::palette();
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (!image_item("Colours of the weights", {width, 32},
                  print("-%.3g to %.3g", double(largest), double(largest))))
    return;
  tooltip(words::kHelpLegend);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float middle = low.x + width / 2, bottom = low.y + 8;
  list->AddRectFilledMultiColor(low, {middle, bottom}, colours.negative, colours.zero, colours.zero,
                                colours.negative);
  list->AddRectFilledMultiColor({middle, low.y}, {low.x + width, bottom}, colours.zero,
                                colours.positive, colours.positive, colours.zero);
  ImFont* font = look::fonts().figures;
  const std::string left = print("−%.3g", double(largest)), right = print("%.3g", double(largest));
  draw_text(list, font, {low.x, bottom + 6}, colours.muted, left);
  draw_text(list, font, {middle - measure(font, "0").x / 2, bottom + 6}, colours.muted, "0");
  draw_text(list, font, {low.x + width - measure(font, right).x, bottom + 6}, colours.muted, right);
}

void draw_tile(LookPanel& panel, const Filters& filters, int filter, ImVec2 low, float side) {
  const bool selected = panel.selected == filter;
  if (option_tile("Filter " + std::to_string(filter + 1), low, side, selected))
    panel.selected = filter;
  if (!ImGui::IsItemVisible()) return;
  draw_signed(ImGui::GetWindowDrawList(), low, {low.x + side, low.y + side},
              filters.at(filter, panel.channel), filters.size, filters.size, filters.scale);
  option_frame(low, side, selected);
}

void draw_grid(LookPanel& panel, const Filters& filters) {
  const int on_page = filters_on_page(filters.size);
  const int first = panel.page * on_page, count = std::min(on_page, filters.count - first);
  draw_tiles(count, on_page, [&](int i, ImVec2 low, float side) {
    draw_tile(panel, filters, first + i, low, side);
  });
}

// Dark on light cells, light on dark ones.
ImU32 readable_on(ImU32 ground) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(ground);
  return 0.299f * c.x + 0.587f * c.y + 0.114f * c.z > 0.55f ? IM_COL32(16, 18, 22, 255)
                                                            : IM_COL32(250, 250, 252, 255);
}

void draw_numbers(ImDrawList* list, ImVec2 low, float side, std::span<const f32> values, int size,
                  float scale) {
  ImFont* font = look::fonts().figures;
  const float cell = side / float(size);
  for (int i = 0; i < size * size; ++i) {
    const std::string text = number(double(values[std::size_t(i)]), 2);
    const ImVec2 extent = measure(font, text);
    if (extent.x > cell - 4) return;
    const int column = i % size, row = i / size;
    const ImVec2 at{low.x + cell * float(column) + (cell - extent.x) / 2,
                    low.y + cell * float(row) + (cell - extent.y) / 2};
    draw_text(list, font, at, readable_on(look::diverging(values[std::size_t(i)] * scale)), text);
  }
}

void draw_response(const Model& model, std::span<const f32> kernel, int size) {
  gap(4);
  body(size == kImageSide ? words::kUnitResponse : words::kResponse);
  const Prediction& now = model.prediction;
  if (!now.saw) return muted_small(now.problem.empty() ? words::kNoDrawing : now.problem.c_str());
  const std::vector<f32> map = response(model.prediction.seen, kImageSide, kernel, size);
  const float largest = largest_magnitude(map);
  const float side = std::floor((ImGui::GetContentRegionAvail().x - look::kGap) / 2);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (!image_item("Drawing and response", {2 * side + look::kGap, side})) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_smooth(list, low, {low.x + side, low.y + side}, std::span<const f32>(model.prediction.seen),
              kImageSide, kImageSide, look::sequential);
  const ImVec2 second{low.x + side + look::kGap, low.y};
  draw_smooth(list, second, {second.x + side, second.y + side}, map, kImageSide, kImageSide,
              look::diverging, largest > 0 ? 1 / largest : 0);
}

void draw_selected(LookPanel& panel, const Model& model, const Filters& filters) {
  section_title(("Filter " + std::to_string(panel.selected + 1)).c_str(),
                print("%d × %d", filters.size, filters.size).c_str());
  const std::span<const f32> values = filters.at(panel.selected, panel.channel);
  const float side = std::min(ImGui::GetContentRegionAvail().x, 320.0f);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (image_item("Selected filter", {side, side})) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw_signed(list, low, {low.x + side, low.y + side}, values, filters.size, filters.size,
                filters.scale);
    draw_numbers(list, low, side, values, filters.size, filters.scale);
  }
  double sum = 0;
  for (const f32 value : values) sum += double(value);
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  value_row("Smallest weight", number(double(*least), 3).c_str());
  value_row("Largest weight", number(double(*most), 3).c_str());
  value_row("Sum", number(sum, 3).c_str(), words::kHelpSum);
  draw_response(model, values, filters.size);
}

void draw_overview(LookPanel& panel, const Model& model, const Filters& filters) {
  const bool units = filters.size >= kImageSide;
  section_title(units ? "First layer" : "First convolution",
                counted(engine::u64(filters.count), "filter", "filters").c_str());
  muted_small(units ? words::kUnitFilters : words::kConvFilters);
  if (model.active.from == WeightsFrom::training) badge("learning now", look::palette().accent);
  if (filters.channels > 1) {
    if (const auto channel =
            stepper_row("Channel in", panel.channel + 1, 1, filters.channels, panel.editing))
      panel.channel = *channel - 1;
  }
  draw_legend(filters.scale > 0 ? 1 / filters.scale : 0);
  gap(4);
  draw_grid(panel, filters);
  pager("Filters before", "Filters after", panel.page, filters.count,
        filters_on_page(filters.size));
}

void keep_in_range(LookPanel& panel, const Filters& filters) {
  const int on_page = filters_on_page(filters.size);
  panel.selected = std::clamp(panel.selected, 0, filters.count - 1);
  panel.channel = std::clamp(panel.channel, 0, filters.channels - 1);
  panel.page = std::clamp(panel.page, 0, (filters.count - 1) / on_page);
}

void draw_overview_card(LookPanel& panel, const Model& model, const Filters& filters) {
  if (begin_card("filters")) draw_overview(panel, model, filters);
  end_card();
}

void draw_selected_card(LookPanel& panel, const Model& model, const Filters& filters) {
  if (begin_card("selected filter")) draw_selected(panel, model, filters);
  end_card();
}

void draw_filters(LookPanel& panel, const Model& model) {
  const Filters filters = filters_of(model.active);
  if (filters.count == 0) {
    if (begin_card("no filters"))
      empty_state(look::kIconEye, words::kNoFiltersTitle, words::kNoFilters);
    return end_card();
  }
  keep_in_range(panel, filters);
  beside(
      "filters", [&] { draw_overview_card(panel, model, filters); },
      [&] { draw_selected_card(panel, model, filters); });
}

}  // namespace

int filters_on_page(int filter_size) {
  constexpr int kMost = 64, kVertices = 38'000;
  const int cost =
      filter_size <= kMostCells ? 4 * filter_size * filter_size : filter_size * filter_size;
  return std::clamp(kVertices / std::max(cost, 1), 1, kMost);
}

std::vector<f32> response(std::span<const f32> image, int side, std::span<const f32> kernel,
                          int size) {
  const auto area = std::size_t(side) * std::size_t(side);
  std::vector<f32> out(area, 0);
  if (image.size() < area || kernel.size() < std::size_t(size) * std::size_t(size)) return out;
  if (size == side) {
    for (std::size_t i = 0; i < area; ++i) out[i] = kernel[i] * image[i];
    return out;
  }
  for (int i = 0; i < side * side; ++i) {
    f32 sum = 0;
    for (int k = 0; k < size * size; ++k) {
      const int row = i / side + k / size - size / 2, column = i % side + k % size - size / 2;
      if (row < 0 || column < 0 || row >= side || column >= side) continue;
      sum += kernel[std::size_t(k)] *
             image[std::size_t(row) * std::size_t(side) + std::size_t(column)];
    }
    out[std::size_t(i)] = sum;
  }
  return out;
}

void draw_look(LookPanel& panel, const Model& model, Actions& out) {
  if (const auto view = segmented("look at", kViews, static_cast<int>(model.look)))
    out.push_back(ShowLook{static_cast<LookView>(*view)});
  gap(4);
  if (model.look == LookView::filters) draw_filters(panel, model);
  if (model.look == LookView::maps) draw_maps(panel.maps, model, out);
  if (model.look == LookView::mistakes) draw_mistakes(panel.mistakes, model, out);
}

}  // namespace ui
