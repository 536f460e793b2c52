#include "ui/panels/help.hpp"

#include <algorithm>
#include <cmath>

#include "imgui_internal.h"
#include "ui/look/theme.hpp"
#include "ui/panels/meanings.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {
namespace {

using look::palette;

struct Row {
  const char* left;
  const char* right;
};

constexpr Row kPagesRows[] = {{"Draw",
                               "Draw a garment. The network answers while you draw. Beside it is "
                               "the 28 × 28 picture that it really sees: "
                               "cropped, centred and scaled like the training images."},
                              {"Build",
                               "Put layers together. Shapes and numbers of weights follow at once; "
                               "what cannot work says why, and what to "
                               "change."},
                              {"Train",
                               "Train the network in this page, on FashionMNIST. Your drawing is "
                               "classified by the learning network all "
                               "along. A run survives a reload: it comes back paused."},
                              {"Look",
                               "See what the first layer has learned, filter by filter, what each "
                               "layer makes of your drawing, and which "
                               "test images the network gets wrong."},
                              {"Lab",
                               "Part 1 of the lab: tell two handwritten digits apart, and take "
                               "both pictures and the NumPy program."},
                              {"Files",
                               "Drop or paste a picture anywhere. Weights (.safetensors, .pt, "
                               ".onnx, .npz), networks and capsules (JSON) open the same way. "
                               "Nothing leaves this machine."}};

constexpr Row kKeyRows[] = {
    {"Space", "start, pause or resume training"},
    {"R", "a random test image"},
    {"Ctrl+Z, Ctrl+Y", "undo, redo: drawing, network and settings"},
    {"B, E, F", "brush, eraser, fill"},
    {"[ and ]", "smaller or larger brush"},
    {"Delete", "empty the paper, while it is in view"},
    {"1, 2, 3, 4, 5", "Draw, Build, Train, Look, Lab"},
    {"Ctrl+O, Ctrl+S", "open a file, download the weights"},
    {"Arrow keys, Enter", "move among the controls, use one"},
    {"Shift+Up, Shift+Down", "move the layer that has the focus; Delete removes it"},
    {"Tab", "leave the canvas"},
    {"?, Esc", "this page, close it"}};

void draw_rows(std::span<const Row> rows, f32 indent) {
  const look::Palette& p = palette();
  for (const Row& row : rows) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(ImGui::GetWindowDrawList(), look::fonts().strong, at, p.text, row.left, indent - 8);
    ImGui::SetCursorScreenPos({at.x + indent, at.y});
    ImGui::BeginGroup();
    muted(row.right);
    ImGui::EndGroup();
    gap(4);
  }
}

void draw_meanings() {
  for (const MeaningGroup& group : meanings()) {
    hairline();
    gap(8);
    section_title(group.title);
    for (const Meaning& row : group.rows) {
      body(row.label.c_str());
      muted_small(row.help.c_str());
      gap(4);
    }
    gap(8);
  }
}

// A sheet in the middle of the window, over a veil that a click closes.
void draw_sheet(Actions& out) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const f32 width = std::min(680.0f, screen.x - 24),
            height = std::min(look::coarse_pointer() ? 500.0f : 640.0f, screen.y - 24);
  ImGui::SetNextWindowPos(
      {std::floor((screen.x - width) / 2), std::floor((screen.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, palette().surface);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2{24, 20});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin(
      "Help sheet", nullptr,
      ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(ImGui::GetWindowDrawList(), look::fonts().title, {at.x, at.y + 4}, palette().text,
            "Atelier");
  ImGui::SetCursorScreenPos({at.x + ImGui::GetContentRegionAvail().x - control_height(), at.y});
  if (icon_button("Close help", look::kIconClose, {.help = "Esc"})) out.push_back(ToggleHelp{});
  ImGui::SetCursorScreenPos({at.x, at.y + 44});
  begin_scroll("help text");
  const f32 indent = width < 500 ? 96.0f : 150.0f;
  draw_rows(kPagesRows, indent);
  gap(8);
  if (look::coarse_pointer()) {
    draw_meanings();
  } else {
    hairline();
    gap(8);
    section_title("Keys");
    draw_rows(kKeyRows, indent);
  }
  end_scroll();
  ImGui::End();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

}  // namespace

void draw_help(const Model& model, Actions& out) {
  if (!model.help_open) return;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, look::with_alpha(IM_COL32_BLACK, 0.5f));
  ImGui::Begin("Veil", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoFocusOnAppearing);
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(0) && !ImGui::IsWindowAppearing())
    out.push_back(ToggleHelp{});
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  draw_sheet(out);
}

}  // namespace ui
