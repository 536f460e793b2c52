#include "engine/train/trainer.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "engine/train/fit.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/near.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using train::Ending;
using train::Phase;
using train::Trainer;
using Did = Trainer::Did;

namespace {

constexpr int kH = 9, kW = 7, kClasses = 3;

struct Setup {
  data::Images images = test::toy_images(61, kH, kW, kClasses, 3);
  spec::Network network = test::toy_network(kH, kW, kClasses);
  spec::Train config = test::toy_config();
  Pool pool{1};

  std::unique_ptr<Trainer> start() {
    auto made = Trainer::create(network, config, images, pool);
    REQUIRE(made.ok());
    return std::move(made).value();
  }
  Code refusal() {
    auto made = Trainer::create(network, config, images, pool);
    return made.ok() ? Code::none : made.problem().code;
  }
};

void finish(Trainer& trainer) {
  while (trainer.step() != Did::finished_run) {
  }
}

// What a run leaves behind, as far as bits go.
struct Trace {
  u64 hash = 0;
  std::vector<train::EpochRecord> history;
  bool operator==(const Trace&) const = default;
};
Trace trace_of(const Trainer& trainer) {
  return {trainer.network().weight_hash(), trainer.history()};
}

}  // namespace

TEST_CASE("a run learns the toy images", "[train]") {
  Setup setup;
  setup.images = test::toy_images(400, kH, kW, kClasses, 3);
  setup.config.augment = {};
  setup.config.epochs = 6;
  auto trainer = setup.start();
  finish(*trainer);
  CHECK(trainer->ending() == Ending::completed);
  CHECK(trainer->history().size() == 6);
  CHECK(trainer->best_accuracy() > 0.9f);
  CHECK(trainer->history().back().train_loss < trainer->history().front().train_loss);
  CHECK(trainer->sentence().starts_with("All 6 epochs are done."));
  CHECK(trainer->step() == Did::nothing);
}

TEST_CASE("a run of one epoch, and a patience of one, are told in the singular", "[train]") {
  Setup brief;
  brief.config.epochs = 1;
  auto trainer = brief.start();
  finish(*trainer);
  CHECK(trainer->sentence().starts_with("The one epoch is done."));
  Setup impatient;
  impatient.config.epochs = 50;
  impatient.config.patience = 1;
  impatient.config.learning_rate = 1e-8f;  // learns nothing
  auto second = impatient.start();
  finish(*second);
  REQUIRE(second->ending() == Ending::early);
  CHECK(second->sentence().find("in 1 epoch, so") != std::string::npos);
}

TEST_CASE("an epoch trains every training image once, in a partial last batch too", "[train]") {
  const u32 batch = GENERATE(1u, 7u, 8u, 49u, 1000u);
  CAPTURE(batch);
  Setup setup;
  setup.config.batch = batch;
  auto trainer = setup.start();
  const u32 samples = u32(trainer->split().train.size());
  REQUIRE(samples == 49);
  REQUIRE(trainer->steps_per_epoch() == (samples + batch - 1) / batch);
  for (u32 i = 0; i < trainer->steps_per_epoch(); ++i) CHECK(trainer->step() == Did::trained);
  CHECK(trainer->phase() == Phase::validating);
  CHECK(trainer->take_mean().samples == samples);
  CHECK(trainer->take_mean().samples == 0);
  CHECK(trainer->step() == Did::finished_epoch);
  CHECK(trainer->epoch() == 1);
}

TEST_CASE("validation is cut into slices, whatever their number", "[train]") {
  Setup setup;
  setup.images = test::toy_images(300, kH, kW, kClasses, 3);
  setup.config.validation = 0.5f;  // 150 images: 64 + 64 + 22
  auto trainer = setup.start();
  while (trainer->phase() == Phase::training) trainer->step();
  CHECK(trainer->step() == Did::validated);
  CHECK(trainer->step() == Did::validated);
  CHECK(trainer->step() == Did::finished_epoch);
}

TEST_CASE("the number of threads changes no bit", "[train]") {
  Setup one;
  auto reference = one.start();
  finish(*reference);
  const int threads = GENERATE(2, 3);
  CAPTURE(threads);
  Setup many;
  Pool pool(threads);
  auto trainer = Trainer::create(many.network, many.config, many.images, pool);
  REQUIRE(trainer.ok());
  finish(**trainer);
  CHECK(trace_of(**trainer) == trace_of(*reference));
}

TEST_CASE("a run restored from its state at any step ends in the same bits", "[train]") {
  const auto optimizer = GENERATE(spec::OptimizerKind::sgd, spec::OptimizerKind::adamw);
  CAPTURE(int(optimizer));
  Setup setup;
  setup.config.optimizer = optimizer;
  setup.config.learning_rate = 0.01f;
  auto reference = setup.start();
  finish(*reference);
  auto running = setup.start();
  int restored = 0;
  for (bool more = true; more; ++restored) {
    CAPTURE(restored);
    auto copy = Trainer::restore(running->state(), setup.images, setup.pool);
    REQUIRE(copy.ok());
    CHECK((*copy)->state() == running->state());
    if ((*copy)->phase() != Phase::finished) finish(**copy);
    CHECK(trace_of(**copy) == trace_of(*reference));
    CHECK((*copy)->sentence() == reference->sentence());
    more = running->phase() != Phase::finished;
    running->step();
  }
  CHECK(restored ==
        2 * (7 + 1) + 1);  // before each of 7 steps and 1 validation, twice, and after the end
}

TEST_CASE("pixels and labels of validation images never reach the weights", "[train]") {
  Setup plain, changed;
  auto reference = plain.start();
  for (u32 id : reference->split().validation) {
    std::fill_n(changed.images.pixels.begin() + std::ptrdiff_t(id * changed.images.area()), kH * kW,
                u8(255));
    changed.images.labels[id] = u8((changed.images.labels[id] + 1) % kClasses);
  }
  auto trainer = changed.start();
  REQUIRE(trainer->split() == reference->split());
  while (reference->phase() == Phase::training) reference->step(), trainer->step();
  CHECK(trainer->network().weight_hash() == reference->network().weight_hash());

  Setup other;
  const u32 id = reference->split().train[0];
  std::fill_n(other.images.pixels.begin() + std::ptrdiff_t(id * other.images.area()), kH * kW,
              u8(255));
  auto differs = other.start();
  while (differs->phase() == Phase::training) differs->step();
  CHECK(differs->network().weight_hash() != reference->network().weight_hash());

  std::set<u32> train(reference->split().train.begin(), reference->split().train.end());
  for (u32 v : reference->split().validation) CHECK(train.count(v) == 0);
}

TEST_CASE("the best epoch's weights and buffers come back when the last epoch is worse",
          "[train]") {
  Setup setup;
  setup.config.epochs = 12;
  setup.config.learning_rate = 0.6f;  // too much: accuracy goes up and down
  setup.config.schedule = spec::ScheduleKind::constant;
  auto trainer = setup.start();
  std::vector<f32> best_parameters, best_buffers;
  f32 best = -1;
  Did did = Did::nothing;
  do {
    const std::vector<f32> parameters(trainer->network().parameters().begin(),
                                      trainer->network().parameters().end());
    const std::vector<f32> buffers(trainer->network().buffers().begin(),
                                   trainer->network().buffers().end());
    did = trainer->step();
    if (did != Did::finished_epoch && did != Did::finished_run) continue;
    if (trainer->history().back().validation_accuracy <= best) continue;
    best = trainer->history().back().validation_accuracy;
    best_parameters = parameters;
    best_buffers = buffers;
  } while (did != Did::finished_run);
  REQUIRE(trainer->ending() == Ending::completed);
  const auto& history = trainer->history();
  REQUIRE(history.back().validation_accuracy < best);
  CHECK(history[trainer->best_epoch()].validation_accuracy == best);
  CHECK(trainer->best_accuracy() == best);
  CHECK(trainer->network().weight_hash() == history[trainer->best_epoch()].weight_hash);
  CHECK(trainer->network().weight_hash() != history.back().weight_hash);
  CHECK(test::same_bits(trainer->network().parameters(), best_parameters));
  CHECK(test::same_bits(trainer->network().buffers(), best_buffers));
}

TEST_CASE("patience ends a run that does not get better", "[train]") {
  Setup setup;
  setup.config.epochs = 50;
  setup.config.patience = 2;
  setup.config.learning_rate = 1e-8f;  // learns nothing
  auto trainer = setup.start();
  finish(*trainer);
  CHECK(trainer->ending() == Ending::early);
  CHECK(trainer->history().size() == trainer->best_epoch() + 3);
}

TEST_CASE("stopping keeps the best weights so far", "[train]") {
  Setup setup;
  setup.config.epochs = 5;
  auto trainer = setup.start();
  while (trainer->step() != Did::finished_epoch) {
  }
  trainer->step();
  trainer->stop();
  CHECK(trainer->phase() == Phase::finished);
  CHECK(trainer->ending() == Ending::stopped);
  CHECK(trainer->network().weight_hash() == trainer->history()[0].weight_hash);
  trainer->stop();
  CHECK(trainer->history().size() == 1);
}

TEST_CASE("stopping in the first epoch validates the weights as they are and keeps them",
          "[train]") {
  Setup setup;
  auto trainer = setup.start();
  trainer->step();
  trainer->step();
  const u64 hash = trainer->network().weight_hash();
  trainer->stop();
  CHECK(trainer->phase() == Phase::validating);
  auto restored = Trainer::restore(trainer->state(), setup.images, setup.pool);
  REQUIRE(restored.ok());
  for (Trainer* t : {trainer.get(), restored->get()}) {
    finish(*t);
    CHECK(t->ending() == Ending::stopped);
    CHECK(t->network().weight_hash() == hash);
    CHECK(t->history().size() == 1);
    CHECK(t->steps_done() == 2);
  }
}

TEST_CASE("a run that diverges ends with a reason and the last good weights", "[train]") {
  Setup setup;
  setup.network.layers.pop_back();  // logits
  setup.config.loss = spec::Loss::mse;
  setup.config.learning_rate = 10;
  setup.config.momentum = 0.999f;
  setup.config.schedule = spec::ScheduleKind::constant;
  setup.config.epochs = 1000;
  auto trainer = setup.start();
  const u64 initial = trainer->network().weight_hash();
  finish(*trainer);
  REQUIRE(trainer->ending() == Ending::diverged);
  const u64 kept =
      trainer->has_best() ? trainer->history()[trainer->best_epoch()].weight_hash : initial;
  CHECK(trainer->network().weight_hash() == kept);
  for (f32 v : trainer->network().parameters()) REQUIRE(std::isfinite(v));
  CHECK(trainer->sentence().find("learning rate 10") != std::string::npos);
  auto restored = Trainer::restore(trainer->state(), setup.images, setup.pool);
  REQUIRE(restored.ok());
  CHECK((*restored)->sentence() == trainer->sentence());
}

TEST_CASE("infinite weights are noticed even where the loss hides them", "[train]") {
  Setup setup;
  setup.config.epochs = 3;
  auto trainer = setup.start();
  trainer->step();
  train::RunState state = trainer->state();
  state.buffers[0] = std::nanf("");  // a running mean: not used while training
  auto sick = Trainer::restore(state, setup.images, setup.pool);
  REQUIRE(sick.ok());
  finish(**sick);
  CHECK((*sick)->ending() == Ending::diverged);
  for (f32 v : (*sick)->network().buffers()) REQUIRE(std::isfinite(v));
}

TEST_CASE("a training step and a validation slice allocate nothing", "[train]") {
  Setup setup;
  setup.config.epochs = 4;
  setup.images = test::toy_images(500, kH, kW, kClasses, 3);
  setup.config.validation = 0.4f;
  auto trainer = setup.start();
  trainer->step();
  int checked = 0;
  for (Did did = Did::nothing; did != Did::finished_epoch; ++checked) {
    const u64 before = test::allocations();
    did = trainer->step();
    const u64 after = test::allocations();
    CAPTURE(checked, int(did));
    if (did != Did::finished_epoch) CHECK(after == before);
  }
  CHECK(checked > 30);
  const u64 before = test::allocations();
  trainer->step();  // shuffles for the second epoch
  CHECK(test::allocations() == before);
}

TEST_CASE("images that arrive during a run do not change it", "[train]") {
  Setup setup, growing;
  auto reference = setup.start();
  auto trainer = growing.start();
  finish(*reference);
  trainer->step();
  const data::Images more = test::toy_images(200, kH, kW, kClasses, 9);
  growing.images.pixels.insert(growing.images.pixels.end(), more.pixels.begin(), more.pixels.end());
  growing.images.labels.insert(growing.images.labels.end(), more.labels.begin(), more.labels.end());
  auto restored = Trainer::restore(trainer->state(), growing.images, growing.pool);
  REQUIRE(restored.ok());
  finish(*trainer);
  finish(**restored);
  CHECK(trace_of(*trainer) == trace_of(*reference));
  CHECK(trace_of(**restored) == trace_of(*reference));
}

TEST_CASE("what does not fit together is refused", "[train]") {
  Setup setup;
  CHECK(setup.refusal() == Code::none);
  SECTION("configuration") {
    setup.config.batch = 0;
    CHECK(setup.refusal() == Code::bad_config);
  }
  SECTION("loss") {
    setup.network.layers.pop_back();
    CHECK(setup.refusal() == Code::bad_config);
  }
  SECTION("input") {
    setup.network.input.w = kW + 1;
    CHECK(setup.refusal() == Code::bad_spec);
  }
  SECTION("labels") {
    setup.images.labels[5] = kClasses;
    CHECK(setup.refusal() == Code::bad_spec);
  }
  SECTION("layers") {
    setup.network.layers[0].layer = spec::Conv2d{.in = 5};
    CHECK(setup.refusal() == Code::bad_spec);
  }
  SECTION("no images") {
    setup.images = {};
    CHECK(setup.refusal() == Code::wrong_state);
  }
}

TEST_CASE("two images are enough: one to train on, one for validation", "[train]") {
  Setup setup;
  setup.images = test::toy_images(2, kH, kW, 2, 3);
  auto trainer = setup.start();
  CHECK(trainer->split().train.size() == 1);
  finish(*trainer);
  CHECK(trainer->history().size() == 2);
}

TEST_CASE("a state that contradicts itself or its data is refused", "[train]") {
  Setup setup;
  auto trainer = setup.start();
  for (int i = 0; i < 10; ++i) trainer->step();
  train::RunState state = trainer->state();
  const auto code = [&] {
    auto restored = Trainer::restore(state, setup.images, setup.pool);
    return restored.ok() ? Code::none : restored.problem().code;
  };
  REQUIRE(code() == Code::none);
  SECTION("parameters") {
    state.parameters.pop_back();
    CHECK(code() == Code::bad_file);
  }
  SECTION("buffers") {
    state.buffers.push_back(0);
    CHECK(code() == Code::bad_file);
  }
  SECTION("moments") {
    state.moments.pop_back();
    CHECK(code() == Code::bad_file);
  }
  SECTION("best weights") {
    state.best_parameters.clear();
    CHECK(code() == Code::bad_file);
  }
  SECTION("best buffers") {
    state.best_buffers.clear();
    CHECK(code() == Code::bad_file);
  }
  SECTION("step") {
    state.step = 1000;
    CHECK(code() == Code::bad_file);
  }
  SECTION("step and optimizer") {
    state.step += 1;
    CHECK(code() == Code::bad_file);
  }
  SECTION("epoch") {
    state.epoch = 7;
    CHECK(code() == Code::bad_file);
  }
  SECTION("phase") {
    state.phase = Phase(9);
    CHECK(code() == Code::bad_file);
  }
  SECTION("ending") {
    state.ending = Ending(9);
    CHECK(code() == Code::bad_file);
  }
  SECTION("cause") {
    state.diverged_by = train::Source(9);
    CHECK(code() == Code::bad_file);
  }
  SECTION("history") {
    state.history.clear();
    CHECK(code() == Code::bad_file);
  }
  SECTION("best epoch") {
    state.best_epoch = 5;
    CHECK(code() == Code::bad_file);
  }
  SECTION("best weights that are no numbers") {
    state.best_parameters[3] = std::nanf("");
    CHECK(code() == Code::bad_file);
  }
  SECTION("weights that a run left and that are no numbers") {
    finish(*trainer);
    state = trainer->state();
    REQUIRE(code() == Code::none);
    state.buffers[0] = std::numeric_limits<f32>::infinity();
    CHECK(code() == Code::bad_file);
  }
  SECTION("a network of far more weights, which is not built") {
    state.network.layers = {{"flatten", spec::Flatten{}},
                            {"wide", spec::Linear{.out = 10'000}},
                            {"narrow", spec::Linear{.out = kClasses}}};
    const u64 before = test::reset_peak();
    CHECK(code() == Code::bad_file);
    CHECK(test::peak() - before < u64(1) << 20);
  }
  SECTION("spec") {
    state.network.layers.pop_back();
    CHECK(code() == Code::bad_config);
  }
  SECTION("fewer images") {
    setup.images.labels.pop_back();
    setup.images.pixels.resize(setup.images.pixels.size() - kH * kW);
    CHECK(code() == Code::not_found);
  }
  SECTION("another image") {
    ++setup.images.pixels[17];
    CHECK(code() == Code::not_found);
  }
  SECTION("too few images to split") {
    for (const u32 count : {0u, 1u}) {
      CAPTURE(count);
      state.data_count = count;
      state.data_hash = train::data_hash(setup.images, count, state.train);
      CHECK(code() == Code::bad_file);
    }
  }
  SECTION("another label") {
    setup.images.labels[3] = u8((setup.images.labels[3] + 1) % kClasses);
    CHECK(code() == Code::not_found);
  }
}

TEST_CASE("the time left is known after a step and 0 at the end", "[train]") {
  Setup setup;
  auto trainer = setup.start();
  CHECK(trainer->eta_seconds() == 0);
  trainer->step();
  CHECK(trainer->samples_per_second() > 0);
  CHECK(trainer->eta_seconds() > 0);
  finish(*trainer);
  CHECK(trainer->eta_seconds() == 0);
}
