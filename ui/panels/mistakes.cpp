#include "ui/panels/mistakes.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "engine/spec/words.hpp"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/tiles.hpp"

namespace ui {
namespace {

constexpr float kHeader = 22, kMostCell = 44, kRoomyCell = 28;
constexpr int kClasses = int(kClassNames.size()), kImageSide = 28;
constexpr std::size_t kPixels = std::size_t(kImageSide) * kImageSide, kMostFrequent = 6;

u32 count_of(const MistakesView& view, int label, int answer) {
  return view.counts[std::size_t(label) * kClasses + std::size_t(answer)];
}

std::string name_of(int label, int answer) {
  const std::string name = words::kShortClasses[label];
  return label == answer ? name + " recognised"
                         : name + " taken for " + words::kShortClasses[answer];
}

// Why the test images cannot be named now; null when they can.
const char* obstacle(const Model& model) {
  if (model.mistakes.running) return words::kFindingMistakes;
  if (model.engine.failed) return model.engine.gone ? words::kEngineGone : words::kEngineRestarts;
  if (model.active.from == WeightsFrom::nothing) return words::kNoWeights;
  if (model.data.test > 0) return nullptr;
  return model.data.problem.empty() ? words::kNoTestImages : model.data.problem.c_str();
}

void draw_button(const Model& model, Actions& out) {
  const char* why_not = obstacle(model);
  if (button("Find the mistakes", {.icon = &look::kIconSearch,
                                   .width = -1,
                                   .help = why_not ? why_not : words::kHelpFindMistakes,
                                   .enabled = why_not == nullptr}))
    out.push_back(FindMistakes{});
  if (model.mistakes.running) muted_small(words::kFindingMistakes);
}

void draw_figures(const Model& model) {
  const MistakesView& view = model.mistakes;
  const float third = (ImGui::GetContentRegionAvail().x - 2 * look::kGap) / 3;
  const f32 accuracy = view.total > 0 ? f32(view.correct) / f32(view.total) : -1;
  figure("recognised", percent(accuracy, 2).c_str(), third);
  ImGui::SameLine(0, look::kGap);
  const std::string interval =
      print("%.1f to %.1f", double(view.low) * 100, double(view.high) * 100);
  figure("95 % interval", interval.c_str(), third);
  ImGui::SameLine(0, look::kGap);
  figure("mistakes", engine::spec::grouped(view.total - view.correct).c_str(), third);
  if (view.hash != model.active.hash) muted_small(words::kOtherWeights);
}

// One cell: a choice, or on the diagonal a figure alone, as only mistakes have images to show.
void draw_cell(MistakesPanel& panel, const MistakesView& view, int label, int answer, ImVec2 at,
               float side) {
  const look::Palette& colours = look::palette();
  const bool right = label == answer, selected = panel.label == label && panel.answer == answer;
  const u32 count = count_of(view, label, answer);
  const std::string name = name_of(label, answer), figure = engine::spec::grouped(count);
  ImGui::SetCursorScreenPos(at);
  if (right) {
    image_item(name.c_str(), {side, side}, figure);
  } else {
    const bool pressed = ImGui::InvisibleButton(name.c_str(), {side, side});
    describe(name, "option", figure, selected);
    if (pressed || has_focus_ring()) panel.label = label, panel.answer = answer;
  }
  if (!ImGui::IsItemVisible()) return;
  tooltip((name + ": " + figure).c_str());
  u32 of_class = 0;
  for (int other = 0; other < kClasses; ++other) of_class += count_of(view, label, other);
  const float share = of_class > 0 ? float(count) / float(of_class) : 0;
  // Mistakes are few: the root lets their differences show.
  const ImU32 ground = right ? look::blend(colours.raised, colours.good, 0.5f * share)
                             : look::blend(colours.raised, colours.bad, 0.6f * std::sqrt(share));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 low{at.x + 1, at.y + 1}, high{at.x + side - 1, at.y + side - 1};
  list->AddRectFilled(low, high, ground, 3);
  if (selected) list->AddRect(low, high, colours.accent, 3, 0, 2);
  const ImVec2 extent = measure(look::fonts().figures, figure);
  if (count == 0 || extent.x > side - 2) return;
  draw_text(list, look::fonts().figures,
            {at.x + (side - extent.x) / 2, at.y + (side - extent.y) / 2}, colours.text, figure);
}

void draw_matrix(MistakesPanel& panel, const MistakesView& view) {
  const ImU32 grey = look::palette().muted;
  ImFont* font = look::fonts().small;
  float names = 0;
  for (const char* name : words::kShortClasses) names = std::max(names, measure(font, name).x);
  names += look::kGap;
  const float room = (ImGui::GetContentRegionAvail().x - names) / float(kClasses);
  const float side = std::floor(std::clamp(room, 1.0f, kMostCell));
  const ImVec2 low = ImGui::GetCursorScreenPos(), cells{low.x + names, low.y + kHeader};
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (int i = 0; i < kClasses; ++i) {
    const std::string_view name = words::kShortClasses[i];
    std::string head(name);
    std::erase(head, '-');
    head.resize(side < kRoomyCell ? 2 : 3);
    const float middle = side * (float(i) + 0.5f);
    draw_text(list, font, {low.x, cells.y + middle - measure(font, name).y / 2}, grey, name);
    draw_text(list, font, {cells.x + middle - measure(font, head).x / 2, low.y}, grey, head);
  }
  for (int i = 0; i < kClasses * kClasses; ++i) {
    const int label = i / kClasses, answer = i % kClasses;
    draw_cell(panel, view, label, answer,
              {cells.x + side * float(answer), cells.y + side * float(label)}, side);
  }
  ImGui::SetCursorScreenPos(low);
  ImGui::Dummy({names + side * float(kClasses), kHeader + side * float(kClasses)});
}

// The same choices as the matrix's, large enough for a finger.
void draw_frequent(MistakesPanel& panel, std::span<const MistakenPair> pairs) {
  section_title("Most frequent");
  for (const MistakenPair& pair : pairs.first(std::min(pairs.size(), kMostFrequent))) {
    const std::string text =
        engine::spec::grouped(pair.count) + " × " + name_of(pair.label, pair.answer);
    if (button(text.c_str(), {.width = -1})) panel.label = pair.label, panel.answer = pair.answer;
  }
}

void draw_tile(const MistakesView& view, std::size_t at, ImVec2 low, float side, Actions& out) {
  const engine::protocol::Mistake& mistake = view.list[at];
  const std::string label = "Test image " + std::to_string(mistake.index),
                    share = percent(mistake.share, 0);
  ImGui::SetCursorScreenPos(low);
  if (ImGui::InvisibleButton(label.c_str(), {side, side}))
    out.push_back(ShowTestImage{int(mistake.index)});
  describe(label, "button", share);
  const ImVec2 high{low.x + side, low.y + side};
  if (!ImGui::IsItemVisible()) return;
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  draw_smooth(ImGui::GetWindowDrawList(), low, high,
              std::span(view.pixels).subspan(at * kPixels, kPixels), kImageSide, kImageSide);
  focus_ring(low, high, 3);
  tooltip((label + ": " + words::kShortClasses[mistake.chosen] + " with " + share +
           ". Press to see it on the paper.")
              .c_str());
}

void draw_images(const MistakesView& view, const MistakenPair& pair, Actions& out) {
  section_title(name_of(pair.label, pair.answer).c_str(),
                counted(pair.count, "image", "images").c_str());
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < view.list.size(); ++i) {
    const engine::protocol::Mistake& mistake = view.list[i];
    if (int(mistake.label) == pair.label && int(mistake.chosen) == pair.answer) shown.push_back(i);
  }
  muted_small(shown.empty()               ? words::kNoneMistaken
              : shown.size() < pair.count ? words::kSomeMistaken
                                          : words::kMistakenImages);
  if (shown.empty()) return;
  gap(4);
  const int count = int(shown.size());
  draw_tiles(count, count, [&](int i, ImVec2 low, float side) {
    draw_tile(view, shown[std::size_t(i)], low, side, out);
  });
}

void draw_overview_card(MistakesPanel& panel, const Model& model,
                        std::span<const MistakenPair> pairs, Actions& out) {
  if (begin_card("mistakes")) {
    const std::string images = counted(model.mistakes.total, "image", "images");
    section_title("Test images", images.c_str());
    draw_figures(model);
    draw_matrix(panel, model.mistakes);
    muted_small(words::kHelpMatrix);
    gap(4);
    draw_button(model, out);
    if (!pairs.empty()) draw_frequent(panel, pairs);
  }
  end_card();
}

void draw_images_card(const MistakesView& view, const MistakenPair& pair, Actions& out) {
  if (begin_card("mistaken images")) draw_images(view, pair, out);
  end_card();
}

void draw_nothing_card(const Model& model, Actions& out) {
  if (begin_card("no mistakes")) {
    empty_state(look::kIconSearch, words::kNoMistakesTitle, words::kNoMistakes);
    draw_button(model, out);
  }
  end_card();
}

}  // namespace

std::vector<MistakenPair> frequent_pairs(const MistakesView& view) {
  std::vector<MistakenPair> pairs;
  for (int i = 0; i < kClasses * kClasses && !view.counts.empty(); ++i) {
    const MistakenPair pair{i / kClasses, i % kClasses, view.counts[std::size_t(i)]};
    if (pair.label != pair.answer && pair.count > 0) pairs.push_back(pair);
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const MistakenPair& a, const MistakenPair& b) { return a.count > b.count; });
  return pairs;
}

void draw_mistakes(MistakesPanel& panel, const Model& model, Actions& out) {
  const MistakesView& view = model.mistakes;
  if (view.counts.empty()) return draw_nothing_card(model, out);
  const std::vector<MistakenPair> pairs = frequent_pairs(view);
  const auto chosen = [&] {
    const bool by_user = panel.label >= 0, any = !pairs.empty();
    const int label = by_user ? panel.label : any ? pairs[0].label : 0;
    const int answer = by_user ? panel.answer : any ? pairs[0].answer : 1;
    return MistakenPair{label, answer, count_of(view, label, answer)};
  };
  beside(
      "mistakes", [&] { draw_overview_card(panel, model, pairs, out); },
      [&] { draw_images_card(view, chosen(), out); });
}

}  // namespace ui
