#include "ui/panels/lab.hpp"

#include <algorithm>
#include <cmath>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/image.hpp"
#include "ui/widgets/layer_card.hpp"
#include "ui/widgets/plot.hpp"

namespace ui {
namespace {

constexpr float kTwoColumns = 640, kSettings = 296, kBetween = 16, kButtons = 200,
                kPlotHeight = 220;
constexpr std::array kTabs = {"Settings", "Result"};
constexpr std::array kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
constexpr std::array kActivations = {"ReLU", "Sigmoid"};

bool running(const Model& model) { return model.lab.phase == LabPhase::running; }

void draw_button(LabPanel& panel, const Model& model, Actions& out) {
  const float width = std::min(ImGui::GetContentRegionAvail().x, kButtons);
  if (running(model)) {
    if (button("Stop the digits", {.emphasis = Emphasis::danger,
                                   .icon = &look::kIconStop,
                                   .width = width,
                                   .help = words::kHelpStop}))
      out.push_back(StopLab{});
  } else if (button("Train the digits", {.emphasis = Emphasis::primary,
                                         .icon = &look::kIconPlay,
                                         .width = width,
                                         .help = words::kHelpLabStart,
                                         .enabled = !model.engine.failed})) {
    out.push_back(StartLab{});
    panel.tab = 1;
  }
}

void draw_state(const LabView& lab) {
  if (lab.phase == LabPhase::running) return body(lab_progress_text(lab).c_str());
  if (lab.phase == LabPhase::failed)
    return notice(look::kIconWarning, lab.ending.c_str(), look::palette().bad);
  muted_small(words::kLabTask);
}

void draw_controls(LabPanel& panel, const Model& model, Actions& out) {
  ImGui::BeginGroup();
  draw_button(panel, model, out);
  ImGui::EndGroup();
  if (ImGui::GetContentRegionAvail().x >= 520) ImGui::SameLine(0, kBetween);
  ImGui::BeginGroup();
  draw_state(model.lab);
  ImGui::EndGroup();
  if (running(model)) progress_bar("Progress of the digits", model.lab.progress, {0, 6});
}

// Two digits that differ: the one that is chosen twice leaves its place to the other.
void choose(LabSettings& settings, u32 LabSettings::* which, u32 LabSettings::* other, int digit) {
  if (settings.*other == u32(digit)) settings.*other = settings.*which;
  settings.*which = u32(digit);
}

void draw_digits(LabSettings& s) {
  section_title("Digits");
  if (const auto digit = choice_row("First digit", kDigits, int(s.first), words::kHelpLabDigits))
    choose(s, &LabSettings::first, &LabSettings::second, *digit);
  if (const auto digit = choice_row("Second digit", kDigits, int(s.second), words::kHelpLabDigits))
    choose(s, &LabSettings::second, &LabSettings::first, *digit);
}

void draw_layers(LabPanel& panel, LabSettings& s) {
  section_title("Network");
  const auto end = std::find(s.hidden.begin(), s.hidden.end(), 0u);
  const int layers = int(end - s.hidden.begin());
  const auto count = stepper_row("Hidden layers", layers, 0, int(s.hidden.size()), panel.editing,
                                 {.help = words::kHelpLabLayers});
  for (int i = 0; i < layers; ++i) {
    const std::string label = "Units of layer " + std::to_string(i + 1);
    const auto units =
        stepper_row(label.c_str(), int(s.hidden[std::size_t(i)]), 1, LabSettings::kMostUnits,
                    panel.editing, {.step = 10, .help = words::kHelpLabUnits});
    if (units) s.hidden[std::size_t(i)] = u32(*units);
  }
  if (count) {
    for (int i = 0; i < int(s.hidden.size()); ++i) {
      u32& units = s.hidden[std::size_t(i)];
      units = i >= *count ? 0 : units == 0 ? 20 : units;
    }
  }
  gap(4);
  if (const auto chosen = segmented("activation", kActivations, int(s.activation), -1))
    s.activation = u32(*chosen);
}

void draw_training(LabPanel& panel, LabSettings& s) {
  section_title("Training");
  if (const auto epochs = stepper_row("Epochs", int(s.epochs), 1, LabSettings::kMostEpochs,
                                      panel.editing, {.help = words::kHelpEpochs}))
    s.epochs = u32(*epochs);
  if (const auto batch =
          stepper_row("Batch size", int(s.batch), 1, LabSettings::kMostBatch, panel.editing,
                      {.step = s.batch >= 32 ? 16 : 4, .help = words::kHelpBatch}))
    s.batch = u32(*batch);
  if (const auto rate =
          slider_row("Learning rate", s.rate, 0.001f, LabSettings::kMostRate, panel.editing,
                     {.format = "%.5g", .logarithmic = true, .help = words::kHelpLabRate}))
    s.rate = three_digits(*rate);
  if (const auto seed = stepper_row("Seed", int(s.seed), 0, LabSettings::kMostSeed, panel.editing,
                                    {.help = words::kHelpSeed}))
    s.seed = u32(*seed);
}

void draw_settings(LabPanel& panel, const Model& model, Actions& out) {
  LabSettings settings = model.lab.settings;
  if (begin_card("lab digits")) draw_digits(settings);
  end_card();
  if (begin_card("lab network")) draw_layers(panel, settings);
  end_card();
  if (begin_card("lab training")) draw_training(panel, settings);
  end_card();
  if (settings != model.lab.settings) out.push_back(SetLab{settings});
}

void draw_errors(const LabView& lab) {
  section_title("Mean squared error");
  const look::Palette& colours = look::palette();
  const std::span<const LabPoint> points = lab.errors;
  std::array curves = {
      series("Training", colours.train, points, &LabPoint::epoch, &LabPoint::train),
      series("Validation", colours.validation, points, &LabPoint::epoch, &LabPoint::validation)};
  curves[1].dashed = true;
  curves[0].markers = curves[1].markers = points.size() <= 40;
  PlotLook look{
      .x_name = "epoch",
      .x_high = float(std::max(1u, lab.epochs)),
      .whole_x = true,
      .empty = lab.phase == LabPhase::running ? words::kLabCurveComes : words::kNoLabCurve};
  const auto least = std::min_element(
      points.begin(), points.end(),
      [](const LabPoint& a, const LabPoint& b) { return a.validation < b.validation; });
  if (least != points.end()) look.marked_x = least->epoch;
  look.marked_name = "best";
  plot("Errors of the digits", {ImGui::GetContentRegionAvail().x, kPlotHeight}, curves, look);
}

void draw_result(const LabView& lab) {
  const float half = (ImGui::GetContentRegionAvail().x - look::kGap) / 2;
  section_title(
      "Result",
      (std::to_string(lab.ran.first) + " against " + std::to_string(lab.ran.second)).c_str());
  const f32 error = lab.total > 0 ? f32(lab.wrong) / f32(lab.total) : 0;
  figure("test error", percent(error, 2).c_str(), half);
  ImGui::SameLine(0, look::kGap);
  figure("best epoch", std::to_string(lab.best_epoch + 1).c_str(), half);
  muted_small((std::to_string(lab.wrong) + " of " + std::to_string(lab.total) +
               " test images are taken for the other digit.")
                  .c_str());
  if (!lab.ending.empty()) notice(look::kIconWarning, lab.ending.c_str(), look::palette().warn);
}

void draw_picture(LabPanel& panel, const LabView& lab, std::size_t which, const char* label) {
  const LabPicture& picture = lab.pictures[which];
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = std::floor(width * float(picture.height) / float(picture.width));
  const ImVec2 low = ImGui::GetCursorScreenPos(), high{low.x + width, low.y + height};
  if (!image_item(label, {width, height}) || !panel.pictures[which]) return;
  ImGui::GetWindowDrawList()->AddImageRounded(panel.pictures[which], low, high, {0, 0}, {1, 1},
                                              IM_COL32_WHITE, look::kRadius);
}

void draw_file(LabPanel& panel, const LabView& lab, LabFile file, const char* label,
               const char* save, Actions& out) {
  draw_picture(panel, lab, std::size_t(file), label);
  gap(4);
  if (button(save, {.icon = &look::kIconDownload, .width = -1})) out.push_back(DownloadLab{file});
}

void draw_hand_in(LabPanel& panel, const LabView& lab, Actions& out) {
  section_title("For your hand-in");
  draw_file(panel, lab, LabFile::classification, "Picture of the classification",
            "numpy_nn_classification.png", out);
  gap(8);
  draw_file(panel, lab, LabFile::training, "Picture of the training", "numpy_nn_training.png", out);
  gap(8);
  if (button("numpy_nn.py",
             {.icon = &look::kIconDownload, .width = -1, .help = words::kHelpLabProgram}))
    out.push_back(DownloadLab{LabFile::program});
}

// While it runs the curves come first, then what it made.
void draw_results(LabPanel& panel, const Model& model, Actions& out) {
  const LabView& lab = model.lab;
  const auto card = [](const char* id, auto&& contents) {
    if (begin_card(id)) contents();
    end_card();
  };
  if (lab.phase == LabPhase::finished && lab.pictures[1].width > 0) {
    card("lab result", [&] { draw_result(lab); });
    card("lab pictures", [&] { draw_hand_in(panel, lab, out); });
    card("lab errors", [&] { draw_errors(lab); });
  } else {
    card("lab errors", [&] { draw_errors(lab); });
    card("lab pictures", [&] { muted_small(words::kNoLabPicture); });
  }
}

}  // namespace

std::string lab_progress_text(const LabView& lab) {
  const auto epoch = std::min<engine::u64>(lab.errors.size() + 1, std::max(1u, lab.epochs));
  std::string text = "Epoch " + std::to_string(epoch) + " of " + std::to_string(lab.epochs);
  if (lab.progress <= 0) return text + " · loading the images";
  if (lab.eta_seconds > 0 && std::isfinite(lab.eta_seconds))
    text += " · " + duration(std::ceil(lab.eta_seconds)) + " left";
  return text;
}

void draw_lab(LabPanel& panel, const Model& model, Actions& out) {
  const float width = ImGui::GetContentRegionAvail().x;
  draw_controls(panel, model, out);
  gap(4);
  if (width < kTwoColumns) {
    if (const auto tab = tabs("lab tabs", kTabs, panel.tab)) panel.tab = *tab;
    gap(4);
    if (begin_scroll("lab")) {
      panel.tab == 0 ? draw_settings(panel, model, out) : draw_results(panel, model, out);
      gap(look::kPad);
    }
    return end_scroll();
  }
  if (begin_column("lab settings", kSettings)) draw_settings(panel, model, out);
  end_column();
  ImGui::SameLine(0, kBetween);
  if (begin_column("lab results", width - kSettings - kBetween)) draw_results(panel, model, out);
  end_column();
}

}  // namespace ui
