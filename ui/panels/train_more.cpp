// The settings that are seldom needed, behind one button.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr std::array kInits = {"PyTorch", "He, normal", "He, uniform", "Xavier", "Lab"};

struct Row {
  const char* label;
  f32 spec::Train::* at;
  f32 high, shown_as;  // the largest that the slider reaches; factor to what is shown
  SliderLook look;
};
const std::array kRows = {
    Row{"Label smoothing",
        &spec::Train::label_smoothing,
        0.5f,
        100,
        {.format = "%.0f %%", .step = 1, .help = words::kHelpSmoothing}},
    Row{"Mixup",
        &spec::Train::mixup,
        1,
        1,
        {.format = "%.2f", .step = 0.05f, .help = words::kHelpMixup}},
    Row{"Longest gradient",
        &spec::Train::clip_norm,
        10,
        1,
        {.format = "%.1f", .step = 0.1f, .help = words::kHelpClip}},
};

// Near 1, where the useful values lie, a plain slider has no room: it moves over the number of
// steps that are remembered, 1 / (1 - decay).
void draw_average(TrainPanel& panel, spec::Train& train, bool& changed) {
  constexpr f32 kMost = 10'000;  // 0.9999
  const f32 memory = train.ema > 0 ? 1 / (1 - train.ema) : 1;
  const auto steps = slider_row("Averaged over", std::min(memory, kMost), 1, kMost, panel.editing,
                                {.format = train.ema > 0 ? "%.0f steps" : "off",
                                 .logarithmic = true,
                                 .help = words::kHelpEma});
  if (!steps) return;
  const f32 whole = std::round(three_digits(*steps));
  train.ema = whole <= 1 ? 0 : std::min(1 - 1 / whole, 0.9999f);
  changed = true;
}

int switched_on(const spec::Train& train) {
  const spec::Train usual;
  int count = int(train.ema != usual.ema) + int(train.init != usual.init);
  for (const Row& row : kRows) count += int(train.*row.at != usual.*row.at);
  return count;
}

}  // namespace

void draw_more(TrainPanel& panel, spec::Train& train, bool& changed) {
  const int on = switched_on(train);
  section_title("More", on == 0 ? "off" : (std::to_string(on) + " on").c_str());
  if (button(panel.more ? "Fewer settings" : "More settings",
             {.icon = panel.more ? &look::kIconUp : &look::kIconDown,
              .width = -1,
              .help = words::kHelpMore})) {
    panel.more = !panel.more;
  }
  if (!panel.more) return;
  gap(4);
  draw_average(panel, train, changed);
  for (const Row& row : kRows) {
    const auto value = slider_row(row.label, train.*row.at * row.shown_as, 0,
                                  row.high * row.shown_as, panel.editing, row.look);
    if (!value) continue;
    train.*row.at = std::clamp(*value / row.shown_as, 0.0f, row.high);
    changed = true;
  }
  const auto init = choice_row("Start weights", kInits, int(train.init), words::kHelpInit);
  if (init) {
    train.init = spec::Init(*init);
    changed = true;
  }
  muted_small(words::kHelpInits[std::min(std::size_t(train.init), kInits.size() - 1)]);
}

}  // namespace ui
