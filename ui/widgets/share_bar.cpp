#include "ui/widgets/share_bar.hpp"

#include <algorithm>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

constexpr float kHeight = 12, kChip = 8, kLegendLine = 22, kBetween = 16;

// Strong to weak shades of the one accent; the order in the bar tells neighbours apart as well.
ImU32 shade(std::size_t i, std::size_t count) {
  const float weak = count > 1 ? float(i) / float(count - 1) : 0;
  return look::blend(look::palette().accent,
                     look::blend(look::palette().surface, look::palette().muted, 0.35f), weak);
}

void draw_bar(ImDrawList* list, ImVec2 low, float width, std::span<const Share> shares,
              engine::u64 whole) {
  float x = low.x;
  engine::u64 before = 0;
  list->PushClipRect(low, {low.x + width, low.y + kHeight}, true);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    before += shares[i].amount;
    const float end = low.x + width * float(double(before) / double(whole));
    const bool first = i == 0, last = i + 1 == shares.size();
    const ImDrawFlags corners =
        (first ? ImDrawFlags_RoundCornersLeft : 0) | (last ? ImDrawFlags_RoundCornersRight : 0);
    const float right = last ? end : std::max(end - 1.5f, x + 0.5f);  // a seam between neighbours
    list->AddRectFilled({x, low.y}, {right, low.y + kHeight}, shade(i, shares.size()), kHeight / 2,
                        corners ? corners : ImDrawFlags_RoundCornersNone);
    x = end;
  }
  list->PopClipRect();
}

std::string legend_text(const Share& share, engine::u64 whole) {
  return share.name + "  " + percent(float(double(share.amount) / double(whole)), 1);
}

// Places the legend, drawing it when `list` is given; returns its height.
float legend(ImDrawList* list, ImVec2 low, float width, std::span<const Share> shares,
             engine::u64 whole) {
  ImFont* font = look::fonts().small;
  float x = 0, y = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::string text = legend_text(shares[i], whole);
    const ImVec2 extent = measure(font, text);
    if (x > 0 && x + kChip + 6 + extent.x > width) x = 0, y += kLegendLine;
    if (list) {
      const float middle = low.y + y + kLegendLine / 2;
      list->AddRectFilled({low.x + x, middle - kChip / 2}, {low.x + x + kChip, middle + kChip / 2},
                          shade(i, shares.size()), 2);
      draw_text(list, font, {low.x + x + kChip + 6, middle - extent.y / 2}, look::palette().muted,
                text);
    }
    x += kChip + 6 + extent.x + kBetween;
  }
  return y + kLegendLine;
}

}  // namespace

std::vector<Share> largest_shares(std::span<const Share> shares, int most) {
  std::vector<Share> out;
  for (const Share& share : shares) {
    if (share.amount > 0) out.push_back(share);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Share& a, const Share& b) { return a.amount > b.amount; });
  const auto kept = std::size_t(std::max(most, 1)) - 1;
  if (out.size() <= kept + 1) return out;
  Share rest{.name = "others", .amount = 0};
  for (std::size_t i = kept; i < out.size(); ++i) rest.amount += out[i].amount;
  out.resize(kept);
  out.push_back(rest);
  return out;
}

void share_bar(const char* label, std::span<const Share> shares) {
  engine::u64 whole = 0;
  for (const Share& share : shares) whole += share.amount;
  if (whole == 0) return;
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImVec2 low = window->DC.CursorPos;
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = kHeight + 6 + legend(nullptr, {}, width, shares, whole);
  const ImRect box(low, {low.x + width, low.y + height});
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, window->GetID(label), nullptr, ImGuiItemFlags_NoNav)) return;
  draw_bar(window->DrawList, low, width, shares, whole);
  legend(window->DrawList, {low.x, low.y + kHeight + 6}, width, shares, whole);
  std::string spoken;
  for (const Share& share : shares)
    spoken += (spoken.empty() ? "" : ", ") + legend_text(share, whole);
  describe(label, "image", spoken);
}

}  // namespace ui
