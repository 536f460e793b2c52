#include "ui/panels/status.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "engine/spec/words.hpp"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

using engine::protocol::Phase;
using engine::spec::grouped;
using look::palette;

std::string title_of(const Model& model) {
  const std::string title(words::title_of(model.training.network_name));
  switch (model.training.phase) {
    case Phase::idle:
      break;
    case Phase::running:
      return "Training " + title;
    case Phase::paused:
      return "Paused: " + title;
    case Phase::finished:
      return "Finished: " + title;
    case Phase::failed:
      return "Training failed";
  }
  return "Ready to train";
}

// Name above, value below, right-aligned column by column; gives the new right edge.
f32 draw_figure(f32 right, f32 y, const char* name, const std::string& value) {
  const look::Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const f32 width =
      std::max(measure(look::fonts().figures, value).x, measure(look::fonts().small, name).x);
  draw_text(list, look::fonts().small, {right - width, y}, p.muted, name);
  draw_text(list, look::fonts().figures, {right - width, y + 18}, p.text, value);
  return right - std::max(width, 64.0f) - 20;
}

f32 draw_buttons(const Model& model, f32 right, f32 top, Actions& out) {
  const TrainingView& t = model.training;
  const f32 side = control_height();
  const auto place = [&](f32 width) {
    right -= width;
    ImGui::SetCursorScreenPos({right, top});
    right -= look::kGap;
  };
  if (goes_on(t.phase)) {
    place(side);
    if (icon_button(
            "Stop training", look::kIconStop,
            {.help = "Ends the run and keeps its best weights", .emphasis = Emphasis::secondary})) {
      out.push_back(StopTraining{});
    }
    const bool paused = t.phase == Phase::paused;
    const f32 width = 112;
    place(width);
    if (button(paused ? "Resume" : "Pause", {.emphasis = Emphasis::primary,
                                             .icon = paused ? &look::kIconPlay : &look::kIconPause,
                                             .width = width,
                                             .help = "Space"})) {
      paused ? out.push_back(ResumeTraining{}) : out.push_back(PauseTraining{});
    }
    return right;
  }
  const bool ok = model.draft.problem.code == engine::Code::none, images = model.data.train > 0;
  const std::string& lost = model.data.problem;
  const char* help = !ok            ? model.draft.problem.sentence.c_str()
                     : images       ? words::kHelpStartKey
                     : lost.empty() ? words::kNoDataYet
                                    : lost.c_str();
  const f32 width = 152;
  place(width);
  if (button("Start training", {.emphasis = Emphasis::primary,
                                .icon = &look::kIconPlay,
                                .width = width,
                                .help = help,
                                .enabled = ok && images})) {
    out.push_back(StartTraining{});
  }
  return right;
}

f32 done_share(const TrainingView& t) {
  if (t.phase == Phase::finished) return 1;
  return t.now.steps ? static_cast<f32>(t.now.step) / static_cast<f32>(t.now.steps) : 0;
}

// "0:07", "12:30", "1:02:03"; a dash for what is not known.
std::string clock_text(f32 seconds) {
  if (!(seconds >= 0) || seconds > 359999) return "\u2013";
  const int s = static_cast<int>(seconds + 0.5f);
  char text[24];
  if (s >= 3600)
    std::snprintf(text, sizeof text, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(text, sizeof text, "%d:%02d", s / 60, s % 60);
  return text;
}

// The state in one sentence: "Epoch 3 of 5, 0:42 left".
std::string status_sentence(const Model& model) {
  const TrainingView& t = model.training;
  if (t.phase == Phase::idle) {
    if (!model.data.problem.empty()) return model.data.problem;
    if (model.data.train == 0) return "The training images are on their way.";
    const std::string loaded = grouped(model.data.train) + " training images";
    return model.data.loading ? loaded + " so far, the rest is on its way." : loaded + " are here.";
  }
  if (t.phase == Phase::finished || t.phase == Phase::failed) return t.ending;
  std::string text =
      "Epoch " + std::to_string(std::min(t.now.epoch + 1, std::max(1u, t.now.epochs)));
  if (t.now.epochs) text += " of " + std::to_string(t.now.epochs);
  if (t.phase == Phase::paused) return text + (model.restored ? ", restored after a reload" : "");
  if (t.now.samples_per_second > 0) text += ", " + clock_text(t.now.eta_seconds) + " left";
  return text;
}

}  // namespace

void draw_status(const Model& model, bool narrow, bool buttons, Actions& out) {
  const look::Palette& p = palette();
  const TrainingView& t = model.training;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const f32 width = ImGui::GetContentRegionAvail().x, pad = narrow ? 12.0f : 20.0f;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + kStatusHeight}, p.surface);
  list->AddRectFilled(at, {at.x + width, at.y + 1}, p.line);
  if (goes_on(t.phase)) {
    const ImU32 colour = t.phase == Phase::paused ? p.warn : p.accent;
    list->AddRectFilled(at, {at.x + std::floor(width * done_share(t)), at.y + 2}, colour);
  }
  f32 right = at.x + width - pad;
  if (buttons)
    right =
        draw_buttons(model, right, std::floor(at.y + (kStatusHeight - control_height()) / 2), out) -
        12;
  const f32 y = at.y + 10;
  if (!narrow && t.phase != Phase::idle) {
    if (t.phase == Phase::finished && t.final_test_accuracy >= 0)
      right = draw_figure(right, y, "test", percent(t.final_test_accuracy, 1));
    const bool measured = t.phase == Phase::running && t.now.samples_per_second > 0;
    if (measured)
      right = draw_figure(right, y, "images/s",
                          grouped(static_cast<u32>(std::max(0.0f, t.now.samples_per_second))));
    if (!t.validation_epochs.empty())
      right = draw_figure(right, y, "validation", percent(t.validation_epochs.back().accuracy, 1));
    if (measured && width > 900 && std::isfinite(t.now.loss)) {
      char loss[16];
      std::snprintf(loss, sizeof loss, "%.3f", static_cast<double>(t.now.loss));
      right = draw_figure(right, y, "loss", loss);
    }
  }
  const f32 room = right - at.x - pad;
  const std::string sentence = status_sentence(model);
  draw_text(list, look::fonts().strong, {at.x + pad, y - 1}, p.text, title_of(model), room);
  draw_text(list, look::fonts().small, {at.x + pad, y + 19},
            t.phase == Phase::failed ? p.bad : p.muted, sentence, room);
  ImGui::SetCursorScreenPos({at.x + pad, at.y});
  ImGui::InvisibleButton("Training status", {std::max(1.0f, room), kStatusHeight});
  describe("Training status", "status", title_of(model) + ". " + sentence);
  tooltip(sentence.c_str());
}

}  // namespace ui
