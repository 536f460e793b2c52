#include "ui/panels/train.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/spec/words.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/runs.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/layer_card.hpp"

namespace ui {
namespace {

using engine::protocol::Phase;

constexpr float kTwoColumns = 640, kLeastSettings = 296, kMostSettings = 360, kBetween = 16,
                kBeside = 600, kButtons = 280;
constexpr std::array kTabs = {"Settings", "Curves", "Runs"};

bool wrong_network(const Model& model) { return model.draft.problem.code != engine::Code::none; }

void draw_start(TrainPanel& panel, const Model& model, Actions& out, float width) {
  const bool can = !wrong_network(model) && model.data.train > 0;
  if (button("Start training", {.emphasis = Emphasis::primary,
                                .icon = &look::kIconPlay,
                                .width = width,
                                .help = words::kHelpStart,
                                .enabled = can})) {
    out.push_back(StartTraining{});
    panel.tab = 1;
  }
}

void draw_buttons(TrainPanel& panel, const Model& model, Actions& out) {
  const float width = ImGui::GetContentRegionAvail().x;
  const float one = std::min(width, kButtons),
              half = std::min((width - look::kGap) / 2, (kButtons - look::kGap) / 2);
  if (!goes_on(model.training.phase)) return draw_start(panel, model, out, one);
  if (model.training.phase == Phase::running) {
    if (button("Pause", {.icon = &look::kIconPause, .width = half, .help = words::kHelpPause}))
      out.push_back(PauseTraining{});
  } else if (button("Resume",
                    {.emphasis = Emphasis::primary, .icon = &look::kIconPlay, .width = half})) {
    out.push_back(ResumeTraining{});
  }
  ImGui::SameLine(0, look::kGap);
  if (button("Stop", {.emphasis = Emphasis::danger,
                      .icon = &look::kIconStop,
                      .width = half,
                      .help = words::kHelpStop})) {
    out.push_back(StopTraining{});
  }
}

std::string plan_text(const Model& model) {
  const u32 there = model.data.train > 0 ? model.data.train : model.data.expected_train;
  const SplitCounts counts = split_counts(there, model.train.fraction, model.train.validation);
  return counted(model.draft.facts.weights, "weight", "weights") + ", " +
         counted(counts.train, "image", "images") + ", " +
         counted(model.train.epochs, "epoch", "epochs");
}

void draw_progress(const TrainingView& training) {
  const engine::protocol::Metrics& now = training.now;
  const float share = now.steps > 0 ? float(double(now.step) / double(now.steps)) : 0;
  progress_bar("Progress", share, {0, 6},
               training.phase == Phase::paused ? look::palette().muted : look::palette().accent);
}

void draw_state(const Model& model) {
  if (goes_on(model.training.phase)) {
    engine::protocol::Metrics now = model.training.now;
    const bool paused = model.training.phase == Phase::paused;
    if (paused)
      now.samples_per_second = now.eta_seconds = 0;  // nothing moves, nothing is left to wait for
    body(((paused ? "Paused · " : "") + progress_text(now)).c_str());
    if (model.restored && model.training.phase == Phase::paused) muted_small(words::kRestored);
  } else if (wrong_network(model)) {
    notice(look::kIconWarning, model.draft.problem.sentence.c_str(), look::palette().bad);
  } else if (model.data.train == 0) {
    notice(look::kIconClock,
           model.data.problem.empty() ? words::kNoDataYet : model.data.problem.c_str(),
           look::palette().warn);
  } else {
    muted_small(plan_text(model).c_str());
  }
}

void draw_engine(const Model& model) {
  const EngineView& engine = model.engine;
  if (engine.gone) return;  // the state says it
  if (engine.failed) {
    const bool busy = goes_on(model.training.phase);
    return notice(look::kIconWarning, busy ? words::kEngineFailed : words::kEngineDied,
                  look::palette().warn);
  }
  if (engine.threads == 0) return;
  const std::string threads = counted(engine.threads, "thread", "threads");
  muted_small((engine.why.empty() ? threads : threads + ": " + engine.why).c_str());
}

void draw_two_columns(TrainPanel& panel, const Model& model, Actions& out) {
  const float width = ImGui::GetContentRegionAvail().x;
  const float settings = std::clamp(std::floor(width * 0.4f), kLeastSettings, kMostSettings);
  if (begin_column("settings", settings)) draw_train_settings(panel, model, out);
  end_column();
  ImGui::SameLine(0, kBetween);
  if (begin_column("results", width - settings - kBetween)) {
    draw_curves(panel, model);
    draw_runs(model, out);
  }
  end_column();
}

void draw_tab(TrainPanel& panel, const Model& model, Actions& out) {
  if (begin_scroll("train")) {
    if (panel.tab == 0) draw_train_settings(panel, model, out);
    if (panel.tab == 1) draw_curves(panel, model);
    if (panel.tab == 2) draw_runs(model, out);
    gap(look::kPad);
  }
  end_scroll();
}

}  // namespace

SplitCounts split_counts(u32 count, f32 fraction, f32 validation) {
  if (count < 2) return {};
  const u32 taken = std::clamp(u32(std::lround(double(count) * double(fraction))), 2u, count);
  const u32 held = std::clamp(u32(std::lround(double(taken) * double(validation))), 1u, taken - 1);
  return {taken - held, held};
}

std::string progress_text(const engine::protocol::Metrics& now) {
  std::string text = "Epoch " + std::to_string(std::min(now.epoch + 1, std::max(now.epochs, 1u))) +
                     " of " + std::to_string(now.epochs);
  if (now.samples_per_second > 0)
    text += " · " + engine::spec::grouped(engine::u64(now.samples_per_second)) + " images/s";
  if (now.eta_seconds > 0 && std::isfinite(now.eta_seconds))
    text += " · " + duration(std::ceil(now.eta_seconds)) + " left";
  return text;
}

void draw_train_controls(TrainPanel& panel, const Model& model, Actions& out) {
  const bool beside = ImGui::GetContentRegionAvail().x >= kBeside;
  ImGui::BeginGroup();
  draw_buttons(panel, model, out);
  ImGui::EndGroup();
  if (beside) ImGui::SameLine(0, kBetween);
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{look::kGap, 2});
  draw_state(model);
  draw_engine(model);
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  if (goes_on(model.training.phase)) draw_progress(model.training);
}

void draw_train(TrainPanel& panel, const Model& model, Actions& out) {
  const bool narrow = ImGui::GetContentRegionAvail().x < kTwoColumns;
  draw_train_controls(panel, model, out);
  if (narrow) {
    if (const auto tab = tabs("train tabs", kTabs, panel.tab)) panel.tab = *tab;
    gap(4);
    draw_tab(panel, model, out);
  } else {
    gap(4);
    draw_two_columns(panel, model, out);
  }
}

}  // namespace ui
