// The commands and events of a replay.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/data/packed.hpp"
#include "engine/session/capsule.hpp"
#include "engine/session/replay.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using namespace engine::protocol;
using test::as;
using test::is;
using test::only;
using test::refusal;
using test::Talk;

namespace {

using Events = std::vector<test::Event>;

struct Lab {
  spec::Network network = test::toy_network(9, 7, 3);
  spec::Train config = test::toy_config();
  Talk talk;

  explicit Lab(u64 seed = 3) {
    config.epochs = 3;
    data::Chunk all;
    all.total_train = 61;
    all.total_test = 30;
    all.train = test::toy_images(61, 9, 7, 3, seed);
    all.test = test::toy_images(30, 9, 7, 3, 4);
    REQUIRE(refusal(talk.send(AddData{0}, data::write_chunk(all))) == Code::none);
  }
  Events start() {
    const std::string spec = spec::to_json(network);
    return talk.send(Start{u32(spec.size())}, spec + spec::to_json(config));
  }
  std::string capsule() {
    start();
    talk.finish();
    const Events events = talk.send(GetCapsule{0});
    REQUIRE(events.size() == 1);
    REQUIRE(is<CapsuleFile>(events[0]));
    return test::text(events[0]);
  }
};

std::string with_other_weights(const std::string& text, std::size_t epoch) {
  session::Capsule capsule = session::capsule_from_json(text).value();
  capsule.history.at(epoch - 1).weights ^= 4;
  return session::to_json(capsule);
}

}  // namespace

TEST_CASE("a capsule that is replayed is confirmed before the run is finished", "[session]") {
  Lab lab;
  const std::string text = lab.capsule();
  const Events begun = lab.talk.send(Replay{0}, text);
  REQUIRE(begun.size() == 2);
  REQUIRE(is<ReplayStarted>(begun[0]));
  CHECK(begun[0].id == lab.talk.last_id());
  CHECK(as<ReplayStarted>(begun[0]).epochs == 3);
  const std::size_t cut = as<ReplayStarted>(begun[0]).network_bytes;
  CHECK(spec::network_from_json(test::text(begun[0]).substr(0, cut)).value() == lab.network);
  CHECK(spec::train_from_json(test::text(begun[0]).substr(cut)).value() == lab.config);
  const Events events = lab.talk.finish();
  CHECK(only<EpochDone>(events).size() == 3);
  const auto verdict = only<Replayed>(events);
  REQUIRE(verdict.size() == 1);
  CHECK(as<Replayed>(verdict[0]).same == 1);
  CHECK_FALSE(verdict[0].tail.empty());
  CHECK(is<Finished>(events.back()));
  CHECK(test::text(lab.talk.send(GetCapsule{0})[0]) == text);
}

TEST_CASE("a replay that differs names the epoch and stops there", "[session]") {
  Lab lab;
  const std::string text = lab.capsule();
  for (u32 epoch : {1u, 2u, 3u}) {
    CAPTURE(epoch);
    lab.talk.send(Replay{0}, with_other_weights(text, epoch));
    const Events events = lab.talk.finish();
    CHECK(only<EpochDone>(events).size() == epoch);
    const auto verdict = only<Replayed>(events);
    REQUIRE(verdict.size() == 1);
    CHECK(as<Replayed>(verdict[0]).same == 0);
    CHECK(as<Replayed>(verdict[0]).epoch == epoch);
    CHECK_FALSE(verdict[0].tail.empty());
    REQUIRE(only<Finished>(events).size() == 1);
  }
}

TEST_CASE("a run that was stopped is replayed to where it was", "[session]") {
  for (int work : {2, 7, 12}) {
    CAPTURE(work);
    Lab lab;
    lab.start();
    for (int i = 0; i < work; ++i) lab.talk.work();
    lab.talk.send(Stop{0});
    lab.talk.finish();
    const std::string text = test::text(lab.talk.send(GetCapsule{0})[0]);
    lab.talk.send(Replay{0}, text);
    const auto verdict = only<Replayed>(lab.talk.finish());
    REQUIRE(verdict.size() == 1);
    CHECK(as<Replayed>(verdict[0]).same == 1);
  }
}

TEST_CASE("a replay that its user stops gives no verdict", "[session]") {
  Lab lab;
  const std::string text = lab.capsule();
  lab.talk.send(Replay{0}, text);
  for (int i = 0; i < 9; ++i) lab.talk.work();
  lab.talk.send(Stop{0});
  const Events events = lab.talk.finish();
  CHECK(only<Replayed>(events).empty());
}

TEST_CASE("what cannot be replayed is refused", "[session]") {
  Lab lab;
  CHECK(refusal(lab.talk.send(GetCapsule{0})) == Code::wrong_state);
  const std::string text = lab.capsule();
  lab.start();
  CHECK(refusal(lab.talk.send(GetCapsule{0})) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(Replay{0}, text)) == Code::wrong_state);
  // Between the last epoch and the end of the measurement on the test images.
  for (bool over = false; !over;) {
    lab.talk.work();
    const Events events = lab.talk.send(GetCapsule{0});
    over = is<CapsuleFile>(events[0]);
  }
  CHECK(refusal(lab.talk.send(Replay{0}, text)) == Code::wrong_state);
  lab.talk.finish();
  CHECK(refusal(lab.talk.send(Replay{0}, text.substr(5))) == Code::bad_json);
  CHECK(refusal(lab.talk.send(Replay{0}, std::string())) == Code::bad_json);
  Lab other(8);
  CHECK(refusal(other.talk.send(Replay{0}, text)) == Code::not_found);
}

TEST_CASE("a checkpoint stands in a run only with the weights that its capsule lists",
          "[session]") {
  const float ema = GENERATE(0.0f, 0.9f);
  spec::Network network = test::toy_network(9, 7, 3);
  spec::Train config = test::toy_config();
  config.epochs = 3;
  config.ema = ema;
  const data::Images images = test::toy_images(61, 9, 7, 3, 3);
  Pool pool(1);
  auto trainer = train::Trainer::create(network, config, images, pool).value();
  train::RunState second;
  while (trainer->step() != train::Trainer::Did::finished_run)
    if (trainer->history().size() == 2 && trainer->step_in_epoch() == 0) second = trainer->state();
  session::Capsule capsule;
  for (const train::EpochRecord& r : trainer->history())
    capsule.history.push_back({r.epoch + 1, r.train_loss, r.validation_accuracy, r.weight_hash});
  CHECK(session::check_checkpoint(capsule, second, 2).ok());
  CHECK(session::check_checkpoint(capsule, second, 1).problem().code == Code::bad_file);
  const auto code = [&](const train::RunState& state) {
    const Status status = session::check_checkpoint(capsule, state, 2);
    return status.ok() ? Code::none : status.problem().code;
  };
  SECTION("the weights that were judged") {
    std::vector<f32>& judged = ema > 0 ? second.average_parameters : second.parameters;
    judged[5] += 1;
    CHECK(code(second) == Code::bad_file);
  }
  SECTION("those of the best epoch") {
    second.best_parameters[5] += 1;
    CHECK(code(second) == Code::bad_file);
  }
  SECTION("which epoch is the best") {
    ++second.best_correct;
    CHECK(code(second) == Code::bad_file);
  }
  SECTION("a capsule that does not list the best epoch") {
    std::erase_if(capsule.history, [&](const session::CapsuleRow& row) {
      return row.epoch == second.best_epoch + 1;
    });
    CHECK(code(second) == Code::not_found);
  }
}
