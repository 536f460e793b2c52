// What an epoch has beyond the photographs, for a network that is to know sketches too.
#include <algorithm>

#include "engine/spec/words.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr u32 kClasses = 10;
// Of the controls; the settings' own limits are wider, and what a capsule brought stays.
constexpr int kMostVersions = 4;
constexpr float kMostDrawings = 5'000, kMostNothings = 50'000;

void whole_row(TrainPanel& panel, const char* label, u32& value, float most, float step,
               const char* help, bool& changed) {
  const auto set = slider_row(label, float(value), 0, std::max(most, float(value)), panel.editing,
                              {.format = "%.0f", .step = step, .help = help});
  if (!set) return;
  value = u32(std::max(0.0f, *set));
  changed = true;
}

}  // namespace

engine::u64 samples_per_epoch(const spec::Train& train, u32 images) {
  return engine::u64(images) * (train.versions + 1) + engine::u64(train.drawings) * kClasses +
         train.nothings;
}

void draw_drawings(TrainPanel& panel, const Model& model, spec::Train& train, bool& changed) {
  section_title("Drawings", train.draws() ? "on" : "off");
  const auto versions = stepper_row("Image versions", int(train.versions), 0,
                                    std::max(kMostVersions, int(train.versions)), panel.editing,
                                    {.help = words::kHelpVersions});
  if (versions) {
    train.versions = u32(*versions);
    changed = true;
  }
  whole_row(panel, "Drawings of each class", train.drawings, kMostDrawings, 100,
            words::kHelpDrawings, changed);
  whole_row(panel, "Pictures of nothing", train.nothings, kMostNothings, 1'000,
            words::kHelpNothings, changed);
  if (!train.draws()) return muted_small(words::kNoDrawings);
  const u32 all = model.data.train > 0 ? model.data.train : model.data.expected_train;
  const u32 images = split_counts(all, train.fraction, train.validation).train;
  value_row("Seen in each epoch", spec::grouped(samples_per_epoch(train, images)).c_str());
  if (train.mixup > 0 && train.nothings > 0) muted_small(words::kNothingsNotMixed);
}

}  // namespace ui
