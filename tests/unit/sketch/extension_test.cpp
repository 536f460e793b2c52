// What is added to the training images, and the runs that train on it.
#include "engine/sketch/extension.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/nn/loss.hpp"
#include "engine/session/capsule.hpp"
#include "engine/session/checkpoint.hpp"
#include "engine/session/replay.hpp"
#include "engine/train/fit.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using train::Phase;
using train::Trainer;

namespace {

spec::Train drawn_config() {
  spec::Train config = test::toy_config();
  config.versions = 2;
  config.drawings = 3;
  config.nothings = 4;
  return config;
}

struct Setup {
  data::Images images = test::toy_images(41, 28, 28, 10, 3);
  spec::Network network = test::toy_network(28, 28, 10);
  spec::Train config = drawn_config();
  Pool pool;

  explicit Setup(int threads = 1) : pool(threads) {}
  std::unique_ptr<Trainer> start() {
    auto made = Trainer::create(network, config, images, pool);
    REQUIRE(made.ok());
    return std::move(made).value();
  }
  Code refusal() {
    const auto made = Trainer::create(network, config, images, pool);
    return made.ok() ? Code::none : made.problem().code;
  }
};

u64 finish(Trainer& trainer) {
  while (trainer.phase() != Phase::finished) trainer.step();
  return trainer.network().weight_hash();
}

bool holds(std::span<const u32> ids, u32 id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

TEST_CASE("extension: no sample comes from an image that validates or was not taken", "[sketch]") {
  const f32 fraction = GENERATE(1.0f, 0.5f);
  const data::Images images = test::toy_images(200, 28, 28, 10, 3);
  const data::Split split = data::split(200, fraction, 0.25f, 9);
  const sketch::Extension extension(images, 200, {3, 7, 2}, 1, 1);
  const std::vector<u32> ids = extension.ids(split.train);
  CHECK(ids.size() == split.train.size() * 4 + 70 + 2);
  std::vector<u32> sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
  std::array<u32, 10> drawn{};
  u32 nothings = 0;
  for (u32 id : ids) {
    CAPTURE(id);
    const auto parent = extension.parent(id);
    if (!parent) {
      const u8 label = extension.label(id);
      ++(label == sketch::kNothing ? nothings : drawn[label]);
      continue;
    }
    CHECK(holds(split.train, *parent));
    CHECK_FALSE(holds(split.validation, *parent));
    CHECK(extension.label(id) == images.labels[*parent]);
  }
  CHECK(std::all_of(drawn.begin(), drawn.end(), [](u32 n) { return n == 7; }));
  CHECK(nothings == 2);
}

TEST_CASE("extension: an image passes as it is, a version is another picture", "[sketch]") {
  const data::Images images = test::toy_images(20, 28, 28, 10, 3);
  sketch::Extension extension(images, 20, {1, 1, 1}, 1, 1);
  std::array<f32, sketch::kArea> image, version, later;
  extension.assemble(7, 0, 0, image);
  for (std::size_t i = 0; i < image.size(); ++i)
    CHECK(image[i] == data::pixel_value(images.image(7)[i]));
  extension.assemble(27, 0, 0, version);
  extension.assemble(27, 1, 0, later);
  CHECK(version != image);
  CHECK(later != version);
}

TEST_CASE("extension: what shows no garment is labelled so, and is not blank", "[sketch]") {
  static_assert(sketch::kNothing == nn::kNoClass);
  const data::Images images = test::toy_images(20, 28, 28, 10, 3);
  sketch::Extension extension(images, 20, {.nothings = 5}, 1, 1);
  std::array<f32, sketch::kArea> seen;
  for (u32 id = 20; id < 25; ++id) {
    CHECK(extension.label(id) == sketch::kNothing);
    extension.assemble(id, 0, 0, seen);
    CHECK(*std::max_element(seen.begin(), seen.end()) > 0);
  }
}

TEST_CASE("a run that draws has the same bits for any number of threads", "[sketch][train]") {
  Setup one(1), three(3);
  const auto alone = one.start();
  CHECK(alone->samples_per_epoch() == alone->split().train.size() * 3 + 30 + 4);
  CHECK(finish(*alone) == finish(*three.start()));
}

TEST_CASE("a run that draws goes on from a checkpoint with the same bits", "[sketch][train]") {
  Setup whole, parts;
  const auto trainer = parts.start();
  for (int i = 0; i < 17; ++i) trainer->step();
  const auto state = session::read_checkpoint(session::write_checkpoint(trainer->state()));
  REQUIRE(state.ok());
  const auto resumed = Trainer::restore(*state, parts.images, parts.pool);
  REQUIRE(resumed.ok());
  CHECK(finish(**resumed) == finish(*whole.start()));
}

TEST_CASE("a run that draws is replayed from its capsule, or refused when drawn otherwise",
          "[sketch][train]") {
  Setup setup;
  const auto trainer = setup.start();
  finish(*trainer);
  auto capsule = session::capsule_from_json(session::to_json(session::capsule_of(*trainer)));
  REQUIRE(capsule.ok());
  CHECK(capsule->train.versions == 2);
  CHECK(capsule->train.drawings == 3);
  const auto again = session::begin_replay(*capsule, setup.images, setup.pool);
  REQUIRE(again.ok());
  finish(**again);
  CHECK_FALSE(session::find_difference(*capsule, **again).has_value());

  spec::Train plain = setup.config;
  plain.versions = plain.drawings = plain.nothings = 0;
  const u64 undrawn = train::data_hash(setup.images, 41, plain);
  CHECK(undrawn != capsule->data_hash);  // so another version's drawings are noticed, too
  capsule->data_hash = undrawn;
  const auto refused = session::begin_replay(*capsule, setup.images, setup.pool);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.problem().code == Code::not_found);
  train::RunState state = trainer->state();
  state.data_hash = undrawn;
  const auto resumed = Trainer::restore(state, setup.images, setup.pool);
  REQUIRE_FALSE(resumed.ok());
  CHECK(resumed.problem().code == Code::not_found);
}

TEST_CASE("versions and drawings need images of 28 x 28, drawings ten classes", "[sketch][train]") {
  Setup setup;
  CHECK(setup.refusal() == Code::none);
  setup.images = test::toy_images(41, 9, 7, 3, 3);
  setup.network = test::toy_network(9, 7, 3);
  CHECK(setup.refusal() == Code::bad_config);
  setup.config.drawings = 0;
  CHECK(setup.refusal() == Code::bad_config);
  setup.images = test::toy_images(41, 28, 28, 3, 3);
  setup.network = test::toy_network(28, 28, 3);
  CHECK(setup.refusal() == Code::none);
  setup.config.drawings = 1;
  CHECK(setup.refusal() == Code::bad_spec);
}
