// Runs with everything that may be added to plain training: softer labels, mixed images, warm-up,
// clipped gradients, averaged weights, other start weights.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/train/trainer.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/near.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using train::Phase;
using train::Trainer;
using Did = Trainer::Did;

namespace {

spec::Train full_recipe() {
  spec::Train config = test::toy_config();
  config.optimizer = spec::OptimizerKind::rmsprop;
  config.rms_momentum = 0.5f;
  config.learning_rate = 0.01f;
  config.label_smoothing = 0.1f;
  config.mixup = 0.4f;
  config.clip_norm = 0.5f;
  config.ema = 0.9f;
  config.warmup = 0.5f;
  config.init = spec::Init::he_normal;
  return config;
}

struct Setup {
  data::Images images = test::toy_images(61, 9, 7, 3, 3);
  spec::Train config = full_recipe();
  Pool pool;

  explicit Setup(int threads = 1) : pool(threads) {}
  std::unique_ptr<Trainer> start() {
    auto made = Trainer::create(test::toy_network(9, 7, 3), config, images, pool);
    REQUIRE(made.ok());
    return std::move(made).value();
  }
};

u64 finish(Trainer& trainer) {
  while (trainer.phase() != Phase::finished) trainer.step();
  return trainer.network().weight_hash();
}

}  // namespace

TEST_CASE("a full recipe learns the toy images", "[train][recipe]") {
  Setup setup;
  setup.images = test::toy_images(400, 9, 7, 3, 3);
  setup.config.augment = {};
  setup.config.epochs = 8;
  auto trainer = setup.start();
  finish(*trainer);
  CHECK(trainer->best_accuracy() > 0.9f);
}

TEST_CASE("a full recipe: the number of threads changes no bit", "[train][recipe]") {
  Setup one(1), many(GENERATE(2, 3));
  auto reference = one.start();
  auto trainer = many.start();
  CHECK(finish(*reference) == finish(*trainer));
  CHECK(reference->history() == trainer->history());
}

TEST_CASE("a full recipe restored at any step ends in the same bits", "[train][recipe]") {
  Setup setup;
  auto reference = setup.start();
  const u64 want = finish(*reference);
  auto running = setup.start();
  int restored = 0;
  for (bool more = true; more; ++restored) {
    CAPTURE(restored);
    auto copy = Trainer::restore(running->state(), setup.images, setup.pool);
    REQUIRE(copy.ok());
    CHECK((*copy)->state() == running->state());
    CHECK(finish(**copy) == want);
    CHECK((*copy)->history() == reference->history());
    more = running->phase() != Phase::finished;
    running->step();
  }
  CHECK(restored == 17);
}

TEST_CASE("every part of a recipe changes the weights", "[train][recipe]") {
  Setup setup;
  const u64 all = finish(*setup.start());
  const auto without = [&](auto&& change) {
    Setup other;
    change(other.config);
    return finish(*other.start());
  };
  CHECK(without([](spec::Train& t) { t.label_smoothing = 0; }) != all);
  CHECK(without([](spec::Train& t) { t.mixup = 0; }) != all);
  CHECK(without([](spec::Train& t) { t.clip_norm = 0; }) != all);
  CHECK(without([](spec::Train& t) { t.ema = 0; }) != all);
  CHECK(without([](spec::Train& t) { t.warmup = 0; }) != all);
  CHECK(without([](spec::Train& t) { t.init = spec::Init::pytorch; }) != all);
  CHECK(without([](spec::Train& t) { t.rms_momentum = 0; }) != all);
  CHECK(without([](spec::Train&) {}) == all);
}

TEST_CASE("averaged weights, buffers too, are what is validated and kept", "[train][recipe]") {
  Setup setup;
  setup.config.epochs = 1;
  auto trainer = setup.start();
  // The average by its definition, over what each step leaves.
  const auto copy = [](std::span<const f32> from) {
    return std::vector<f32>(from.begin(), from.end());
  };
  std::vector<f32> parameters = copy(trainer->network().parameters());
  std::vector<f32> buffers = copy(trainer->network().buffers());
  for (u32 t = 1; trainer->phase() == Phase::training; ++t) {
    REQUIRE(trainer->step() == Did::trained);
    const f32 decay = std::min(0.9f, f32(1 + t) / f32(10 + t));
    const auto blend = [decay](std::vector<f32>& average, std::span<const f32> now) {
      for (std::size_t i = 0; i < average.size(); ++i)
        average[i] = decay * average[i] + (1 - decay) * now[i];
    };
    blend(parameters, trainer->network().parameters());
    blend(buffers, trainer->network().buffers());
  }
  CHECK_FALSE(test::same_bits(trainer->network().parameters(), parameters));
  const u64 learning = trainer->network().weight_hash();
  REQUIRE(trainer->step() == Did::finished_run);
  CHECK(test::same_bits(trainer->network().parameters(), parameters));
  CHECK(test::same_bits(trainer->network().buffers(), buffers));
  CHECK(trainer->history()[0].weight_hash == trainer->network().weight_hash());
  CHECK(trainer->history()[0].weight_hash != learning);
}

TEST_CASE("validation leaves the weights that learn as they were", "[train][recipe]") {
  Setup setup;
  setup.images = test::toy_images(300, 9, 7, 3, 3);
  setup.config.validation = 0.5f;
  auto trainer = setup.start();
  while (trainer->phase() == Phase::training) trainer->step();
  const u64 hash = trainer->network().weight_hash();
  CHECK(trainer->step() == Did::validated);
  CHECK(trainer->network().weight_hash() == hash);
  CHECK(trainer->step() == Did::validated);
  CHECK(trainer->step() == Did::finished_epoch);
  CHECK(trainer->network().weight_hash() == hash);
}

TEST_CASE("a step of a full recipe allocates nothing", "[train][recipe]") {
  Setup setup;
  auto trainer = setup.start();
  trainer->step();
  for (int i = 0; i < 5; ++i) {
    const u64 before = test::allocations();
    CHECK(trainer->step() == Did::trained);
    CHECK(test::allocations() == before);
  }
}

TEST_CASE("a state whose averages do not fit its settings is refused", "[train][recipe]") {
  Setup setup;
  auto trainer = setup.start();
  trainer->step();
  train::RunState state = trainer->state();
  const auto code = [&] {
    auto restored = Trainer::restore(state, setup.images, setup.pool);
    return restored.ok() ? Code::none : restored.problem().code;
  };
  REQUIRE(code() == Code::none);
  SECTION("parameters") { state.average_parameters.pop_back(); }
  SECTION("buffers") { state.average_buffers.clear(); }
  SECTION("switched off") { state.train.ema = 0; }
  CHECK(code() == Code::bad_file);
}
