// The curves of a run and how it ended.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/plot.hpp"

namespace ui {
namespace {

using engine::protocol::Phase;

constexpr float kPlotHeight = 220;

float run_length(const TrainingView& training) {
  float length = float(training.now.epochs);
  for (const auto* curve : {&training.steps, &training.train_epochs, &training.validation_epochs}) {
    if (!curve->empty()) length = std::max(length, std::ceil(curve->back().epoch));
  }
  return std::max(length, 1.0f);
}

const char* no_curve(Phase phase) {
  return phase == Phase::running  ? words::kCurveComes
         : phase == Phase::paused ? words::kCurveWaits
                                  : words::kNoCurve;
}

// `which` is the loss or the accuracy of a point.
void draw_plot(const char* label, const TrainingView& training, f32 CurvePoint::* which, bool log_y,
               bool percent) {
  const look::Palette& colours = look::palette();
  // Batches show the course within an epoch; a run that came back from storage has its epochs only.
  const std::vector<CurvePoint>& train =
      training.steps.empty() ? training.train_epochs : training.steps;
  std::array curves = {
      series("Training", colours.train, std::span<const CurvePoint>(train), &CurvePoint::epoch,
             which),
      series("Validation", colours.validation,
             std::span<const CurvePoint>(training.validation_epochs), &CurvePoint::epoch, which)};
  curves[1].dashed = curves[1].markers = true;
  PlotLook look{.x_name = "epoch",
                .x_high = run_length(training),
                .whole_x = true,
                .log_y = log_y,
                .percent = percent,
                .empty = no_curve(training.phase)};
  look.marked_x = best_position(training.validation_epochs);
  look.marked_name = "best";
  plot(label, {ImGui::GetContentRegionAvail().x, kPlotHeight}, curves, look);
}

void draw_loss(TrainPanel& panel, const Model& model) {
  section_title("Loss");
  const float width = 116, height = control_height();
  const ImVec2 after = ImGui::GetCursorScreenPos();
  const float right = after.x + ImGui::GetContentRegionAvail().x;
  // The switch stands in the title's line.
  ImGui::SetCursorScreenPos({right - width, after.y - look::kGap - 12 - height / 2});
  if (ImGui::BeginChild("log", {width, height}, ImGuiChildFlags_None,
                        ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollbar |
                            ImGuiWindowFlags_NoScrollWithMouse)) {
    if (const auto on = switch_row("Log scale", panel.log_loss, words::kHelpLog))
      panel.log_loss = *on;
  }
  ImGui::EndChild();
  ImGui::SetCursorScreenPos(after);
  draw_plot("Loss curve", model.training, &CurvePoint::loss, panel.log_loss, false);
}

void draw_result(const TrainingView& training) {
  const float third = (ImGui::GetContentRegionAvail().x - 2 * look::kGap) / 3;
  const f32 at = best_position(training.validation_epochs);
  f32 best = -1;
  for (const CurvePoint& point : training.validation_epochs) best = std::max(best, point.accuracy);
  figure("test accuracy", percent(training.final_test_accuracy, 2).c_str(), third);
  ImGui::SameLine(0, look::kGap);
  figure("best validation", percent(best, 2).c_str(), third);
  ImGui::SameLine(0, look::kGap);
  figure("best epoch", at < 0 ? "–" : print("%.0f", double(std::ceil(at))).c_str(), third);
  if (!training.ending.empty()) {
    const bool failed = training.phase == Phase::failed;
    notice(failed ? look::kIconWarning : look::kIconCheck, training.ending.c_str(),
           failed ? look::palette().bad : look::palette().good);
  }
  if (training.weight_hash != 0)
    value_row("Hash of the weights", hash_text(training.weight_hash).c_str());
}

}  // namespace

f32 best_position(std::span<const CurvePoint> validation) {
  f32 position = -1, best = -1;
  for (const CurvePoint& point : validation) {
    if (point.accuracy > best) best = point.accuracy, position = point.epoch;
  }
  return position;
}

void draw_curves(TrainPanel& panel, const Model& model) {
  const bool ended =
      model.training.phase == Phase::finished || model.training.phase == Phase::failed;
  if (ended) {
    if (begin_card("result")) {
      section_title("Result", std::string(words::title_of(model.training.network_name)).c_str());
      draw_result(model.training);
    }
    end_card();
  }
  if (begin_card("loss")) draw_loss(panel, model);
  end_card();
  if (begin_card("accuracy")) {
    section_title("Accuracy");
    draw_plot("Accuracy curve", model.training, &CurvePoint::accuracy, false, true);
  }
  end_card();
}

}  // namespace ui
