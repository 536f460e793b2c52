#include "ui/panels/runs.hpp"

#include <array>
#include <string>

#include "engine/spec/words.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

constexpr float kTable = 900;
constexpr std::array kColumns = {"Network", "Test", "Validation", "Weights",
                                 "Epochs",  "Time", "Hash",       ""};

std::string label_of(const char* text, int index) { return text + ("##" + std::to_string(index)); }
std::string use_label(int index) { return label_of("Use these settings", index); }

const char* ending_text(engine::protocol::Ending ending) {
  switch (ending) {
    case engine::protocol::Ending::completed:
      return "";
    case engine::protocol::Ending::stopped:
      return "stopped";
    case engine::protocol::Ending::early:
      return "ended early";
    case engine::protocol::Ending::diverged:
      return "diverged";
  }
  return "";
}

std::string hash_of(const RunRecord& run) {
  return hash_text(run.hash) + (run.verified ? words::kVerified : "");
}

// Both are greyed out while the run's capsule is on its way, and in runs of older pages. Their
// tooltips say why.
void draw_capsule_buttons(const Model& model, const RunRecord& run, int index, Actions& out) {
  const bool there = !run.capsule.empty(), busy = goes_on(model.training.phase);
  if (icon_button(label_of("Download capsule", index).c_str(), look::kIconDownload,
                  {.help = there ? words::kHelpCapsule : words::kNoCapsule, .enabled = there}))
    out.push_back(DownloadCapsule{index});
  ImGui::SameLine(0, look::kGap);
  const char* help = !there ? words::kNoCapsule : busy ? words::kRunUnderWay : words::kHelpReplay;
  if (icon_button(label_of("Replay", index).c_str(), look::kIconRefresh,
                  {.help = help, .enabled = there && !busy}))
    out.push_back(ReplayRun{index});
}

// How far a replay is, and what came out.
void draw_replay(const ReplayView& replay) {
  using Verdict = ReplayView::Verdict;
  if (replay.verdict == Verdict::none) return;
  if (begin_card("replay")) {
    const std::string name(words::title_of(replay.network_name));
    section_title(("Replay of " + name).c_str());
    if (replay.verdict == Verdict::running) {
      const std::string far = std::to_string(replay.epochs_same) + " of " +
                              counted(replay.epochs, "epoch", "epochs") + " are the same so far";
      const auto share = static_cast<float>(replay.epochs_same) /
                         static_cast<float>(replay.epochs > 0 ? replay.epochs : 1);
      progress_bar("Replay", share, {ImGui::GetContentRegionAvail().x, 6});
      muted_small(far.c_str());
    } else {
      const bool same = replay.verdict == Verdict::same;
      notice(same ? look::kIconCheck : look::kIconWarning, replay.sentence.c_str(),
             same ? look::palette().good : look::palette().bad);
    }
  }
  end_card();
}

void draw_run_card(const Model& model, int index, Actions& out) {
  const RunRecord& run = model.runs[std::size_t(index)];
  if (begin_card(("run" + std::to_string(index)).c_str())) {
    section_title(std::string(words::title_of(run.network_name)).c_str(), ending_text(run.ending));
    const float half = (ImGui::GetContentRegionAvail().x - look::kGap) / 2;
    figure("test accuracy", percent(run.test_accuracy, 2).c_str(), half);
    ImGui::SameLine(0, look::kGap);
    figure("validation accuracy", percent(run.validation_accuracy, 2).c_str(), half);
    const std::string facts = counted(run.weights, "weight", "weights") + " · " +
                              counted(run.epochs, "epoch", "epochs") + " · " +
                              duration(run.seconds) + " · hash " + hash_of(run);
    muted_small(facts.c_str());
    draw_capsule_buttons(model, run, index, out);
    ImGui::SameLine(0, look::kGap);
    if (button(use_label(index).c_str(),
               {.icon = &look::kIconHistory, .width = -1, .help = words::kHelpUseRun}))
      out.push_back(UseRun{index});
  }
  end_card();
}

void cell(const std::string& text, ImFont* font, ImU32 colour) {
  ImGui::TableNextColumn();
  const ImVec2 at = ImGui::GetCursorScreenPos(), extent = measure(font, text);
  ImGui::Dummy({extent.x, 36});
  draw_text(ImGui::GetWindowDrawList(), font, {at.x, at.y + (36 - extent.y) / 2}, colour, text);
}

void draw_run_row(const Model& model, int index, Actions& out) {
  const RunRecord& run = model.runs[std::size_t(index)];
  const look::Palette& colours = look::palette();
  const look::Fonts& fonts = look::fonts();
  ImGui::TableNextRow();
  cell(std::string(words::title_of(run.network_name)), fonts.strong, colours.text);
  cell(percent(run.test_accuracy, 2), fonts.strong, colours.text);
  cell(percent(run.validation_accuracy, 2), fonts.figures, colours.muted);
  cell(engine::spec::grouped(run.weights), fonts.figures, colours.muted);
  cell(std::to_string(run.epochs), fonts.figures, colours.muted);
  cell(duration(run.seconds), fonts.figures, colours.muted);
  cell(hash_of(run), fonts.figures, colours.muted);
  ImGui::TableNextColumn();
  draw_capsule_buttons(model, run, index, out);
  ImGui::SameLine(0, look::kGap);
  if (button(use_label(index).c_str(),
             {.emphasis = Emphasis::quiet, .help = words::kHelpUseRun, .small = true}))
    out.push_back(UseRun{index});
}

void draw_table(const Model& model, Actions& out) {
  const ImGuiTableFlags flags = ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_BordersInnerH |
                                ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("runs", int(kColumns.size()), flags)) return;
  for (const char* name : kColumns)
    ImGui::TableSetupColumn(name, name[0] == 'N' ? ImGuiTableColumnFlags_WidthStretch : 0);
  ImGui::TableNextRow();
  for (const char* name : kColumns) {
    ImGui::TableNextColumn();
    muted_small(name);
  }
  for (int i = int(model.runs.size()) - 1; i >= 0; --i) draw_run_row(model, i, out);
  ImGui::EndTable();
}

}  // namespace

void draw_runs(const Model& model, Actions& out) {
  draw_replay(model.replay);
  if (model.runs.empty()) {
    if (begin_card("no runs")) empty_state(look::kIconHistory, words::kNoRunsTitle, words::kNoRuns);
    end_card();
    return;
  }
  if (ImGui::GetContentRegionAvail().x < kTable) {
    section_title("Runs", "newest first");
    for (int i = int(model.runs.size()) - 1; i >= 0; --i) draw_run_card(model, i, out);
    return;
  }
  if (begin_card("runs card")) {
    section_title("Runs", "newest first");
    draw_table(model, out);
  }
  end_card();
}

}  // namespace ui
