#include "ui/panels/steps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/image.hpp"

namespace ui {
namespace {

using look::palette;

constexpr f32 kBetween = 14, kPad = 16, kWidth = 460;

// Of a sentence that is wrapped to `width`.
f32 text_height(const std::string& text, f32 width) {
  ImFont* font = look::fonts().small;
  const f32 size = font->FontSize * ImGui::GetIO().FontGlobalScale;
  return std::ceil(
      font->CalcTextSizeA(size, 1e9f, width, text.data(), text.data() + text.size()).y);
}

struct Step {
  const char* title;
  std::string sentence;
};

std::string ground_sentence(const engine::protocol::Steps& s) {
  const std::string level = s.even ? "Its ground is grey level " + std::to_string(s.level)
                                   : "Light falls from a side: the ground is a slope";
  const std::string noise = s.noise ? ", give or take " + std::to_string(s.noise) : "";
  return level + noise + "; the ink is " + (s.dark_on_light ? "darker." : "brighter.");
}

std::array<Step, 4> describe_steps(const StepsView& view) {
  const engine::protocol::Steps& s = view.facts;
  const bool stronger = view.fitted != view.prepared;
  return {{{"1  The paper", ground_sentence(s)},
           {"2  Its ink", "The ground is taken away. What is left lies in a box of " +
                              std::to_string(s.box_width) + " × " + std::to_string(s.box_height) +
                              " pixels; level " + std::to_string(s.white) + " becomes white."},
           {"3  28 × 28",
            "The box fills the frame with its longer side, centred, each pixel the "
            "mean of those below it."},
           {"4  Stroke weight", stronger ? "Shrinking made strokes faint: they are as strong again "
                                           "as they were drawn. The network sees this."
                                         : "Shrinking left the strokes as strong as they were. The "
                                           "network sees this."}}};
}

void draw_picture(const StepsPopup& popup, const StepsView& view, int step, ImVec2 low,
                  ImVec2 high) {
  const look::Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low, high, p.paper, 6);
  const ImTextureID texture = step == 0 ? popup.paper : popup.ink;
  if (step < 2) {
    if (texture) list->AddImageRounded(texture, low, high, {0, 0}, {1, 1}, IM_COL32_WHITE, 6);
    if (step == 0) return;
    const engine::protocol::Steps& s = view.facts;
    const f32 x = (high.x - low.x) / static_cast<f32>(s.width),
              y = (high.y - low.y) / static_cast<f32>(s.height);
    const auto left = static_cast<f32>(s.x), top = static_cast<f32>(s.y);
    list->AddRect({low.x + left * x, low.y + top * y},
                  {low.x + (left + static_cast<f32>(s.box_width)) * x,
                   low.y + (top + static_cast<f32>(s.box_height)) * y},
                  p.accent, 0, 0, 1.5f);
    return;
  }
  draw_cells(list, {low.x + 4, low.y + 4}, {high.x - 4, high.y - 4},
             step == 2 ? view.fitted : view.prepared, 28, 28, look::sequential);
}

void draw_all(const StepsPopup& popup, const StepsView& view) {
  const look::Palette& p = palette();
  const std::array<Step, 4> steps = describe_steps(view);
  const f32 side = std::floor((ImGui::GetContentRegionAvail().x - kBetween) / 2);
  constexpr f32 kTitle = 26;
  for (std::size_t row = 0; row < 2; ++row) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    f32 text = 0;
    for (std::size_t column = 0; column < 2; ++column) {
      const Step& step = steps[2 * row + column];
      const ImVec2 low{at.x + static_cast<f32>(column) * (side + kBetween), at.y};
      draw_text(ImGui::GetWindowDrawList(), look::fonts().body, low, p.text, step.title, side);
      ImGui::SetCursorScreenPos({low.x, low.y + kTitle});
      if (image_item(step.title, {side, side}, step.sentence)) {
        draw_picture(popup, view, static_cast<int>(2 * row + column), {low.x, low.y + kTitle},
                     {low.x + side, low.y + kTitle + side});
      }
      ImFont* font = look::fonts().small;
      ImGui::GetWindowDrawList()->AddText(
          font, font->FontSize * ImGui::GetIO().FontGlobalScale, {low.x, low.y + kTitle + side + 6},
          p.muted, step.sentence.data(), step.sentence.data() + step.sentence.size(), side);
      text = std::max(text, text_height(step.sentence, side));
    }
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({2 * side + kBetween, kTitle + side + 6 + text});
    if (row == 0) gap(8);
  }
}

}  // namespace

void draw_steps(StepsPopup& popup, const Model& model, ImVec2 side_high, Actions& out) {
  const StepsView& view = model.steps;
  if (view.open && !popup.shown) ImGui::OpenPopup("steps");
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const f32 width = std::min(kWidth, screen.x - 24);
  const bool beside = side_high.x + 12 + width < screen.x - 12;
  const f32 centred = std::floor((screen.x - width) / 2);
  ImGui::SetNextWindowPos({beside ? side_high.x + 12 : centred, std::floor(screen.y / 2)},
                          ImGuiCond_Always, {0, 0.5f});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{kPad, kPad});
  const bool open = ImGui::BeginPopup("steps");
  if (open) {
    section_title("From your drawing to the network");
    const bool exact = !model.drawing.exact.empty();
    if (model.drawing.blank() || exact || view.facts.white == 0) {
      muted(exact ? words::kStepsExact : words::kStepsBlank);
    } else {
      draw_all(popup, view);
    }
    if (!view.open) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  } else if (view.open && popup.shown) {
    out.push_back(ToggleSteps{});  // closed with a press elsewhere
  }
  popup.shown = view.open && (open || !popup.shown);
  ImGui::PopStyleVar();
}

}  // namespace ui
