// Training: the controls that stay on top, settings, curves and finished runs. Scrolls inside the
// current region. Two columns from 640 px on; below that, three tabs.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// What the sheet of examples depends on.
struct SheetOf {
  engine::spec::Augment augment;
  bool versions = false, drawings = false, nothings = false;
  u32 permute = 0;
  bool operator==(const SheetOf&) const = default;
};

// All that the panel remembers between frames.
struct TrainPanel {
  Editing editing;
  int tab = 0;  // on a narrow screen: 0 settings, 1 curves, 2 runs
  bool log_loss = false;
  bool more = false;                // the settings that are seldom needed are shown
  std::optional<SheetOf> sheet_of;  // what the sheet was last asked for
};

void draw_train(TrainPanel& panel, const Model& model, Actions& out);

// The parts, each over the width that is left.
void draw_train_controls(TrainPanel& panel, const Model& model, Actions& out);
void draw_train_settings(TrainPanel& panel, const Model& model, Actions& out);
void draw_drawings(TrainPanel& panel, const Model& model, engine::spec::Train& train,
                   bool& changed);
void draw_augmentation(TrainPanel& panel, const Model& model, engine::spec::Train& train,
                       bool& changed, Actions& out);
void draw_more(TrainPanel& panel, engine::spec::Train& train, bool& changed);
void draw_curves(TrainPanel& panel, const Model& model);

// How many of `count` images train and validate: the engine's own rule (data/split.hpp).
struct SplitCounts {
  u32 train = 0, validation = 0;
  bool operator==(const SplitCounts&) const = default;
};
SplitCounts split_counts(u32 count, f32 fraction, f32 validation);

// What one epoch trains on, when `images` of the data set train.
engine::u64 samples_per_epoch(const engine::spec::Train& train, u32 images);

// The learning rate at `t` of a run (0 begin, 1 end) as a share of its largest: for the sketch of
// the schedule. The engine computes its own, train/schedule.hpp, by the same formulas.
f32 relative_rate(const engine::spec::Train& train, f32 t);

// "Epoch 2 of 5 · 12,345 images/s · 1 min 20 s left"; what is not known yet is left out.
std::string progress_text(const engine::protocol::Metrics& now);

// Position of the validated epoch with the best accuracy (the first of equals); -1 without one.
f32 best_position(std::span<const CurvePoint> validation);

f32 three_digits(f32 value);  // rounded to three significant digits, as log sliders report

}  // namespace ui
