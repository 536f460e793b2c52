// What is kept across reloads, as text: the work in progress, the finished runs, the settings of
// the page, and what is needed to find a checkpoint again. Reading is total: what cannot be read is
// left out and the page starts without it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/app/workshop.hpp"

namespace ui {

// Drawing without its picture, network, settings, page, theme.
std::string work_to_json(const Model& model);
void work_from_json(std::string_view text, Model& model);
bool work_uses_trained(std::string_view text);  // the weights trained here were in use

std::string runs_to_json(const std::vector<RunRecord>& runs);
std::vector<RunRecord> runs_from_json(std::string_view text);
// What another tab has stored, with this tab's own runs added or brought up to date; the newest
// kMostRuns of them. An added one comes before those that followed it here: it may be so old that
// the other tab has let it go.
std::vector<RunRecord> merge_runs(std::vector<RunRecord> stored, const std::vector<RunRecord>& own);

// Which checkpoint there is. Each run keeps its own, under checkpoint_key(run); this pointer only
// says which one is the newest, so that a second tab that trains never overwrites the bytes of the
// first.
struct CheckpointNote {
  std::string run;  // as of new_run()
  u32 saved = 0;    // seconds since 2020, to see whether another tab still writes
  u32 tab = 0;  // that wrote it; the same tab after a reload need not ask whether it still trains
  u32 epoch = 0, step = 0;
  u32 train_images = 0;  // that the worker had: it needs as many to go on
  RunStart start;
  std::vector<CurvePoint> train_epochs, validation_epochs;
};
std::string note_to_json(const CheckpointNote& note);
std::optional<CheckpointNote> note_from_json(std::string_view text);
std::string checkpoint_key(std::string_view run);

// A name for a run that begins: 16 hex digits, its first second (since 2020) and `chance`.
std::string new_run(u32 seconds, u32 chance);
// Of the keys, one a line, the checkpoints of runs that began more than a day ago.
std::vector<std::string> old_checkpoints(std::string_view keys, u32 seconds);

}  // namespace ui
