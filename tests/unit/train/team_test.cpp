// Training dealt to several ranks: the bits of one process, and an end that loses nothing.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "engine/core/wait.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/networks.hpp"
#include "tests/support/toy_images.hpp"

#if ENGINE_HAS_THREADS && !defined(__EMSCRIPTEN__)  // mpirun is native, node has few threads
#include "tests/support/thread_team.hpp"

using namespace engine;
using train::Trainer;

namespace {

struct Run {
  spec::Network network;
  spec::Train config;
  data::Images images;

  std::unique_ptr<Trainer> start(Pool& pool, Team* team) const {
    auto made = Trainer::create(network, config, images, pool, 0, team);
    return made.ok() ? std::move(made).value() : nullptr;
  }
};

// Steps until the run is finished or a rank is lost.
void finish(Trainer& trainer) {
  while (trainer.phase() != train::Phase::finished && trainer.step() != Trainer::Did::nothing) {
  }
}

std::vector<train::EpochRecord> alone(const Run& run) {
  Pool pool(1);
  const auto trainer = run.start(pool, nullptr);
  REQUIRE(trainer != nullptr);
  finish(*trainer);
  REQUIRE(trainer->history().size() == run.config.epochs);
  return trainer->history();
}

std::vector<std::vector<train::EpochRecord>> dealt(const Run& run, int ranks, int threads) {
  std::vector<std::vector<train::EpochRecord>> histories{std::size_t(ranks)};
  test::ThreadTeams(ranks).run([&](Team& team) {
    Pool pool(threads);
    const auto trainer = run.start(pool, &team);
    if (trainer == nullptr) return;
    finish(*trainer);
    histories[std::size_t(team.rank())] = trainer->history();
  });
  return histories;
}

// Everything that a toy network has, batches of 8 and a last one of one sample.
Run toy_run() {
  Run run{test::toy_network(9, 7, 3), test::toy_config(), test::toy_images(61, 9, 7, 3, 3)};
  run.config.augment = {.shift = 1, .flip = 0.5f, .noise = 0.1f};
  return run;
}

// Pairs of images that may lie on two ranks, averaged weights, clipped gradients.
Run recipe_run() {
  Run run = toy_run();
  run.config.optimizer = spec::OptimizerKind::rmsprop;
  run.config.learning_rate = 0.01f;
  run.config.label_smoothing = 0.1f;
  run.config.mixup = 0.4f;
  run.config.clip_norm = 0.5f;
  run.config.ema = 0.9f;
  return run;
}

// The lab's network with dropout, a batch that is no multiple of the shards, a ragged rest.
Run lab_run() {
  Run run;
  run.network = *spec::find_in_zoo("lab_cnn");
  run.network.input = {1, 12, 12};
  run.images = test::toy_images(75, 12, 12, 10, 5);
  run.config = test::toy_config();
  run.config.batch = 21;
  run.config.loss = spec::Loss::nll;
  run.config.optimizer = spec::OptimizerKind::adam;
  run.config.learning_rate = 1e-3f;
  run.config.augment = {.shift = 2, .rotate = 10, .erase = 0.5f};
  return run;
}

}  // namespace

TEST_CASE("any number of ranks gives the bits of one process", "[train][team]") {
  const int ranks = GENERATE(1, 2, 3, 4, 5, 8), threads = GENERATE(1, 2);
  CAPTURE(ranks, threads);
  for (const Run& run : {toy_run(), recipe_run(), lab_run()}) {
    CAPTURE(run.network.name);
    const auto expected = alone(run);
    for (const auto& history : dealt(run, ranks, threads)) CHECK(history == expected);
  }
}

TEST_CASE("every small network gives the bits of one process on three ranks", "[train][team]") {
  for (const spec::Network& network : test::small_networks()) {
    CAPTURE(network.name);
    Run run{network, test::toy_config(), {}};
    if (network.input.c != 1) continue;
    run.images = test::toy_images(40, network.input.h, network.input.w, 3, 3);
    const auto* last = &network.layers.back().layer;
    run.config.loss = std::holds_alternative<spec::LogSoftmax>(*last) ? spec::Loss::nll
                                                                      : spec::Loss::cross_entropy;
    const auto expected = alone(run);
    for (const auto& history : dealt(run, 3, 1)) CHECK(history == expected);
  }
}

TEST_CASE("a lost rank leaves the state of the last step, and the run goes on from it",
          "[train][team]") {
  const int from_gather = GENERATE(0, 1, 3, 7, Catch::Generators::range(40, 60), 80);
  const Run run = GENERATE(0, 1) == 0 ? toy_run() : recipe_run();
  CAPTURE(from_gather, run.config.mixup);
  const auto expected = alone(run);
  std::vector<train::RunState> states(2);
  test::ThreadTeams teams(2);
  teams.lose(1, from_gather);
  teams.run([&](Team& team) {
    Pool pool(1);
    const auto trainer = run.start(pool, &team);
    if (trainer == nullptr) return;
    finish(*trainer);
    if (trainer->phase() != train::Phase::finished)
      states[std::size_t(team.rank())] = trainer->state();
  });
  for (const train::RunState& state : states) {
    Pool pool(1);
    auto resumed = Trainer::restore(state, run.images, pool);
    REQUIRE(resumed.ok());
    finish(**resumed);
    CHECK((*resumed)->history() == expected);
  }
}

#endif
