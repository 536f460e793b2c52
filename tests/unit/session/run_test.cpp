// The commands and events of a training run.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "engine/data/packed.hpp"
#include "engine/io/model_file.hpp"
#include "engine/spec/json.hpp"
#include "engine/train/trainer.hpp"
#include "tests/support/near.hpp"
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
  data::Dataset dataset{test::toy_images(61, 9, 7, 3, 3), test::toy_images(300, 9, 7, 3, 4)};
  spec::Network network = test::toy_network(9, 7, 3);
  spec::Train config = test::toy_config();
  Talk talk;

  explicit Lab(bool with_test_images = true) {
    if (!with_test_images) dataset.test = {9, 7, {}, {}};
    data::Chunk all;
    all.total_train = dataset.train.count();
    all.total_test = dataset.test.count();
    all.train = dataset.train;
    all.test = dataset.test;
    REQUIRE(refusal(talk.send(AddData{0}, data::write_chunk(all))) == Code::none);
  }
  Events start() {
    const std::string spec = spec::to_json(network);
    return talk.send(Start{u32(spec.size())}, spec + spec::to_json(config));
  }
};

u64 hash_of(const Finished& f) { return u64(f.hash_high) << 32 | f.hash_low; }

// The same run without a session.
std::unique_ptr<train::Trainer> reference(const Lab& lab, Pool& pool) {
  auto trainer = train::Trainer::create(lab.network, lab.config, lab.dataset.train, pool);
  REQUIRE(trainer.ok());
  while ((*trainer)->step() != train::Trainer::Did::finished_run) {
  }
  return std::move(trainer).value();
}

Finished finished(const Events& events) {
  const auto all = only<Finished>(events);
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].tail.empty());
  CHECK(all[0].id == 0);
  return as<Finished>(all[0]);
}

}  // namespace

TEST_CASE("a run is accepted, reports, and leaves the best weights in use", "[session]") {
  Lab lab;
  Pool pool(1);
  const auto want = reference(lab, pool);
  const Events begun = lab.start();
  REQUIRE(begun.size() == 2);
  CHECK(is<Accepted>(begun[0]));
  CHECK(begun[0].id == lab.talk.last_id());
  CHECK(as<Metrics>(begun[1]).phase == Phase::running);
  CHECK(as<Metrics>(begun[1]).steps == 14);

  const Events events = lab.talk.finish();
  const auto epochs = only<EpochDone>(events);
  REQUIRE(epochs.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(as<EpochDone>(epochs[i]).hash_low == u32(want->history()[i].weight_hash));
    CHECK(as<EpochDone>(epochs[i]).validation_accuracy == want->history()[i].validation_accuracy);
  }
  const Finished end = finished(events);
  CHECK(end.ending == Ending::completed);
  CHECK(end.epochs_done == 2);
  CHECK(end.steps == 14);
  CHECK(end.best_epoch == want->best_epoch());
  CHECK(hash_of(end) == want->network().weight_hash());
  CHECK((end.test_accuracy >= 0 && end.test_accuracy <= 1));
  CHECK(as<Metrics>(only<Metrics>(events).back()).phase == Phase::finished);

  lab.talk.send(Evaluate{Split::test});
  const auto evaluation = only<Evaluation>(lab.talk.finish());
  REQUIRE(evaluation.size() == 1);
  const Evaluation& e = as<Evaluation>(evaluation[0]);
  CHECK(test::near(double(e.correct) / double(e.total), end.test_accuracy, 1e-6));
  const auto file = lab.talk.send(GetModel{0});
  const auto model = io::load_model(file[0].tail);
  REQUIRE(model.ok());
  CHECK(model->network.weight_hash() == want->network().weight_hash());
  CHECK(model->card.seed == lab.config.seed);
  CHECK(spec::train_from_json(model->card.notes.at("train")).value() == lab.config);
}

TEST_CASE("a pause changes no bit, and nothing happens meanwhile", "[session]") {
  Lab lab;
  Pool pool(1);
  const auto want = reference(lab, pool);
  CHECK(refusal(lab.talk.send(Pause{0})) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(Resume{0})) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(Stop{0})) == Code::wrong_state);
  lab.start();
  Events events;
  for (bool done = false; !done;) {
    for (const auto& event : lab.talk.work())
      done = done || is<Finished>(event), events.push_back(event);
    if (done) break;
    const Events paused = lab.talk.send(Pause{0});
    if (refusal(paused) != Code::none) continue;  // the test set is being measured
    REQUIRE(paused.size() == 2);
    CHECK(is<Accepted>(paused[0]));
    CHECK(as<Metrics>(paused[1]).phase == Phase::paused);
    CHECK_FALSE(lab.talk.session().tick(5));
    CHECK(lab.talk.work().empty());
    CHECK(refusal(lab.talk.send(Pause{0})) == Code::wrong_state);
    CHECK(as<Metrics>(lab.talk.send(Resume{0})[1]).phase == Phase::running);
    CHECK(refusal(lab.talk.send(Resume{0})) == Code::wrong_state);
  }
  CHECK(hash_of(finished(events)) == want->network().weight_hash());
}

TEST_CASE("while training, predictions and snapshots are of the weights that learn", "[session]") {
  Lab lab;
  lab.config.epochs = 3;
  lab.start();
  const auto before = lab.talk.send(GetModel{0});
  const Events first = lab.talk.work();
  const auto after = lab.talk.send(GetModel{0});
  CHECK(as<ModelFile>(before[0]).hash_low != as<ModelFile>(after[0]).hash_low);
  const auto snapshots = only<Snapshot>(first);
  REQUIRE(snapshots.size() == 1);  // the first is always due
  CHECK(as<Snapshot>(snapshots[0]).step == 1);
  CHECK(as<Snapshot>(snapshots[0]).hash_low == as<ModelFile>(after[0]).hash_low);
  CHECK(io::load_model(snapshots[0].tail)->network.weight_hash() ==
        (u64(as<ModelFile>(after[0]).hash_high) << 32 | as<ModelFile>(after[0]).hash_low));
}

TEST_CASE("looking at a run changes no bit of it", "[session]") {
  Lab lab;
  Pool pool(1);
  const auto want = reference(lab, pool);
  lab.start();
  Events events;
  int evaluations = 0;
  for (bool more = true; more;) {
    lab.talk.send(GetModel{0});
    lab.talk.send(GetCheckpoint{0});
    CHECK(refusal(lab.talk.send(GetImage{Split::validation, 3})) == Code::none);
    if (evaluations < 3) lab.talk.send(Evaluate{Split::validation}), ++evaluations;
    for (const auto& event : lab.talk.work()) events.push_back(event);
    more = only<Finished>(events).empty();
  }
  for (const auto& event : lab.talk.finish()) events.push_back(event);
  CHECK(hash_of(finished(events)) == want->network().weight_hash());
  const auto answers = only<Evaluation>(events);
  REQUIRE(answers.size() == 3);
  for (const auto& answer : answers)
    CHECK(as<Evaluation>(answer).total == want->split().validation.size());
}

TEST_CASE("the validation images of a run are those it does not train on", "[session]") {
  Lab lab;
  Pool pool(1);
  const auto want = reference(lab, pool);
  lab.start();
  const auto event = lab.talk.send(GetImage{Split::validation, 2});
  const u32 id = want->split().validation[2];
  CHECK(as<Image>(event[0]).label == lab.dataset.train.labels[id]);
  const auto pixels = std::as_bytes(lab.dataset.train.image(id));
  CHECK(event[0].tail == std::vector<std::byte>(pixels.begin(), pixels.end()));
  CHECK(as<Image>(lab.talk.send(GetImage{Split::train, 49})[0]).index == 0);
}

TEST_CASE("stopping is accepted, then finished with the best weights", "[session]") {
  Lab lab;
  lab.config.epochs = 50;
  SECTION("in the first epoch") {
    lab.start();
    lab.talk.work();
  }
  SECTION("later") {
    lab.start();
    while (only<EpochDone>(lab.talk.work()).empty()) {
    }
    lab.talk.work();
  }
  SECTION("while paused") {
    lab.start();
    lab.talk.work();
    lab.talk.send(Pause{0});
  }
  const Events stopped = lab.talk.send(Stop{0});
  REQUIRE_FALSE(stopped.empty());
  CHECK(is<Accepted>(stopped[0]));
  CHECK(only<Finished>(stopped).empty());
  const Finished end = finished(lab.talk.finish());
  CHECK(end.ending == Ending::stopped);
  CHECK(end.epochs_done == 1);
  CHECK(end.test_accuracy >= 0);
  CHECK(refusal(lab.talk.send(Stop{0})) == Code::wrong_state);
}

TEST_CASE("measuring the test set can be cut short", "[session]") {
  Lab lab;
  lab.config.epochs = 1;
  lab.start();
  while (only<EpochDone>(lab.talk.work()).empty()) {
  }
  lab.talk.work();  // the first slice of three
  CHECK(refusal(lab.talk.send(Pause{0})) == Code::wrong_state);
  SECTION("by stopping") {
    const Events events = lab.talk.send(Stop{0});
    CHECK(is<Accepted>(events[0]));
    CHECK(finished(events).test_accuracy == kNotMeasured);
    CHECK(finished(events).ending == Ending::completed);
    CHECK(lab.talk.finish().empty());
  }
  SECTION("by the next run") {
    const Events events = lab.start();
    CHECK(finished(events).test_accuracy == kNotMeasured);
    CHECK(only<Accepted>(events).size() == 1);
    CHECK(as<Metrics>(events.back()).phase == Phase::running);
    CHECK(finished(lab.talk.finish()).test_accuracy >= 0);
  }
}

TEST_CASE("without test images a run ends with an unknown test accuracy", "[session]") {
  Lab lab(false);
  lab.start();
  CHECK(finished(lab.talk.finish()).test_accuracy == kNotMeasured);
}

TEST_CASE("a run continued elsewhere from its checkpoint ends in the same bits", "[session]") {
  Lab lab;
  Pool pool(1);
  const auto want = reference(lab, pool);
  CHECK(refusal(lab.talk.send(GetCheckpoint{0})) == Code::wrong_state);
  lab.start();
  for (int i = 0; i < 10; ++i) lab.talk.work();
  const auto file = lab.talk.send(GetCheckpoint{0});
  CHECK(as<CheckpointFile>(file[0]).epoch == 1);
  CHECK(as<CheckpointFile>(file[0]).step == 9);
  CHECK(refusal(lab.talk.send(ResumeFrom{0}, file[0].tail)) == Code::wrong_state);

  Lab other;
  CHECK(refusal(other.talk.send(ResumeFrom{0}, std::string("junk"))) == Code::bad_file);
  const Events resumed = other.talk.send(ResumeFrom{1}, file[0].tail);
  REQUIRE(resumed.size() == 2);
  CHECK(is<Accepted>(resumed[0]));
  CHECK(as<Metrics>(resumed[1]).phase == Phase::paused);
  CHECK(as<Metrics>(resumed[1]).step == 9);
  CHECK(other.talk.finish().empty());
  other.talk.send(Resume{0});
  CHECK(hash_of(finished(other.talk.finish())) == want->network().weight_hash());

  Lab third;
  third.talk.send(ResumeFrom{0}, file[0].tail);
  CHECK(hash_of(finished(third.talk.finish())) == want->network().weight_hash());

  Talk empty;
  CHECK(refusal(empty.send(ResumeFrom{0}, file[0].tail)) == Code::not_found);
}

TEST_CASE("a finished run's checkpoint gives the finished run", "[session]") {
  Lab lab;
  lab.start();
  const Finished end = finished(lab.talk.finish());
  const auto file = lab.talk.send(GetCheckpoint{0});
  Lab other;
  other.talk.send(ResumeFrom{1}, file[0].tail);
  const Finished again = finished(other.talk.finish());
  CHECK(hash_of(again) == hash_of(end));
  CHECK(again.test_accuracy == end.test_accuracy);
}

TEST_CASE("one run at a time, and no other network during it", "[session]") {
  Lab lab;
  lab.start();
  const auto file = lab.talk.send(GetModel{0});
  CHECK(refusal(lab.start()) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(LoadModel{0}, file[0].tail)) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(NewNetwork{1, 0}, spec::to_json(lab.network))) == Code::wrong_state);
  CHECK(refusal(lab.talk.send(Hello{2})) == Code::wrong_state);
  lab.talk.finish();
  const auto trained = lab.talk.send(GetModel{0});
  CHECK(refusal(lab.talk.send(Hello{2})) == Code::none);
  CHECK(lab.talk.send(GetModel{0})[0].tail == trained[0].tail);  // it stayed, with its card
  CHECK(refusal(lab.start()) == Code::none);
  lab.talk.finish();
  CHECK(refusal(lab.talk.send(LoadModel{0}, file[0].tail)) == Code::none);
}

TEST_CASE("a start that cannot be is refused and leaves everything as it was", "[session]") {
  Lab lab;
  const std::string spec = spec::to_json(lab.network), train = spec::to_json(lab.config);
  CHECK(refusal(lab.talk.send(Start{9999}, spec + train)) == Code::bad_message);
  CHECK(refusal(lab.talk.send(Start{u32(spec.size()) - 1}, spec + train)) == Code::bad_json);
  CHECK(refusal(lab.talk.send(Start{u32(spec.size())}, spec)) == Code::bad_json);
  lab.config.loss = spec::Loss::binary_cross_entropy;
  CHECK(refusal(lab.start()) == Code::bad_config);
  CHECK(lab.talk.finish().empty());
  Talk empty;
  CHECK(refusal(empty.send(Start{u32(spec.size())}, spec + train)) == Code::wrong_state);
}

TEST_CASE("a diverged run says so and is failed", "[session]") {
  Lab lab;
  lab.network.layers.pop_back();
  lab.config.loss = spec::Loss::mse;
  lab.config.learning_rate = 10;
  lab.config.momentum = 0.999f;
  lab.config.schedule = spec::ScheduleKind::constant;
  lab.config.epochs = 1000;
  lab.start();
  const Events events = lab.talk.finish();
  CHECK(finished(events).ending == Ending::diverged);
  CHECK(as<Metrics>(only<Metrics>(events).back()).phase == Phase::failed);
  CHECK(refusal(lab.talk.send(GetModel{0})) == Code::none);
}

TEST_CASE("every command has exactly one answer with its id", "[session]") {
  Lab lab;
  const std::string spec = spec::to_json(lab.network), train = spec::to_json(lab.config);
  const std::vector<std::pair<Command, std::string>> all{{Hello{1}, ""},
                                                         {AddData{0}, ""},
                                                         {LoadModel{0}, ""},
                                                         {NewNetwork{1, 0}, spec},
                                                         {GetModel{0}, ""},
                                                         {Predict{ImageKind::raster, 1, 1}, "x"},
                                                         {Pause{0}, ""},
                                                         {Evaluate{Split::test}, ""},
                                                         {Start{u32(spec.size())}, spec + train},
                                                         {Pause{0}, ""},
                                                         {Resume{0}, ""},
                                                         {GetCheckpoint{0}, ""},
                                                         {ResumeFrom{0}, ""},
                                                         {GetImage{Split::train, 0}, ""},
                                                         {PreviewAugment{1, 0, 1}, train},
                                                         {Evaluate{Split::validation}, ""},
                                                         {Stop{0}, ""},
                                                         {Stop{0}, ""}};
  std::multiset<u32> answers;
  const auto note = [&](const Events& events) {
    for (const auto& event : events) {
      if (event.id != 0) answers.insert(event.id);
    }
  };
  for (const auto& [command, tail] : all) note(lab.talk.send(command, tail));
  note(lab.talk.finish());
  for (u32 id = 2; id <= lab.talk.last_id(); ++id) {  // 1: the lab's own images
    CAPTURE(id);
    CHECK(answers.count(id) == 1);
  }
}
