// The settings of a run, one card for each subject. Every edit is one SetTrain.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/words.hpp"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/train.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

namespace spec = engine::spec;

constexpr std::array kOptimizers = {"SGD", "Adam", "AdamW", "RMSprop"};
constexpr std::array kOptimizerHelp = {words::kHelpSgd, words::kHelpAdam, words::kHelpAdamw,
                                       words::kHelpRmsprop};
constexpr std::array kSchedules = {"Constant", "Step", "Cosine", "1-cycle"};
constexpr std::array kScheduleHelp = {words::kHelpConstant, words::kHelpStep, words::kHelpCosine,
                                      words::kHelpOneCycle};
constexpr std::array kLosses = {"NLL", "Cross-entropy", "Mean squared error",
                                "Binary cross-entropy"};
constexpr f32 kPi = 3.14159265f;

// A copy of the settings while the rows of one frame may change it.
struct Draft {
  spec::Train train;
  bool changed = false;

  template <class To, class From>
  void take(To& to, std::optional<From> value) {
    if (!value) return;
    to = To(*value);
    changed = true;
  }
};

void draw_data(TrainPanel& panel, const Model& model, Draft& draft) {
  const DataView& data = model.data;
  const u32 all = data.train > 0 ? data.train : data.expected_train;
  section_title(
      "Data", (engine::spec::grouped(all) + (data.loading ? " images so far" : " images")).c_str());
  const auto share =
      slider_row("Share of the images", draft.train.fraction * 100, 0.1f, 100, panel.editing,
                 {.format = "%.3g %%", .logarithmic = true, .help = words::kHelpFraction});
  if (share)
    draft.take(draft.train.fraction,
               std::optional(std::clamp(three_digits(*share) / 100, 0.001f, 1.0f)));
  const auto held =
      slider_row("Held out to validate", draft.train.validation * 100, 1, 50, panel.editing,
                 {.format = "%.0f %%", .integer = true, .help = words::kHelpValidation});
  if (held) draft.take(draft.train.validation, std::optional(std::clamp(*held / 100, 0.01f, 0.5f)));
  const SplitCounts counts = split_counts(all, draft.train.fraction, draft.train.validation);
  value_row("Training images", engine::spec::grouped(counts.train).c_str());
  value_row("Validation images", engine::spec::grouped(counts.validation).c_str());
  draft.take(draft.train.permute,
             switch_row("Permuted pixels", draft.train.permute > 0, words::kHelpPermute));
  if (data.loading) muted_small(words::kStillLoading);
}

void draw_epochs(TrainPanel& panel, Draft& draft) {
  section_title("Length");
  draft.take(draft.train.epochs, stepper_row("Epochs", int(draft.train.epochs), 1, 1000,
                                             panel.editing, {.help = words::kHelpEpochs}));
  draft.take(draft.train.batch,
             stepper_row("Batch size", int(draft.train.batch), 1, 1024, panel.editing,
                         {.step = draft.train.batch >= 32 ? 16 : 4, .help = words::kHelpBatch}));
  draft.take(draft.train.patience, stepper_row("Patience", int(draft.train.patience), 0, 1000,
                                               panel.editing, {.help = words::kHelpPatience}));
}

void draw_optimizers_own(TrainPanel& panel, Draft& draft) {
  spec::Train& train = draft.train;
  switch (train.optimizer) {
    case spec::OptimizerKind::sgd:
      draft.take(train.momentum, slider_row("Momentum", train.momentum, 0, 0.999f, panel.editing,
                                            {.help = words::kHelpMomentum}));
      draft.take(train.nesterov,
                 switch_row("Nesterov", train.nesterov, words::kHelpNesterov, train.momentum > 0));
      return;
    case spec::OptimizerKind::adam:
    case spec::OptimizerKind::adamw:
      draft.take(train.beta1, slider_row("Beta 1", train.beta1, 0, 0.999f, panel.editing,
                                         {.format = "%.3f", .help = words::kHelpBeta1}));
      draft.take(train.beta2, slider_row("Beta 2", train.beta2, 0, 0.9999f, panel.editing,
                                         {.format = "%.4f", .help = words::kHelpBeta2}));
      return;
    case spec::OptimizerKind::rmsprop:
      draft.take(train.rms_alpha, slider_row("Alpha", train.rms_alpha, 0, 0.9999f, panel.editing,
                                             {.format = "%.4f", .help = words::kHelpBeta2}));
      draft.take(train.rms_momentum, slider_row("Momentum", train.rms_momentum, 0, 0.999f,
                                                panel.editing, {.help = words::kHelpMomentum}));
      return;
  }
}

void draw_optimizer(TrainPanel& panel, Draft& draft) {
  spec::Train& train = draft.train;
  const auto kind = std::size_t(train.optimizer);
  section_title("Optimiser");
  draft.take(train.optimizer, segmented("optimiser", kOptimizers, int(train.optimizer), -1));
  muted_small(kOptimizerHelp[std::min(kind, kOptimizerHelp.size() - 1)]);
  gap(4);
  const auto rate = slider_row("Learning rate", train.learning_rate, 1e-5f, 1, panel.editing,
                               {.format = "%.5g", .logarithmic = true, .help = words::kHelpRate});
  if (rate) draft.take(train.learning_rate, std::optional(three_digits(*rate)));
  draw_optimizers_own(panel, draft);
  const auto decay = slider_row("Weight decay", train.weight_decay, 0, 0.1f, panel.editing,
                                {.format = "%.5g", .logarithmic = true, .help = words::kHelpDecay});
  if (decay)
    draft.take(train.weight_decay, std::optional(*decay < 1e-5f ? 0 : three_digits(*decay)));
  draft.take(train.loss, choice_row("Loss", kLosses, int(train.loss), words::kHelpLoss));
}

// The schedule alone at `t` of its `epochs`.
f32 scheduled_rate(const spec::Train& train, f32 t, f32 epochs) {
  const auto fall = [](f32 share) { return (1 + std::cos(kPi * share)) / 2; };
  switch (train.schedule) {
    case spec::ScheduleKind::constant:
      return 1;
    case spec::ScheduleKind::step: {
      // The end of the run is still its last epoch.
      const f32 epoch = std::min(std::floor(t * epochs), std::ceil(epochs) - 1);
      return std::pow(train.step_factor, std::floor(epoch / f32(std::max(train.step_epochs, 1u))));
    }
    case spec::ScheduleKind::cosine:
      return fall(t);
    case spec::ScheduleKind::one_cycle:
      break;
  }
  constexpr f32 kRise = 0.3f, kFirst = 1.0f / 25;
  if (t < kRise) return 1 - (1 - kFirst) * fall(t / kRise);
  return fall((t - kRise) / (1 - kRise));
}

// The course of the learning rate over the run.
void draw_sketch(const spec::Train& train) {
  constexpr float kHeight = 72, kLabels = 20;
  constexpr int kPoints = 121;
  const look::Palette& colours = look::palette();
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::Dummy({width, kHeight + kLabels});
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 high{low.x + width, low.y + kHeight};
  list->AddRectFilled(low, high, look::with_alpha(colours.raised, 0.6f), 6);
  std::array<ImVec2, kPoints> line;
  for (int i = 0; i < kPoints; ++i) {
    const float t = float(i) / float(kPoints - 1);
    line[std::size_t(i)] = {low.x + 8 + t * (width - 16),
                            high.y - 8 - relative_rate(train, t) * (kHeight - 16)};
    if (i > 0) {
      const ImVec2 a = line[std::size_t(i) - 1], b = line[std::size_t(i)];
      list->AddQuadFilled(a, b, {b.x, high.y}, {a.x, high.y},
                          look::with_alpha(colours.accent, 0.12f));
    }
  }
  list->AddPolyline(line.data(), kPoints, colours.accent, ImDrawFlags_None, 2);
  ImFont* font = look::fonts().figures;
  const std::string first = "epoch 0", last = print("%u", train.epochs);
  draw_text(list, font, {low.x, high.y + 4}, colours.muted, first);
  draw_text(list, font, {high.x - measure(font, last).x, high.y + 4}, colours.muted, last);
}

void draw_schedule(TrainPanel& panel, Draft& draft) {
  spec::Train& train = draft.train;
  section_title("Learning-rate schedule");
  draft.take(train.schedule, segmented("schedule", kSchedules, int(train.schedule), -1));
  muted_small(kScheduleHelp[std::min(std::size_t(train.schedule), kScheduleHelp.size() - 1)]);
  draw_sketch(train);
  draft.take(train.warmup, slider_row("Warm-up", train.warmup, 0, 10, panel.editing,
                                      {.format = train.warmup == 1 ? "%.1f epoch" : "%.1f epochs",
                                       .step = 0.1f,
                                       .help = words::kHelpWarmup}));
  if (train.schedule != spec::ScheduleKind::step) return;
  draft.take(train.step_epochs, stepper_row("Epochs per drop", int(train.step_epochs), 1, 1000,
                                            panel.editing, {.help = words::kHelpStepEpochs}));
  draft.take(train.step_factor, slider_row("Factor per drop", train.step_factor, 0.01f, 1,
                                           panel.editing, {.help = words::kHelpStepFactor}));
}

void draw_dropout(TrainPanel& panel, const Model& model, Actions& out) {
  section_title("Dropout");
  std::vector<std::size_t> places;
  std::string each;
  f32 first = 0;
  bool equal = true;
  for (std::size_t i = 0; i < model.network.layers.size(); ++i) {
    const spec::NamedLayer& named = model.network.layers[i];
    const auto* dropout = std::get_if<spec::Dropout>(&named.layer);
    if (!dropout) continue;
    if (places.empty()) first = dropout->p;
    equal = equal && dropout->p == first;
    each += (each.empty() ? "" : ", ") + named.name + " " + spec::in_words(dropout->p);
    places.push_back(i);
  }
  if (places.empty()) return muted_small(words::kNoDropout);
  const auto p = slider_row("Probability", first, 0, 0.95f, panel.editing,
                            {.step = 0.05f, .help = words::kHelpDropout});
  if (!equal) muted_small(("Now " + each + ". Moving the slider makes them equal.").c_str());
  if (!p) return;
  spec::Network network = model.network;  // whole: one undo step, however many layers
  for (const std::size_t at : places) spec::set_field(network.layers[at].layer, "p", *p);
  out.push_back(SetNetwork{std::move(network)});
}

void draw_seed(TrainPanel& panel, Draft& draft) {
  section_title("Seed");
  const float side = control_height();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  if (ImGui::BeginChild("seed", {width - side - look::kGap, side}, ImGuiChildFlags_None,
                        ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollbar |
                            ImGuiWindowFlags_NoScrollWithMouse)) {
    const int shown = int(std::min<engine::u64>(draft.train.seed, 999'999'999));
    draft.take(draft.train.seed, stepper_row("Number", shown, 0, 999'999'999, panel.editing,
                                             {.help = words::kHelpSeed}));
  }
  ImGui::EndChild();
  ImGui::SetCursorScreenPos({at.x + width - side, at.y});
  if (icon_button("Another seed", look::kIconRandom,
                  {.help = words::kHelpDice, .emphasis = Emphasis::secondary})) {
    // One step of a multiplicative generator: no clock, so that undo and tests see the same. Short,
    // to be read aloud.
    draft.take(draft.train.seed, std::optional((draft.train.seed * 48'271 + 11) % 99'991));
  }
}

void draw_cards(TrainPanel& panel, const Model& model, Draft& draft, Actions& out) {
  const auto card = [](const char* id, auto&& contents) {
    if (begin_card(id)) contents();
    end_card();
  };
  card("data", [&] { draw_data(panel, model, draft); });
  card("length", [&] { draw_epochs(panel, draft); });
  card("optimiser card", [&] { draw_optimizer(panel, draft); });
  card("schedule card", [&] { draw_schedule(panel, draft); });
  card("more", [&] { draw_more(panel, draft.train, draft.changed); });
  card("dropout", [&] { draw_dropout(panel, model, out); });
  card("drawings", [&] { draw_drawings(panel, model, draft.train, draft.changed); });
  card("augmentation", [&] { draw_augmentation(panel, model, draft.train, draft.changed, out); });
  card("seed card", [&] { draw_seed(panel, draft); });
}

SheetOf sheet_of(const spec::Train& train) {
  return {train.augment, train.versions > 0, train.drawings > 0, train.nothings > 0, train.permute};
}

}  // namespace

f32 three_digits(f32 value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, 2 - std::floor(std::log10(std::fabs(double(value)))));
  return f32(std::round(double(value) * scale) / scale);
}

f32 relative_rate(const spec::Train& train, f32 t) {
  t = std::clamp(t, 0.0f, 1.0f);
  const f32 epochs = f32(std::max(train.epochs, 1u)), rise = train.warmup / epochs;
  if (t < rise || rise >= 1) return t / rise;
  return scheduled_rate(train, (t - rise) / (1 - rise), epochs * (1 - rise));
}

void draw_train_settings(TrainPanel& panel, const Model& model, Actions& out) {
  if (goes_on(model.training.phase))
    notice(look::kIconInfo, words::kNextRun, look::palette().accent);
  Draft draft{.train = model.train};
  draw_cards(panel, model, draft, out);
  if (draft.changed && draft.train != model.train) out.push_back(SetTrain{draft.train});
  // The sheet follows every change of what is drawn and augmented: by these sliders, by undo, by an
  // earlier run's settings.
  const SheetOf wanted = sheet_of(model.train);
  if (model.data.train > 0 && panel.sheet_of != wanted) {
    panel.sheet_of = wanted;
    out.push_back(RefreshSheet{.another = false});
  }
}

}  // namespace ui
