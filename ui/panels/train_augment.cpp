// Augmentation: how training images are changed at random, and a sheet of them.
#include <algorithm>
#include <array>

#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"
#include "ui/widgets/format.hpp"
#include "ui/widgets/image.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr int kColumns = 8, kSide = 28, kPixels = kSide * kSide;

struct Row {
  const char* label;
  f32 spec::Augment::* at;
  f32 high, shown_as, step;  // the model's limit; factor to what is shown; step of what is shown
  const char* format;
  const char* help;
};
constexpr std::array kRows = {
    Row{"Shift", &spec::Augment::shift, 8, 1, 1, "± %.0f px", words::kHelpShift},
    Row{"Rotate", &spec::Augment::rotate, 45, 1, 1, "± %.0f°", words::kHelpRotate},
    Row{"Scale", &spec::Augment::scale, 0.5f, 100, 1, "± %.0f %%", words::kHelpScale},
    Row{"Mirror", &spec::Augment::flip, 1, 100, 5, "%.0f %%", words::kHelpFlip},
    Row{"Brightness", &spec::Augment::brightness, 1, 100, 5, "± %.0f %%", words::kHelpBrightness},
    Row{"Contrast", &spec::Augment::contrast, 1, 100, 5, "± %.0f %%", words::kHelpContrast},
    Row{"Noise", &spec::Augment::noise, 0.5f, 100, 1, "%.0f %%", words::kHelpNoise},
    Row{"Erase", &spec::Augment::erase, 1, 100, 5, "%.0f %%", words::kHelpErase},
};

void draw_sheet(const AugmentSheet& sheet) {
  const int count = int(std::min<std::size_t>(sheet.count, sheet.pixels.size() / kPixels));
  const float width = ImGui::GetContentRegionAvail().x;
  TileGrid grid{.columns = kColumns, .gap = 2};
  grid.side = (width - float(kColumns - 1) * grid.gap) / float(kColumns);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  if (!image_item("Sheet of examples", {width, grid.height(count)},
                  counted(engine::u64(count), "image", "images")))
    return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (int i = 0; i < count; ++i) {
    const ImVec2 at = grid.at(low, i), end{at.x + grid.side, at.y + grid.side};
    if (!ImGui::IsRectVisible(at, end)) continue;
    draw_smooth(list, at, end, std::span(sheet.pixels).subspan(std::size_t(i) * kPixels, kPixels),
                kSide, kSide);
  }
}

}  // namespace

void draw_augmentation(TrainPanel& panel, const Model& model, spec::Train& train, bool& changed,
                       Actions& out) {
  section_title("Augmentation", train.augment.any() ? "on" : "off");
  for (const Row& row : kRows) {
    const auto value =
        slider_row(row.label, train.augment.*row.at * row.shown_as, 0, row.high * row.shown_as,
                   panel.editing, {.format = row.format, .step = row.step, .help = row.help});
    if (!value) continue;
    train.augment.*row.at = std::clamp(*value / row.shown_as, 0.0f, row.high);
    changed = true;
  }
  gap(4);
  if (!train.augment.any() && !train.draws() && train.permute == 0)
    muted_small(words::kPlainImages);
  if (model.sheet.count > 0) {
    draw_sheet(model.sheet);
  } else {
    muted_small(words::kNoSheet);
  }
  if (button("Other examples", {.icon = &look::kIconRefresh,
                                .width = -1,
                                .help = words::kHelpSheet,
                                .enabled = model.data.train > 0})) {
    out.push_back(RefreshSheet{});
  }
}

}  // namespace ui
