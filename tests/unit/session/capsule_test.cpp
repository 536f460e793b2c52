// Capsules of runs: their text, and doing a run again.
#include "engine/session/capsule.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/core/random.hpp"
#include "engine/io/model_file.hpp"
#include "engine/session/card.hpp"
#include "engine/session/replay.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/short_json.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/toy_images.hpp"

using namespace engine;
using session::Capsule;
using train::Trainer;

namespace {

struct Lab {
  data::Images images = test::toy_images(61, 9, 7, 3, 3);
  spec::Network network = test::toy_network(9, 7, 3);
  spec::Train config = test::toy_config();
  Pool pool{1};

  std::unique_ptr<Trainer> begin() {
    auto made = Trainer::create(network, config, images, pool);
    REQUIRE(made.ok());
    return std::move(made).value();
  }
  Capsule capsule() {
    const auto trainer = begin();
    while (trainer->phase() != train::Phase::finished) trainer->step();
    return session::capsule_of(*trainer);
  }
  // 0: the same; otherwise the epoch that is named first.
  u32 replayed(const Capsule& capsule) {
    auto trainer = session::begin_replay(capsule, images, pool);
    REQUIRE(trainer.ok());
    for (;;) {
      const auto did = session::replay_step(capsule, **trainer);
      if (const auto difference = session::find_difference(capsule, **trainer)) {
        CHECK_FALSE(difference->sentence.empty());
        return difference->epoch;
      }
      if (did == Trainer::Did::finished_run) return 0;
    }
  }
};

Code code_of(std::string_view text) {
  const auto capsule = session::capsule_from_json(text);
  if (capsule.ok()) return Code::none;
  CHECK_FALSE(capsule.problem().sentence.empty());
  return capsule.problem().code;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Made up, within the limits.
Capsule any_capsule(u32 number) {
  Rng rng(number, Purpose::probe, 77);
  const auto hash = [&] { return u64(rng.below(1u << 31)) << 33 | rng.below(1u << 31); };
  Capsule c;
  c.engine = "1." + std::to_string(rng.below(100));
  c.images = 2 + rng.below(60'000);
  c.data_hash = hash();
  const spec::Network& network = spec::zoo()[rng.below(u32(spec::zoo().size()))];
  c.network_name = network.name;
  c.network_hash = session::network_hash(network);
  if (rng.below(2) == 0) c.network = network;
  c.train.epochs = 1 + rng.below(1000);
  c.train.batch = 1 + rng.below(1024);
  c.train.learning_rate = rng.uniform(1e-6f, 9.0f);
  c.train.augment.rotate = rng.uniform(0, 45);
  c.train.nesterov = rng.below(2) == 0;
  c.train.seed = hash();
  c.ending = train::Ending(rng.below(4));
  c.epochs = rng.below(c.train.epochs + 1);
  c.steps = rng.below(1'000'000);
  for (u32 e = 1 + rng.below(9); e < c.epochs; e += 1 + rng.below(40))
    c.history.push_back({e, rng.uniform(0, 10), rng.uniform(), hash()});
  if (c.epochs > 0) c.history.push_back({c.epochs, rng.uniform(), rng.uniform(), hash()});
  c.weights = hash();
  return c;
}

}  // namespace

TEST_CASE("a capsule holds its run, and comes back as it was", "[session][capsule]") {
  Lab lab;
  const Capsule capsule = lab.capsule();
  CHECK(capsule.network == lab.network);
  CHECK(capsule.train == lab.config);
  CHECK(capsule.images == 61);
  CHECK(capsule.epochs == 2);
  CHECK(capsule.steps == 14);
  REQUIRE(capsule.history.size() == 2);
  const std::string text = session::to_json(capsule);
  CHECK(text.size() <= session::kMaxCapsuleBytes);
  const auto back = session::capsule_from_json(text);
  REQUIRE(back.ok());
  CHECK(*back == capsule);
  CHECK(session::capsule_from_json("  \n" + replaced(text, "{", "{ \n")).ok());
}

TEST_CASE("any capsule within the limits comes back as it was", "[session][capsule]") {
  for (u32 i = 0; i < 300; ++i) {
    CAPTURE(i);
    Capsule capsule = any_capsule(i);
    const std::string text = session::to_json(capsule);
    if (text.size() > session::kMaxCapsuleText) continue;
    const auto back = session::capsule_from_json(text);
    REQUIRE(back.ok());
    CHECK(*back == capsule);
  }
}

TEST_CASE("a replay confirms a run, however it ended", "[session][capsule]") {
  Lab lab;
  CHECK(lab.replayed(lab.capsule()) == 0);
  lab.config.epochs = 6;
  lab.config.patience = 1;
  lab.config.learning_rate = 1e-6f;  // nothing improves
  const Capsule early = lab.capsule();
  CHECK(early.ending == train::Ending::early);
  CHECK(lab.replayed(early) == 0);
  lab.config = test::toy_config();
  lab.config.learning_rate = 10;
  lab.config.optimizer = spec::OptimizerKind::sgd;
  lab.config.weight_decay = 1;
  lab.config.epochs = 60;
  const Capsule wild = lab.capsule();
  CHECK(lab.replayed(wild) == 0);
  lab.config = test::toy_config();
  for (int steps : {0, 1, 3, 7, 8, 9, 10, 11, 13}) {
    CAPTURE(steps);
    const auto trainer = lab.begin();
    for (int i = 0; i < steps; ++i) trainer->step();
    trainer->stop();
    while (trainer->phase() != train::Phase::finished) trainer->step();
    CHECK(lab.replayed(session::capsule_of(*trainer)) == 0);
  }
}

TEST_CASE("a replay names the first epoch that differs", "[session][capsule]") {
  Lab lab;
  lab.config.epochs = 4;
  const Capsule run = lab.capsule();
  REQUIRE(lab.replayed(run) == 0);
  for (u32 epoch : {1u, 2u, 3u, 4u}) {
    CAPTURE(epoch);
    Capsule other = run;
    other.history[epoch - 1].weights ^= 1;
    CHECK(lab.replayed(other) == epoch);
    other = run;
    other.history[epoch - 1].loss += 0.01f;
    CHECK(lab.replayed(other) == epoch);
    other = run;
    other.history[epoch - 1].accuracy += 0.01f;
    CHECK(lab.replayed(other) == epoch);
  }
  Capsule other = run;
  other.train.seed += 1;
  CHECK(lab.replayed(other) == 1);
  other = run;
  other.weights ^= 1;
  CHECK(lab.replayed(other) == 4);
  other = run;
  other.steps += 1;
  CHECK(lab.replayed(other) == 5);
  other = run;
  other.epochs = 3;
  other.history.pop_back();
  CHECK(lab.replayed(other) == 4);
}

TEST_CASE("a replay needs the images and the network of its run", "[session][capsule]") {
  Lab lab;
  Capsule capsule = lab.capsule();
  const auto code = [&](const Capsule& c, const data::Images& images) {
    const auto made = session::begin_replay(c, images, lab.pool);
    return made.ok() ? Code::none : made.problem().code;
  };
  CHECK(code(capsule, test::toy_images(61, 9, 7, 3, 4)) == Code::not_found);
  CHECK(code(capsule, test::toy_images(60, 9, 7, 3, 3)) == Code::not_found);
  capsule.network.reset();
  CHECK(code(capsule, lab.images) == Code::not_found);
  capsule.network_name = "lab_cnn";
  CHECK(code(capsule, lab.images) == Code::not_found);  // of that name, but not with that hash
  capsule.network_hash = session::network_hash(*spec::find_in_zoo("lab_cnn"));
  CHECK(session::network_of(capsule).value() == *spec::find_in_zoo("lab_cnn"));
}

TEST_CASE("a run on the first images replays where there are more", "[session][capsule]") {
  Lab lab;
  const Capsule capsule = lab.capsule();
  const data::Images more = test::toy_images(40, 9, 7, 3, 9);
  lab.images.pixels.insert(lab.images.pixels.end(), more.pixels.begin(), more.pixels.end());
  lab.images.labels.insert(lab.images.labels.end(), more.labels.begin(), more.labels.end());
  CHECK(lab.replayed(capsule) == 0);
}

TEST_CASE("a long run's capsule fits and still replays", "[session][capsule]") {
  Lab lab;
  lab.config.epochs = 90;
  lab.config.fraction = 0.2f;
  const Capsule capsule = lab.capsule();
  CHECK(session::to_json(capsule).size() <= session::kMaxCapsuleBytes);
  CHECK(capsule.history.size() >= 8);
  CHECK(capsule.history.size() < 90);
  CHECK(capsule.history.back().epoch == 90);
  CHECK(lab.replayed(capsule) == 0);
  Capsule other = capsule;
  other.history[5].weights ^= 2;
  CHECK(lab.replayed(other) == capsule.history[5].epoch);
}

TEST_CASE("what does not fit becomes a name and a hash", "[session][capsule]") {
  Lab lab;
  lab.config.epochs = 1;
  lab.network.layers.resize(4);
  for (int i = 0; i < 40; ++i)
    lab.network.layers.push_back({"a_long_name_for_layer_" + std::to_string(i), spec::Dropout{}});
  lab.network.layers.push_back({"flatten", spec::Flatten{}});
  lab.network.layers.push_back({"fc", spec::Linear{.out = 3}});
  lab.network.layers.push_back({"log_softmax", spec::LogSoftmax{}});
  Capsule capsule = lab.capsule();
  CHECK_FALSE(capsule.network);
  CHECK(session::to_json(capsule).size() <= session::kMaxCapsuleBytes);
  CHECK(session::capsule_from_json(session::to_json(capsule)).value() == capsule);
  CHECK(capsule.network_hash == session::network_hash(lab.network));
  capsule.network = lab.network;
  CHECK(lab.replayed(capsule) == 0);
}

TEST_CASE("texts that are no capsules are refused with their reason", "[session][capsule]") {
  Lab lab;
  const std::string good = session::to_json(lab.capsule());
  REQUIRE(code_of(good) == Code::none);
  CHECK(code_of("") == Code::bad_json);
  CHECK(code_of("[]") == Code::bad_json);
  CHECK(code_of(std::string(20'000, ' ')) == Code::too_large);
  CHECK(code_of(replaced(good, "run/1", "run/2")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"images\":61", "\"images\":1")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"images\":61", "\"images\":4294967298")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"epochs\":2,\"steps\"", "\"epochs\":3,\"steps\"")) ==
        Code::bad_json);
  CHECK(code_of(replaced(good, "\"ending\":\"completed\"", "\"ending\":\"won\"")) ==
        Code::bad_json);
  CHECK(code_of(replaced(good, "[[1,", "[[2,")) == Code::bad_json);
  CHECK(code_of(replaced(good, "[[1,", "[[1,1,")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"out\":", "\"outs\":")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"name\":\"conv\"", "\"name\":\"conb\"")) == Code::bad_spec);
  CHECK(code_of(replaced(good, "\"batch\":8", "\"batch\":0")) == Code::bad_config);
  CHECK(code_of(replaced(good, "\"weights\":\"", "\"weights\":\"g")) == Code::bad_json);
  CHECK(code_of(replaced(good, "\"steps\"", "\"step\"")) == Code::bad_json);
}

TEST_CASE("a damaged capsule is a capsule or a sentence", "[session][capsule]") {
  Lab lab;
  const std::string text = session::to_json(lab.capsule());
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  test::for_each_truncation(bytes, [&](std::span<const std::byte> shorter) {
    CHECK(code_of({reinterpret_cast<const char*>(shorter.data()), shorter.size()}) ==
          Code::bad_json);
  });
  for (u32 i = 0; i < 3000; ++i) {
    CAPTURE(i);
    const auto broken = test::damaged(bytes, i);
    const auto capsule =
        session::capsule_from_json({reinterpret_cast<const char*>(broken.data()), broken.size()});
    if (capsule.ok()) {
      CHECK(session::capsule_from_json(session::to_json(*capsule)).value() == *capsule);
    } else {
      CHECK_FALSE(capsule.problem().sentence.empty());
    }
  }
}

TEST_CASE("weights of a finished run carry its capsule", "[session][capsule]") {
  Lab lab;
  const auto trainer = lab.begin();
  CHECK_FALSE(session::card_of(*trainer).notes.contains("run"));
  while (trainer->phase() != train::Phase::finished) trainer->step();
  const auto file = io::save_model(trainer->network(), session::card_of(*trainer));
  REQUIRE(file.ok());
  const auto model = io::load_model(*file);
  REQUIRE(model.ok());
  const auto capsule = session::capsule_from_json(model->card.notes.at("run"));
  REQUIRE(capsule.ok());
  CHECK(*capsule == session::capsule_of(*trainer));
}

TEST_CASE("short specs leave out defaults and read back the same", "[spec][capsule]") {
  for (const spec::Network& network : spec::zoo()) {
    CAPTURE(network.name);
    const std::string text = spec::to_short_json(network);
    CHECK(text.size() < spec::to_json(network).size());
    CHECK(spec::network_from_json(text).value() == network);
  }
  CHECK(spec::to_short_json(spec::Train{}) == "{}");
  spec::Train train = test::toy_config();
  CHECK(spec::train_from_json(spec::to_short_json(train)).value() == train);
  train = {};
  train.augment.flip = 0.5f;
  train.seed = 9;
  CHECK(spec::to_short_json(train) == R"({"augment":{"flip":0.5},"seed":9})");
}

// Capsules rest on them: a changed default would make old capsules mean other runs.
TEST_CASE("the defaults that capsules leave out stay what they were", "[spec][capsule]") {
  const spec::Train d;
  CHECK(d.fraction == 0.1f);
  CHECK(d.validation == 0.1f);
  CHECK(d.epochs == 5);
  CHECK(d.batch == 64);
  CHECK(d.loss == spec::Loss::nll);
  CHECK(d.optimizer == spec::OptimizerKind::adam);
  CHECK(d.learning_rate == 1e-3f);
  CHECK(d.momentum == 0.9f);
  CHECK_FALSE(d.nesterov);
  CHECK(d.beta1 == 0.9f);
  CHECK(d.beta2 == 0.999f);
  CHECK(d.epsilon == 1e-8f);
  CHECK(d.weight_decay == 0);
  CHECK(d.schedule == spec::ScheduleKind::constant);
  CHECK(d.step_epochs == 5);
  CHECK(d.step_factor == 0.5f);
  CHECK(d.patience == 0);
  CHECK_FALSE(d.augment.any());
  CHECK(d.seed == 1);
  CHECK(session::network_hash(*spec::find_in_zoo("lab_cnn")) == 0x76efaedfe05fffa8);
}
