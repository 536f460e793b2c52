#include "engine/session/checkpoint.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstring>

#include "engine/core/hash.hpp"
#include "engine/core/random.hpp"
#include "engine/data/packed.hpp"
#include "engine/protocol/wire.hpp"
#include "engine/session/session.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using train::Trainer;

namespace {

using Bytes = std::vector<std::byte>;

struct Run {
  data::Images images = test::toy_images(61, 9, 7, 3, 3);
  Pool pool{1};
  std::unique_ptr<Trainer> trainer;

  explicit Run(int steps, const spec::Train& config = test::toy_config()) {
    auto made = Trainer::create(test::toy_network(9, 7, 3), config, images, pool);
    REQUIRE(made.ok());
    trainer = std::move(made).value();
    for (int i = 0; i < steps; ++i) trainer->step();
  }
};

// Averaged weights, two moments for each weight, mixed images.
spec::Train averaging() {
  spec::Train config = test::toy_config();
  config.optimizer = spec::OptimizerKind::rmsprop;
  config.rms_momentum = 0.9f;
  config.learning_rate = 0.001f;
  config.ema = 0.99f;
  config.mixup = 0.2f;
  config.warmup = 1;
  return config;
}

Code code_of(std::span<const std::byte> bytes) {
  const auto state = session::read_checkpoint(bytes);
  if (state.ok()) return Code::none;
  CHECK_FALSE(state.problem().sentence.empty());
  return state.problem().code;
}

}  // namespace

TEST_CASE("a checkpoint holds the whole state, bit by bit", "[session]") {
  const spec::Train config = GENERATE(test::toy_config(), averaging());
  for (int steps : {0, 1, 7, 8, 11, 16}) {
    CAPTURE(config.ema, steps);
    const Run run(steps, config);
    const train::RunState state = run.trainer->state();
    const Bytes bytes = session::write_checkpoint(state);
    const auto read = session::read_checkpoint(bytes);
    REQUIRE(read.ok());
    CHECK(*read == state);
    CHECK(session::write_checkpoint(*read) == bytes);
  }
}

TEST_CASE("a run goes on from its checkpoint's bytes at any step with the same bits", "[session]") {
  const spec::Train config = GENERATE(test::toy_config(), averaging());
  CAPTURE(config.ema);
  Run reference(0, config);
  while (reference.trainer->step() != Trainer::Did::finished_run) {
  }
  for (int steps = 0; steps <= 16; ++steps) {
    CAPTURE(steps);
    Run run(steps, config);
    const auto state = session::read_checkpoint(session::write_checkpoint(run.trainer->state()));
    REQUIRE(state.ok());
    auto resumed = Trainer::restore(*state, run.images, run.pool);
    REQUIRE(resumed.ok());
    while ((*resumed)->phase() != train::Phase::finished) (*resumed)->step();
    CHECK((*resumed)->network().weight_hash() == reference.trainer->network().weight_hash());
    CHECK((*resumed)->history() == reference.trainer->history());
  }
}

// Version 1 ended before the averaged weights, whose two sizes are the last 8 bytes of a run
// without them; after the magic of 12 bytes come the version and the hash of what follows.
TEST_CASE("a checkpoint of version 1 is read as a run without averages", "[session]") {
  const train::RunState state = Run(9).trainer->state();
  Bytes bytes = session::write_checkpoint(state);
  bytes.resize(bytes.size() - 8);
  const auto seal = [&](u32 version) {
    const u64 hash = hash_bytes(std::span<const std::byte>(bytes).subspan(24));
    std::memcpy(bytes.data() + 12, &version, sizeof version);
    std::memcpy(bytes.data() + 16, &hash, sizeof hash);
  };
  seal(1);
  const auto read = session::read_checkpoint(bytes);
  REQUIRE(read.ok());
  CHECK(*read == state);
  for (const u32 version : {0u, 2u, 3u}) {
    CAPTURE(version);
    seal(version);
    CHECK(code_of(bytes) == Code::bad_file);
  }
}

TEST_CASE("a checkpoint cut off anywhere is refused", "[session]") {
  const Bytes bytes = session::write_checkpoint(Run(9).trainer->state());
  REQUIRE(code_of(bytes) == Code::none);
  for (std::size_t n = 0; n < bytes.size(); n += n < 200 ? 1 : 37) {
    CAPTURE(n);
    REQUIRE(code_of(std::span(bytes).first(n)) == Code::bad_file);
  }
  Bytes longer = bytes;
  longer.push_back({});
  CHECK(code_of(longer) == Code::bad_file);
}

TEST_CASE("a flipped bit anywhere is noticed", "[session]") {
  Bytes bytes = session::write_checkpoint(Run(9).trainer->state());
  Rng rng(5, Purpose::probe);
  for (int round = 0; round < 300; ++round) {
    const std::size_t at = rng.below(u32(bytes.size()));
    const std::byte bit{u8(1u << rng.below(8))};
    bytes[at] ^= bit;
    CAPTURE(at);
    REQUIRE(code_of(bytes) == Code::bad_file);
    bytes[at] ^= bit;
  }
  CHECK(code_of(bytes) == Code::none);
}

TEST_CASE("no bytes and a text are no checkpoint", "[session]") {
  CHECK(code_of({}) == Code::bad_file);
  const std::string text = "file,label,name";
  CHECK(code_of(std::as_bytes(std::span(text.data(), text.size()))) == Code::bad_file);
}

TEST_CASE("a session gives and takes a checkpoint in the room that a run has for it", "[session]") {
  const data::Chunk chunk{.total_train = 61,
                          .total_test = 10,
                          .train = test::toy_images(61, 28, 28, 10, 3),
                          .test = test::toy_images(10, 28, 28, 10, 4)};
  Pool pool{1};
  u64 before = test::reset_peak();
  auto trainer = Trainer::create(*spec::find_in_zoo("mlp"), test::toy_config(), chunk.train, pool);
  const u64 run = test::peak() - before;
  REQUIRE(trainer.ok());
  const Bytes file = session::write_checkpoint((*trainer)->state());
  const auto command = [](const protocol::Command& head, Bytes tail) {
    return protocol::encode(protocol::Message<protocol::Command>{1, head, std::move(tail)});
  };
  std::size_t given = 0;
  session::Session session([&](std::span<const std::byte> event) { given = event.size(); });
  session.add_data(data::write_chunk(chunk));

  const Bytes resume = command(protocol::ResumeFrom{1}, file);
  before = test::reset_peak();
  session.receive(resume);
  CHECK(test::peak() - before < run + 5 * file.size() / 2);  // the network is built to look at it

  const Bytes ask = command(protocol::GetCheckpoint{0}, {});
  before = test::reset_peak();
  session.receive(ask);
  CHECK(test::peak() - before < 5 * file.size() / 2);  // the run's state and its bytes
  CHECK(given > file.size());
}
