#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <limits>
#include <utility>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/talk.hpp"
#include "ui/app/workshop.hpp"

namespace protocol = engine::protocol;
namespace spec = engine::spec;
using protocol::Phase;
using ui::Purpose;
using ui::To;

namespace {

struct Bench {
  ui::Workshop w;
  ui::Outbox out;
  ui::Model& m = w.model;

  void hear(protocol::Event head, ui::Bytes tail = {}, Purpose purpose = Purpose::none,
            To from = To::worker, ui::Activation activation = {}, engine::u32 id = 5) {
    out = {};
    ui::apply({id, head, std::move(tail)}, from, purpose, std::move(activation), w, out);
  }
};

protocol::Metrics metrics(Phase phase, engine::u32 step, float loss = 1) {
  return {.phase = phase,
          .epoch = step / 10,
          .epochs = 5,
          .step = step,
          .steps = 50,
          .loss = loss,
          .train_accuracy = 0.5f,
          .samples_per_second = 100,
          .eta_seconds = 3};
}

protocol::Finished ended(protocol::Ending ending, engine::u32 epochs) {
  protocol::Finished head{};
  head.ending = ending;
  head.epochs_done = epochs;
  return head;
}

ui::Bytes fresh_weights(const char* name) {
  test::Talk talk;
  talk.send(protocol::NewNetwork{1, 0}, spec::to_json(*spec::find_in_zoo(name)));
  const auto events = talk.send(protocol::GetModel{0});
  REQUIRE(test::is<protocol::ModelFile>(events[0]));
  return events[0].tail;
}

}  // namespace

TEST_CASE("data arrives in parts, and a problem is over when more comes", "[apply]") {
  Bench b;
  b.m.data.problem = "lost";
  b.hear(protocol::DataAdded{100, 50, 28, 28});
  CHECK(b.m.data.train == 100);
  CHECK(b.m.data.loading);
  CHECK(b.m.data.problem.empty());
  b.hear(protocol::DataAdded{60000, 10000, 28, 28});
  CHECK_FALSE(b.m.data.loading);
  CHECK(b.m.data.arrivals == 2);
}

TEST_CASE("a prediction of the wrong size is not believed", "[apply]") {
  Bench b;
  std::vector<float> tail(10 + 784, 0.25f);
  tail[3] = 0.75f;
  ui::Bytes bytes(tail.size() * sizeof(float));
  std::memcpy(bytes.data(), tail.data(), bytes.size());
  b.hear(protocol::Prediction{10, 3, 0, 1, 1.5f}, bytes, Purpose::predict, To::local);
  CHECK(b.m.prediction.best == 3);
  CHECK(b.m.prediction.probabilities[3] == 0.75f);
  CHECK(b.m.prediction.seen[783] == 0.25f);
  CHECK(b.m.prediction.sure);
  const ui::Bytes five(bytes.begin() + 5 * 4, bytes.end());  // of a network with five classes
  for (const auto& [classes, wrong] : {std::pair{10u, ui::Bytes(12)}, std::pair{5u, five}}) {
    b.hear(protocol::Prediction{10, 3, 0, 1, 1.5f}, bytes, Purpose::predict, To::local);
    REQUIRE(b.m.prediction.best == 3);
    b.hear(protocol::Prediction{classes, 3, 0, 1, 1}, wrong, Purpose::predict, To::local);
    CHECK(b.m.prediction.best == -1);
  }
  b.hear(protocol::Prediction{10, 10, 1, 0, 1}, bytes, Purpose::predict, To::local);
  CHECK(b.m.prediction.best == -1);
  b.hear(protocol::Failed{1}, ui::bytes_of("no"), Purpose::predict, To::local);
  CHECK(b.m.toasts.empty());
}

TEST_CASE("a network with other than ten outputs names nothing and says why", "[apply]") {
  Bench b;
  b.m.prediction.best = 3;  // of the weights before
  const engine::u32 classes = 12;
  std::vector<float> tail(classes + 784);
  tail.back() = 0.5f;
  ui::Bytes bytes(tail.size() * sizeof(float));
  std::memcpy(bytes.data(), tail.data(), bytes.size());
  b.hear(protocol::Prediction{classes, 11, 0, 1, 1}, bytes, Purpose::predict, To::local);
  CHECK(b.m.prediction.best == -1);
  CHECK(b.m.prediction.problem.find("12 classes") != std::string::npos);
  CHECK(b.m.prediction.saw);  // what it looked at is shown all the same
  CHECK(b.m.prediction.seen[783] == 0.5f);
  b.hear(protocol::Failed{1}, ui::bytes_of("Other images."), Purpose::predict, To::local);
  CHECK(b.m.prediction.problem == "Other images.");
  CHECK_FALSE(b.m.prediction.saw);
  b.hear(protocol::Prediction{10, 3, 0, 1, 1}, ui::Bytes((10 + 784) * sizeof(float)),
         Purpose::predict, To::local);
  CHECK(b.m.prediction.best == 3);
  CHECK(b.m.prediction.problem.empty());
}

TEST_CASE("steps of the preprocessing that do not fit together are not believed", "[apply]") {
  Bench b;
  const protocol::Steps good{3, 2, 10, 0, 1, 0, 255, 1, 0, 2, 2};
  const ui::Bytes bytes(2 * 6 + 2 * 784 * sizeof(float), std::byte{0x3f});
  b.hear(good, bytes, Purpose::predict, To::local);
  CHECK(b.m.steps.version == 1);
  CHECK(b.m.steps.ink.size() == 6);
  b.hear(good, ui::Bytes(12), Purpose::predict, To::local);
  for (const protocol::Steps& bad : {protocol::Steps{3, 2, 10, 0, 1, 0, 255, 2, 0, 2, 2},
                                     protocol::Steps{3, 2, 10, 0, 1, 0, 255, 4, 0, ~0u, 2},
                                     protocol::Steps{1, 6, 10, 0, 1, 0, 255, 0, 5, 1, 2},
                                     protocol::Steps{0, 0, 10, 0, 1, 0, 255, 0, 0, 0, 0}})
    b.hear(bad, bytes, Purpose::predict, To::local);
  CHECK(b.m.steps.version == 1);
}

TEST_CASE("maps of another size than they say are not believed", "[apply]") {
  Bench b;
  b.hear(protocol::Maps{1, 2, 3, 4}, ui::Bytes(24 * 4), Purpose::maps, To::local);
  CHECK(b.m.maps.values.size() == 24);
  b.hear(protocol::Maps{2, 5, 3, 4}, ui::Bytes(24 * 4), Purpose::maps, To::local);
  b.hear(protocol::Maps{2, 0, 3, 4}, {}, Purpose::maps, To::local);
  b.hear(protocol::Maps{2, 1, 1, 1025}, ui::Bytes(1025 * 4), Purpose::maps, To::local);
  CHECK(b.m.maps.facts.layer == 1);
  b.hear(protocol::Failed{1}, ui::bytes_of("No."), Purpose::maps, To::local);
  CHECK(b.m.toasts.empty());
}

TEST_CASE("mistakes that do not fit together are not believed", "[apply]") {
  Bench b;
  const protocol::Mistakes good{10, 20, 19, 1, 28, 28, 0.7f, 1};
  const protocol::Mistake mistake{5, 6, 4, 0.9f};
  ui::Bytes bytes(100 * 4 + sizeof mistake + 784);
  std::memcpy(bytes.data() + 400, &mistake, sizeof mistake);
  b.m.mistakes.asked = 3;
  b.m.mistakes.running = true;
  b.hear(good, bytes, Purpose::mistakes);
  CHECK_FALSE(b.m.mistakes.running);
  CHECK(b.m.mistakes.hash == 3);
  CHECK(b.m.mistakes.list.size() == 1);
  CHECK(b.m.mistakes.pixels.size() == 784);
  b.m.mistakes.asked = 4;
  b.hear(good, ui::Bytes(12), Purpose::mistakes);
  ui::Bytes wrong = bytes;
  const protocol::Mistake other{5, 6, 10, 0.9f};
  std::memcpy(wrong.data() + 400, &other, sizeof other);
  b.hear(good, wrong, Purpose::mistakes);
  const std::size_t many = 90 * 24 + 1;  // more than were asked for
  b.hear(protocol::Mistakes{10, 4000, 19, unsigned(many), 28, 28, 0, 1},
         ui::Bytes(400 + many * (sizeof mistake + 784)), Purpose::mistakes);
  CHECK(b.m.mistakes.hash == 3);
  CHECK(b.m.toasts.empty());
  b.hear(protocol::Mistakes{2, 20, 19, 0, 28, 28, 0.7f, 1}, ui::Bytes(16), Purpose::mistakes);
  CHECK(b.m.mistakes.hash == 3);
  CHECK(b.m.toasts.size() == 1);
  b.m.mistakes.running = true;
  b.hear(protocol::Failed{1}, ui::bytes_of("No."), Purpose::mistakes);
  CHECK_FALSE(b.m.mistakes.running);
}

TEST_CASE("weights that the engine accepted become active, with their filters", "[apply]") {
  Bench b;
  const ui::Bytes file = fresh_weights("simple_cnn");
  b.hear(protocol::ModelLoaded{19710, 0x89abcdef, 0x01234567},
         ui::bytes_of(spec::to_json(*spec::find_in_zoo("simple_cnn"))), Purpose::activate,
         To::local, {ui::WeightsFrom::shipped, "note", 0.9f, file});
  CHECK(b.m.active.from == ui::WeightsFrom::shipped);
  CHECK(b.m.active.hash == 0x0123456789abcdef);
  CHECK(b.m.active.test_accuracy == 0.9f);
  CHECK(b.m.active.filter_count == 10);
  CHECK(b.m.active.filter_size == 3);
  CHECK(b.m.active.filters.size() == 90);
  b.hear(protocol::ModelLoaded{7850, 1, 0},
         ui::bytes_of(spec::to_json(*spec::find_in_zoo("fcnet"))), Purpose::activate, To::local,
         {ui::WeightsFrom::file, "w.safetensors", -1, fresh_weights("fcnet")});
  CHECK(b.m.active.filter_count == 10);  // a unit that sees the whole input is an image
  CHECK(b.m.active.filter_size == 28);
  CHECK(b.m.active.filters.size() == 7840);
  CHECK_FALSE(b.w.follow_training);
}

TEST_CASE("the filters of a file that is no safetensors come from the engine, which reads it",
          "[apply]") {
  Bench b;
  b.hear(protocol::ModelLoaded{19710, 1, 0},
         ui::bytes_of(spec::to_json(*spec::find_in_zoo("simple_cnn"))), Purpose::activate,
         To::local, {ui::WeightsFrom::file, "model.pt", -1, ui::bytes_of("PK and so on")});
  CHECK(b.m.active.filter_count == 0);
  REQUIRE(b.out.messages.size() == 1);
  CHECK(b.out.messages[0].to == To::local);
  CHECK(std::holds_alternative<protocol::GetModel>(b.out.messages[0].head));
  b.hear(protocol::ModelFile{1, 0}, fresh_weights("simple_cnn"), b.out.messages[0].purpose,
         To::local);
  CHECK(b.m.active.filter_count == 10);
  CHECK(b.out.messages.empty());
  CHECK(b.out.downloads.empty());
}

TEST_CASE("metrics make the curve, which is thinned out but keeps its end", "[apply]") {
  Bench b;
  for (engine::u32 step = 1; step <= 3 * ui::kMaxCurvePoints; ++step)
    b.hear(metrics(Phase::running, step));
  CHECK(b.m.training.steps.size() <= ui::kMaxCurvePoints);
  CHECK(b.m.training.steps.size() > ui::kMaxCurvePoints / 4);
  CHECK(b.m.training.steps.back().epoch == 5.0f * 3 * ui::kMaxCurvePoints / 50);
  CHECK(b.m.training.now.step == 3 * ui::kMaxCurvePoints);
  const auto count = b.m.training.steps.size();
  b.hear(metrics(Phase::paused, 9000));
  CHECK(b.m.training.phase == Phase::paused);
  CHECK(b.m.training.steps.size() == count);
}

TEST_CASE("an epoch that comes again after a restart replaces its point", "[apply]") {
  Bench b;
  const auto epoch = [](engine::u32 number, float accuracy) {
    return protocol::EpochDone{.epoch = number,
                               .step = 10,
                               .best_epoch = number,
                               .train_loss = 1,
                               .train_accuracy = 0.5f,
                               .validation_loss = 1,
                               .validation_accuracy = accuracy,
                               .learning_rate = 0.1f,
                               .hash_low = 1,
                               .hash_high = 0};
  };
  b.hear(epoch(0, 0.5f));
  b.hear(epoch(1, 0.6f));
  b.hear(epoch(1, 0.7f));
  REQUIRE(b.m.training.validation_epochs.size() == 2);
  CHECK(b.m.training.validation_epochs[1].accuracy == 0.7f);
}

TEST_CASE("snapshots teach the local session unless the user chose other weights", "[apply]") {
  Bench b;
  b.hear(protocol::Snapshot{1, 2, 3}, ui::bytes_of("weights"));
  REQUIRE(b.out.messages.size() == 1);
  CHECK(b.out.messages[0].to == To::local);
  CHECK(b.out.messages[0].activation.from == ui::WeightsFrom::training);
  b.w.follow_training = false;
  b.hear(protocol::Snapshot{1, 2, 3}, ui::bytes_of("weights"));
  CHECK(b.out.messages.empty());
}

TEST_CASE("a finished run is recorded and its weights are asked for", "[apply]") {
  Bench b;
  b.w.run.network = *spec::find_in_zoo("fcnet");
  for (int i = 0; i < 25; ++i) {
    b.hear(protocol::Finished{.ending = protocol::Ending::early,
                              .epochs_done = 3,
                              .best_epoch = 1,
                              .steps = 30,
                              .best_validation_accuracy = 0.8f,
                              .test_accuracy = 0.7f,
                              .seconds = 2,
                              .hash_low = 1,
                              .hash_high = 0},
           ui::bytes_of("It is over."));
  }
  CHECK(b.m.runs.size() == ui::kMostRuns);
  CHECK(b.m.runs.back().weights == 7850);
  CHECK(b.m.training.phase == Phase::finished);
  CHECK_FALSE(b.out.run_over);  // until its weights are here, its checkpoint is all there is
  REQUIRE(b.out.messages.size() == 2);
  CHECK(std::holds_alternative<protocol::GetCapsule>(b.out.messages[0].head));
  CHECK(std::holds_alternative<protocol::GetModel>(b.out.messages[1].head));
  b.hear(protocol::ModelFile{1, 0}, ui::bytes_of("trained"), Purpose::trained_weights);
  CHECK(b.m.has_trained);
  CHECK(b.out.run_over);
  REQUIRE(b.out.kept.size() == 1);
  CHECK(b.out.kept[0].key == "trained");
  CHECK(b.out.messages[0].activation.from == ui::WeightsFrom::trained);
}

TEST_CASE("a run that diverged has failed", "[apply]") {
  Bench b;
  b.hear(ended(protocol::Ending::diverged, 2), ui::bytes_of("It diverged."));
  CHECK(b.m.training.phase == Phase::failed);
  CHECK(b.m.training.ending == "It diverged.");
  CHECK(b.m.toasts.back().kind == ui::Toast::Kind::bad);
  REQUIRE(b.m.runs.size() == 1);
  CHECK(std::holds_alternative<protocol::GetModel>(b.out.messages.back().head));
}

TEST_CASE("a run without a validated epoch gives no weights: earlier ones classify again",
          "[apply]") {
  Bench b;
  b.w.shelf.shipped = ui::bytes_of("shipped");
  const auto end = [&](protocol::Ending ending) {
    b.hear(ended(ending, 0), ui::bytes_of("It is over."));
    for (const ui::Outgoing& message : b.out.messages)
      CHECK_FALSE(std::holds_alternative<protocol::GetModel>(message.head));
    return b.out.messages.back().activation.from;
  };
  CHECK(end(protocol::Ending::diverged) == ui::WeightsFrom::shipped);
  b.w.shelf.trained = ui::bytes_of("trained");
  CHECK(end(protocol::Ending::stopped) == ui::WeightsFrom::trained);
  CHECK(ui::text_of(b.out.messages.back().tail) == "trained");
  b.w.follow_training = false;  // the user has chosen others
  CHECK(end(protocol::Ending::stopped) == ui::WeightsFrom::nothing);
}

TEST_CASE("a replay touches no weights", "[apply]") {
  using Verdict = ui::ReplayView::Verdict;
  Bench b;
  b.m.replay.verdict = Verdict::running;
  b.hear(protocol::Snapshot{1, 2, 3}, ui::bytes_of("weights"));
  CHECK(b.out.messages.empty());
  for (const Verdict verdict : {Verdict::running, Verdict::different}) {
    b.m.replay.verdict = verdict;
    b.hear(ended(protocol::Ending::stopped, 3), ui::bytes_of("It is over."));
    CHECK(b.out.messages.empty());
  }
}

TEST_CASE("a start is shown once it is accepted; a refused one leaves the last run and says why",
          "[apply]") {
  Bench b;
  b.w.starting = ui::RunStart{*spec::find_in_zoo("mlp"), {}};
  b.w.follow_training = false;
  b.hear(protocol::Accepted{0}, {}, Purpose::start);
  CHECK(b.m.training.phase == Phase::running);
  CHECK(b.m.training.network_name == "mlp");
  CHECK(b.w.follow_training);
  CHECK_FALSE(b.w.starting);
  b.hear(metrics(Phase::running, 10));
  b.hear(metrics(Phase::paused, 20));
  b.w.starting = ui::RunStart{*spec::find_in_zoo("fcnet"), {}};
  b.hear(protocol::Failed{static_cast<engine::u32>(engine::Code::wrong_state)},
         ui::bytes_of("No images."), Purpose::start);
  CHECK(b.m.training.phase == Phase::paused);
  CHECK(b.m.training.steps.size() == 1);
  CHECK(b.w.run.network.name == "mlp");
  CHECK_FALSE(b.w.starting);
  CHECK(b.m.toasts.back().text == "No images.");
  b.hear(protocol::Failed{static_cast<engine::u32>(engine::Code::diverged)},
         ui::bytes_of("It diverged."), Purpose::none, To::worker, {}, 0);
  CHECK(b.m.training.phase == Phase::failed);
  CHECK(b.out.run_over);
}

TEST_CASE("a part of the images that is refused ends no run", "[apply]") {
  Bench b;
  b.hear(metrics(Phase::running, 10));
  b.hear(protocol::Failed{static_cast<engine::u32>(engine::Code::bad_file)},
         ui::bytes_of("The chunk is damaged."), Purpose::none, To::worker, {}, 0);
  CHECK(b.m.training.phase == Phase::running);
  CHECK(b.m.training.ending.empty());
  CHECK_FALSE(b.out.run_over);
  CHECK(b.m.data.problem == "The chunk is damaged.");
  REQUIRE(b.m.toasts.size() == 1);
  CHECK(b.m.toasts.back().text == b.m.data.problem);
}

TEST_CASE("a checkpoint that another run keeps from going on is not deleted", "[apply]") {
  Bench b;
  const auto refuse = [&](engine::Code code) {
    b.m.training.phase = Phase::running;
    b.hear(protocol::Failed{static_cast<engine::u32>(code)}, ui::bytes_of("No."), Purpose::restore);
    return b.out.run_over;
  };
  CHECK_FALSE(refuse(engine::Code::wrong_state));
  CHECK(b.m.training.phase == Phase::running);
  CHECK(refuse(engine::Code::bad_file));
  CHECK(b.m.training.phase == Phase::idle);
}

TEST_CASE("a lab's run that ended at an error without a number says so beside its result",
          "[apply][lab]") {
  Bench b;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto finish = [&](float last) {
    const float errors[] = {0.2f, 0.3f, last, last};
    ui::Bytes tail(sizeof errors);
    std::memcpy(tail.data(), errors, sizeof errors);
    b.hear(protocol::LabProgress{2, 20, 0.1f, 1}, tail);
    b.hear(protocol::LabDone{3, 20, 0, 0, 0, 0, 0, 0, 0, 0});
    return b.m.lab.ending;
  };
  CHECK(finish(0.1f).empty());
  const std::string ending = finish(nan);
  CHECK(ending.find("epoch 2") != std::string::npos);
  CHECK(ending.find("back to epoch 1") != std::string::npos);
  CHECK(b.m.lab.phase == ui::LabPhase::finished);
}

TEST_CASE("a test image is one undo step; an image of another size is not shown", "[apply]") {
  Bench b;
  b.hear(protocol::Image{protocol::Split::test, 42, 3, 28, 28}, ui::Bytes(784, std::byte{9}),
         Purpose::test_image);
  CHECK(b.m.drawing.exact_label == 3);
  CHECK(b.m.drawing.exact_index == 42);
  CHECK(b.m.can_undo);
  b.hear(protocol::Image{protocol::Split::test, 1, 2, 7, 7}, ui::Bytes(49), Purpose::test_image);
  CHECK(b.m.drawing.exact_index == 42);
  b.hear(protocol::Sheet{2, 28, 28}, ui::Bytes(2 * 784), Purpose::sheet);
  CHECK(b.m.sheet.count == 2);
  b.hear(protocol::Sheet{3, 28, 28}, ui::Bytes(784), Purpose::sheet);
  CHECK(b.m.sheet.count == 2);
}
