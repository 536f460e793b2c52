#include "ui/panels/train.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include "engine/spec/catalogue.hpp"
#include "tests/ui/panel_driver.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/runs.hpp"

namespace spec = engine::spec;
using Catch::Matchers::WithinAbs;
using engine::protocol::Phase;

namespace {

struct Fixture {
  ui::Model model;
  ui::TrainPanel panel;

  Fixture() {
    model.network = *spec::find_in_zoo("simple_cnn");
    model.draft = spec::infer_draft(model.network);
    model.data.train = 60'000;
  }
  test::PanelDriver driver(float width = 900) {
    return {width, [this](ui::Actions& out) { ui::draw_train(panel, model, out); }};
  }
};

}  // namespace

TEST_CASE("each phase shows its own buttons, each asks for one thing", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  REQUIRE(ui.find("Start training") != nullptr);
  CHECK(ui.find("Pause") == nullptr);
  CHECK(ui.find("Stop") == nullptr);
  REQUIRE(ui.click("Start training"));
  CHECK(ui.only<ui::StartTraining>() != nullptr);

  f.model.training.phase = Phase::running;
  ui.frames(2);
  CHECK(ui.find("Start training") == nullptr);
  CHECK(ui.find("Resume") == nullptr);
  REQUIRE(ui.click("Pause"));
  CHECK(ui.only<ui::PauseTraining>() != nullptr);
  REQUIRE(ui.click("Stop"));
  CHECK(ui.only<ui::StopTraining>() != nullptr);

  f.model.training.phase = Phase::paused;
  ui.frames(2);
  CHECK(ui.find("Pause") == nullptr);
  REQUIRE(ui.click("Resume"));
  CHECK(ui.only<ui::ResumeTraining>() != nullptr);

  for (const Phase phase : {Phase::finished, Phase::failed}) {
    f.model.training.phase = phase;
    ui.frames(2);
    CHECK(ui.find("Start training") != nullptr);
    CHECK(ui.find("Stop") == nullptr);
  }
  CHECK(ui.count<ui::StartTraining>() == 1);
}

TEST_CASE("permuting the pixels is one switch, and the sheet follows it", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  CHECK_FALSE(ui.find("Permuted pixels")->selected);
  REQUIRE(ui.click("Permuted pixels"));
  REQUIRE(ui.only<ui::SetTrain>());
  f.model.train = ui.only<ui::SetTrain>()->train;
  CHECK(f.model.train.permute == 1);
  ui.actions.clear();
  ui.frames(2);
  CHECK(ui.count<ui::RefreshSheet>() == 1);
  REQUIRE(ui.click("Permuted pixels"));
  REQUIRE(ui.only<ui::SetTrain>());
  CHECK(ui.only<ui::SetTrain>()->train == spec::Train{});
}

TEST_CASE("training cannot start without images or with a wrong network", "[ui][train]") {
  Fixture f;
  f.model.data.train = 0;
  auto ui = f.driver();
  CHECK_FALSE(ui.click("Start training"));
  f.model.data.train = 60'000;
  f.model.network.layers.erase(f.model.network.layers.begin() + 2);
  f.model.draft = spec::infer_draft(f.model.network);
  ui.frames(2);
  CHECK_FALSE(ui.click("Start training"));
  CHECK(ui.count<ui::StartTraining>() == 0);
}

TEST_CASE("a slider shows the model's value until a drag begins and reports once, on release",
          "[ui][train]") {
  Fixture f;
  f.model.train.optimizer = spec::OptimizerKind::sgd;
  f.model.train.momentum = 0.5f;
  auto ui = f.driver();
  CHECK(ui.find("Momentum")->value == "0.50");
  f.model.train.momentum = 0.25f;  // undone, or another run's settings
  ui.frames(1);
  CHECK(ui.find("Momentum")->value == "0.25");
  REQUIRE(ui.press("Momentum"));
  ui.drag_by({40, 0});
  const std::string shown = ui.find("Momentum")->value;
  CHECK(shown != "0.25");
  f.model.train.momentum = 0.75f;  // the drag goes on all the same
  ui.frames(1);
  CHECK(ui.find("Momentum")->value == shown);
  CHECK(ui.count<ui::SetTrain>() == 0);
  ui.release();
  const auto* set = ui.only<ui::SetTrain>();
  REQUIRE(set != nullptr);
  CHECK_THAT(double(set->train.momentum), WithinAbs(std::stod(shown), 0.006));
  spec::Train expected = f.model.train;
  expected.momentum = set->train.momentum;
  CHECK(set->train == expected);  // and nothing else
}

TEST_CASE("settings are set one at a time", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  REQUIRE(ui.click("More Epochs"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.epochs == 6);
  ui.actions.clear();
  REQUIRE(ui.click("SGD"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.optimizer == spec::OptimizerKind::sgd);
  ui.actions.clear();
  REQUIRE(ui.click("Cosine"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.schedule == spec::ScheduleKind::cosine);
  ui.actions.clear();
  REQUIRE(ui.click("Another seed"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.seed != f.model.train.seed);
}

TEST_CASE("the optimiser's own settings are shown, and only those", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  CHECK(ui.find("Beta 1") != nullptr);
  CHECK(ui.find("Momentum") == nullptr);
  f.model.train.optimizer = spec::OptimizerKind::sgd;
  ui.frames(3);
  CHECK(ui.find("Beta 1") == nullptr);
  CHECK(ui.find("Momentum") != nullptr);
  CHECK(ui.find("Nesterov") != nullptr);
  CHECK(ui.find("Factor per drop") == nullptr);
  f.model.train.schedule = spec::ScheduleKind::step;
  ui.frames(3);
  CHECK(ui.find("Factor per drop") != nullptr);
}

TEST_CASE("RMSprop has settings of its own", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  REQUIRE(ui.click("RMSprop"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.optimizer == spec::OptimizerKind::rmsprop);
  f.model.train.optimizer = spec::OptimizerKind::rmsprop;
  f.model.train.rms_momentum = 0.25f;
  ui.frames(3);
  CHECK(ui.find("Alpha")->value == "0.9900");
  CHECK(ui.find("Momentum")->value == "0.25");
  CHECK(ui.find("Nesterov") == nullptr);
  CHECK(ui.find("Beta 1") == nullptr);
}

TEST_CASE("the warm-up is set in tenths of an epoch", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  CHECK(ui.find("Warm-up")->value == "0.0 epochs");
  REQUIRE(ui.press("Warm-up"));
  ui.drag_by({20, 0});
  ui.release();
  const auto* set = ui.only<ui::SetTrain>();
  REQUIRE(set != nullptr);
  CHECK(set->train.warmup > 0);
  const double tenths = double(set->train.warmup) * 10;
  CHECK_THAT(tenths, WithinAbs(std::round(tenths), 1e-4));
}

TEST_CASE("more settings are behind a button, which counts those that are on", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  const auto rows = {"Averaged over", "Label smoothing", "Mixup", "Longest gradient",
                     "Start weights"};
  for (const char* row : rows) {
    CAPTURE(row);
    CHECK(ui.find(row) == nullptr);
  }
  REQUIRE(ui.click("More settings"));
  ui.frames(3);
  for (const char* row : rows) {
    CAPTURE(row);
    CHECK(ui.find(row) != nullptr);
  }
  CHECK(ui.count<ui::SetTrain>() == 0);
  REQUIRE(ui.click("Fewer settings"));
  ui.frames(3);
  CHECK(ui.find("Mixup") == nullptr);
}

TEST_CASE("each of the further settings is set alone", "[ui][train]") {
  Fixture f;
  f.panel.more = true;
  auto ui = f.driver();
  const auto dragged = [&](const char* row) {
    ui.actions.clear();
    CAPTURE(row);
    REQUIRE(ui.press(row));
    ui.drag_by({30, 0});
    ui.release();
    REQUIRE(ui.only<ui::SetTrain>() != nullptr);
    return ui.only<ui::SetTrain>()->train;
  };
  const auto only = [&](const spec::Train& set, auto spec::Train::* at) {
    spec::Train expected = f.model.train;
    expected.*at = set.*at;
    return set == expected && set != f.model.train && spec::check(set).ok();
  };
  CHECK(only(dragged("Label smoothing"), &spec::Train::label_smoothing));
  CHECK(only(dragged("Mixup"), &spec::Train::mixup));
  CHECK(only(dragged("Longest gradient"), &spec::Train::clip_norm));
  CHECK(only(dragged("Averaged over"), &spec::Train::ema));
}

TEST_CASE("averaging is shown in steps, and ends at off", "[ui][train]") {
  Fixture f;
  f.panel.more = true;
  f.model.train.ema = 0.99f;
  auto ui = f.driver();
  CHECK(ui.find("Averaged over")->value == "100 steps");
  REQUIRE(ui.press("Averaged over"));
  ui.drag_by({-2000, 0});
  ui.release();
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(ui.only<ui::SetTrain>()->train.ema == 0);
  f.model.train.ema = 0;
  ui.frames(40);  // long enough for two presses not to be a double click
  CHECK(ui.find("Averaged over")->value == "off");
  ui.actions.clear();
  REQUIRE(ui.press("Averaged over"));
  ui.drag_by({4000, 0});
  ui.release();
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  CHECK(spec::check(ui.only<ui::SetTrain>()->train).ok());
  CHECK(ui.only<ui::SetTrain>()->train.ema > 0.999f);
}

TEST_CASE("dropout's slider sets every dropout layer, and is not there without one",
          "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  CHECK(ui.find("Probability") == nullptr);
  f.model.network = *spec::find_in_zoo("lab_cnn");
  f.model.draft = spec::infer_draft(f.model.network);
  ui.frames(3);
  REQUIRE(ui.press("Probability"));
  ui.drag_by({60, 0});
  CHECK(ui.actions.empty());
  ui.release();
  const auto* set = ui.only<ui::SetNetwork>();  // one action, so one undo step
  REQUIRE(set != nullptr);
  CHECK(ui.actions.size() == 1);
  spec::Network expected = f.model.network;
  std::optional<float> p;
  for (std::size_t i = 0; i < expected.layers.size(); ++i) {
    auto* dropout = std::get_if<spec::Dropout>(&expected.layers[i].layer);
    if (!dropout) continue;
    if (!p) p = std::get<spec::Dropout>(set->network.layers[i].layer).p;
    dropout->p = *p;
  }
  REQUIRE(p.has_value());
  CHECK(*p != 0.25f);
  CHECK(set->network == expected);
}

TEST_CASE("versions, drawings and pictures of nothing are set one at a time", "[ui][train]") {
  Fixture f;
  f.model.train.fraction = 1;
  auto ui = f.driver();
  REQUIRE(ui.click("More Image versions"));
  REQUIRE(ui.only<ui::SetTrain>() != nullptr);
  spec::Train expected = f.model.train;
  expected.versions = 1;
  CHECK(ui.only<ui::SetTrain>()->train == expected);
  for (const auto& [row, at, step] :
       {std::tuple{"Drawings of each class", &spec::Train::drawings, 100u},
        std::tuple{"Pictures of nothing", &spec::Train::nothings, 1'000u}}) {
    CAPTURE(row);
    ui.actions.clear();
    REQUIRE(ui.press(row));
    ui.drag_by({50, 0});
    ui.release();
    REQUIRE(ui.only<ui::SetTrain>() != nullptr);
    const spec::Train set = ui.only<ui::SetTrain>()->train;
    CHECK(set.*at > 0);
    CHECK(set.*at % step == 0);
    expected = f.model.train;
    expected.*at = set.*at;
    CHECK(set == expected);
  }
}

TEST_CASE("the samples of an epoch are counted with what is drawn", "[ui][train]") {
  Fixture f;
  f.model.train.versions = 2;
  f.model.train.drawings = 7'000;  // more than the slider's usual end
  f.model.train.nothings = 5;
  CHECK(ui::samples_per_epoch(f.model.train, 54'000) == 232'005);
  CHECK(ui::samples_per_epoch(spec::Train{}, 54'000) == 54'000);
  auto ui = f.driver();
  CHECK(ui.find("Drawings of each class")->value == "7000");
}

TEST_CASE("the sheet is asked for once for each augmentation and kind of drawing", "[ui][train]") {
  Fixture f;
  test::PanelDriver ui(900,
                       [&](ui::Actions& out) { ui::draw_train_settings(f.panel, f.model, out); });
  ui.frames(3);
  CHECK(ui.count<ui::RefreshSheet>() == 0);  // asked before the driver cleared
  REQUIRE(f.panel.sheet_of.has_value());
  CHECK(f.panel.sheet_of->augment == f.model.train.augment);
  f.model.train.augment.rotate = 10;
  ui.frames(3);
  CHECK(ui.count<ui::RefreshSheet>() == 1);
  f.model.train.versions = 1;
  ui.frames(3);
  CHECK(ui.count<ui::RefreshSheet>() == 2);
  f.model.train.versions = 2;  // more of the same kind
  ui.frames(3);
  CHECK(ui.count<ui::RefreshSheet>() == 2);
  REQUIRE(ui.click("Other examples"));
  CHECK(ui.count<ui::RefreshSheet>() == 3);
}

TEST_CASE("a sheet of 64 images and a long run stay within a draw list", "[ui][train]") {
  Fixture f;
  f.model.sheet.count = 64;
  f.model.sheet.pixels.resize(64 * 784);
  for (std::size_t i = 0; i < f.model.sheet.pixels.size(); ++i)
    f.model.sheet.pixels[i] = ui::u8(i * 37);
  for (std::size_t i = 0; i < ui::kMaxCurvePoints; ++i) {
    const float t = float(i) / float(ui::kMaxCurvePoints);
    f.model.training.steps.push_back({5 * t, 2 - t + float(i % 7) * 0.05f, t});
  }
  f.model.training.phase = Phase::running;
  f.model.training.now.epochs = 5;
  auto ui = f.driver(1400);
  REQUIRE(ui.find("Sheet of examples") != nullptr);
  REQUIRE(ui.find("Loss curve") != nullptr);
  CHECK(ui.most_vertices() > 30'000);
  CHECK(ui.most_vertices() < 65'536);
}

TEST_CASE("a narrow panel has tabs and goes to the curves at the start", "[ui][train]") {
  Fixture f;
  auto ui = f.driver(390);
  CHECK(ui.find("Learning rate") != nullptr);
  CHECK(ui.find("Loss curve") == nullptr);
  REQUIRE(ui.click("Start training"));
  ui.frames(3);
  CHECK(ui.find("Learning rate") == nullptr);
  CHECK(ui.find("Loss curve") != nullptr);
  REQUIRE(ui.click("Settings"));
  ui.frames(3);
  CHECK(ui.find("Learning rate") != nullptr);
}

TEST_CASE("the loss may be drawn on a log scale, with values that have no logarithm",
          "[ui][train]") {
  Fixture f;
  f.model.training.steps = {{0, 2, 0.1f}, {1, 0, 0.5f}, {2, -1, 0.6f}, {3, 0.01f, 0.9f}};
  f.model.training.validation_epochs = {{1, 0.5f, 0.5f}, {2, 0.4f, 0.8f}};
  auto ui = f.driver();
  CHECK(ui.find("Loss curve")->value == "Training 0.0100, Validation 0.400");
  REQUIRE(ui.click("Log scale"));
  CHECK(f.panel.log_loss);
  CHECK(ui.find("Loss curve")->value == "Training 0.0100, Validation 0.400");
  CHECK(ui.find("Accuracy curve")->value == "Training 90.0 %, Validation 80.0 %");
}

TEST_CASE("an empty plot says what brings its curve in each phase", "[ui][train]") {
  Fixture f;
  auto ui = f.driver();
  CHECK(ui.find("Loss curve")->value == ui::words::kNoCurve);
  f.model.training.phase = Phase::running;
  ui.frames(2);
  CHECK(ui.find("Loss curve")->value == ui::words::kCurveComes);
  f.model.training.phase = Phase::paused;
  ui.frames(2);
  CHECK(ui.find("Loss curve")->value == ui::words::kCurveWaits);
}

TEST_CASE("a loss that is no number or a huge one is read out in few characters", "[ui][train]") {
  Fixture f;
  f.model.training.steps = {{0, 2, 0.1f}, {1, 1.5e9f, 0.1f}};
  f.model.training.validation_epochs = {{1, std::numeric_limits<float>::quiet_NaN(), 0.1f}};
  auto ui = f.driver();
  CHECK(ui.find("Loss curve")->value == "Training 1.5e+09, Validation –");
}

TEST_CASE("a finished run is listed and brings its settings back", "[ui][runs]") {
  const float width = GENERATE(320.0f, 1200.0f);
  CAPTURE(width);
  ui::Model model;
  test::PanelDriver ui(width, [&](ui::Actions& out) { ui::draw_runs(model, out); });
  CHECK(ui.find("Use these settings") == nullptr);
  model.runs.resize(3);
  for (ui::RunRecord& run : model.runs) run.network_name = "simple_cnn";
  ui.frames(4);
  REQUIRE(ui.click("Use these settings"));  // the first in the list is the newest
  REQUIRE(ui.only<ui::UseRun>() != nullptr);
  CHECK(ui.only<ui::UseRun>()->index == 2);
}

TEST_CASE("images are split as the engine does", "[ui][train]") {
  CHECK(ui::split_counts(60'000, 0.1f, 0.1f) == ui::SplitCounts{5400, 600});
  CHECK(ui::split_counts(60'000, 1, 0.5f) == ui::SplitCounts{30'000, 30'000});
  CHECK(ui::split_counts(100, 0.001f, 0.1f) == ui::SplitCounts{1, 1});
  CHECK(ui::split_counts(3, 1, 0.99f) == ui::SplitCounts{1, 2});
  CHECK(ui::split_counts(0, 1, 0.1f) == ui::SplitCounts{0, 0});
}

TEST_CASE("progress is told as far as it is known", "[ui][train]") {
  engine::protocol::Metrics now{};
  now.epochs = 5;
  CHECK(ui::progress_text(now) == "Epoch 1 of 5");
  now.epoch = 1;
  now.samples_per_second = 12'345;
  now.eta_seconds = 80;
  CHECK(ui::progress_text(now) == "Epoch 2 of 5 · 12,345 images/s · 1 min 20 s left");
  now.epoch = 5;
  CHECK(ui::progress_text(now).starts_with("Epoch 5 of 5"));
}

TEST_CASE("the sketched schedules begin, peak and end where the engine's do", "[ui][train]") {
  spec::Train train;
  const auto rate = [&](float t) { return double(ui::relative_rate(train, t)); };
  CHECK(rate(0.4f) == 1);
  train.schedule = spec::ScheduleKind::cosine;
  CHECK_THAT(rate(0), WithinAbs(1, 1e-6));
  CHECK_THAT(rate(0.5f), WithinAbs(0.5, 1e-6));
  CHECK_THAT(rate(1), WithinAbs(0, 1e-6));
  train.schedule = spec::ScheduleKind::one_cycle;
  CHECK_THAT(rate(0), WithinAbs(1.0 / 25, 1e-6));
  CHECK_THAT(rate(0.3f), WithinAbs(1, 1e-6));
  CHECK_THAT(rate(1), WithinAbs(0, 1e-5));
  train.schedule = spec::ScheduleKind::step;
  train.epochs = 10;
  train.step_epochs = 5;
  train.step_factor = 0.5f;
  CHECK_THAT(rate(0.49f), WithinAbs(1, 1e-6));
  CHECK_THAT(rate(0.51f), WithinAbs(0.5, 1e-6));
  CHECK_THAT(rate(1), WithinAbs(0.5, 1e-6));
}

TEST_CASE("the sketch begins with the warm-up, and the schedule follows it", "[ui][train]") {
  spec::Train train;
  train.epochs = 10;
  train.warmup = 2;
  const auto rate = [&](float t) { return double(ui::relative_rate(train, t)); };
  CHECK_THAT(rate(0), WithinAbs(0, 1e-6));
  CHECK_THAT(rate(0.1f), WithinAbs(0.5, 1e-6));
  CHECK_THAT(rate(0.2f), WithinAbs(1, 1e-6));
  train.schedule = spec::ScheduleKind::cosine;
  CHECK_THAT(rate(0.6f), WithinAbs(0.5, 1e-6));
  CHECK_THAT(rate(1), WithinAbs(0, 1e-6));
  train.schedule = spec::ScheduleKind::step;
  train.step_epochs = 4;
  train.step_factor = 0.5f;
  CHECK_THAT(rate(0.59f), WithinAbs(1, 1e-6));
  CHECK_THAT(rate(0.61f), WithinAbs(0.5, 1e-6));
  train.warmup = 20;  // longer than the run
  CHECK_THAT(rate(1), WithinAbs(0.5, 1e-6));
}

TEST_CASE("the best epoch is the first of the best", "[ui][train]") {
  const std::vector<ui::CurvePoint> points{{1, 0.5f, 0.7f}, {2, 0.4f, 0.9f}, {3, 0.3f, 0.9f}};
  CHECK(ui::best_position(points) == 2);
  CHECK(ui::best_position({}) == -1);
}

TEST_CASE("log sliders report three digits", "[ui][train]") {
  CHECK(ui::three_digits(0) == 0);
  CHECK(ui::three_digits(0.00123456f) == 0.00123f);
  CHECK(ui::three_digits(23.847f) == 23.8f);
  CHECK(ui::three_digits(100) == 100);
}
