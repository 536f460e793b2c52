#include "ui/app/actions.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "ui/app/workshop.hpp"
#include "ui/look/words.hpp"

namespace protocol = engine::protocol;
namespace spec = engine::spec;

namespace {

struct Bench {
  ui::Workshop w;
  ui::Outbox out;

  Bench() { ui::set_network(w.model, *spec::find_in_zoo("simple_cnn")); }
  ui::Model& m = w.model;
  void act(ui::Action action) {
    out = {};
    ui::carry_out(action, w, out);
  }
  template <class Command>
  const Command* sent(std::size_t at = 0) const {
    return at < out.messages.size() ? std::get_if<Command>(&out.messages[at].head) : nullptr;
  }
};

ui::AddStroke dot(float x) { return {{.points = {{x, 0.5f}}, .radius = 0.05f}}; }

}  // namespace

TEST_CASE("undo and redo walk over drawing, network and settings in one history", "[undo]") {
  Bench b;
  b.act(dot(0.3f));
  b.act(ui::RemoveLayer{0});
  spec::Train train = b.m.train;
  train.epochs = 9;
  b.act(ui::SetTrain{train});
  const auto layers = b.m.network.layers.size();
  b.act(ui::Undo{});
  CHECK(b.m.train.epochs == spec::Train{}.epochs);
  b.act(ui::Undo{});
  CHECK(b.m.network.layers.size() == layers + 1);
  b.act(ui::Undo{});
  CHECK(b.m.drawing.blank());
  CHECK_FALSE(b.m.can_undo);
  b.act(ui::Undo{});  // nothing left: nothing happens
  CHECK(b.m.drawing.blank());
  for (int i = 0; i < 3; ++i) b.act(ui::Redo{});
  CHECK(b.m.train.epochs == 9);
  CHECK(b.m.network.layers.size() == layers);
  CHECK(b.m.drawing.strokes.size() == 1);
  CHECK_FALSE(b.m.can_redo);
}

TEST_CASE("a new change after undo ends the future, and a change that changes nothing is no step",
          "[undo]") {
  Bench b;
  b.act(dot(0.3f));
  b.act(ui::Undo{});
  CHECK(b.m.can_redo);
  b.act(dot(0.6f));
  CHECK_FALSE(b.m.can_redo);
  const auto steps = b.w.history.past.size();
  b.act(ui::SetTrain{b.m.train});
  b.act(ui::MoveLayer{1, 1});
  CHECK(b.w.history.past.size() == steps);
}

TEST_CASE("the history is capped", "[undo]") {
  Bench b;
  for (int i = 0; i < 150; ++i) b.act(dot(0.5f));
  CHECK(b.w.history.past.size() == ui::kMostUndoSteps);
}

TEST_CASE("the editor keeps its draft up to date and says what is wrong", "[build]") {
  Bench b;
  CHECK(b.m.draft.facts.weights == 19710);
  b.act(ui::SetLayerField{0, "out", 16});
  CHECK(b.m.draft.facts.weights == 16u * 9 + 16 + 16u * 14 * 14 * 10 + 10);
  b.act(ui::RemoveLayer{2});  // Flatten
  CHECK(b.m.draft.problem.code == engine::Code::bad_spec);
  b.act(ui::Undo{});
  CHECK(b.m.draft.problem.code == engine::Code::none);
  b.act(ui::AddLayer{1, spec::ReLU{}});
  CHECK(b.m.network.layers.size() == 6);
  CHECK(b.m.network.layers[1].name != b.m.network.layers[2].name);
}

TEST_CASE("places that do not exist are ignored", "[build]") {
  Bench b;
  const spec::Network before = b.m.network;
  for (const int at : {-1, 5, 1000}) {
    b.act(ui::RemoveLayer{at});
    b.act(ui::MoveLayer{at, 0});
    b.act(ui::MoveLayer{0, at});
    b.act(ui::SetLayerField{at, "out", 3});
    b.act(ui::UseRun{at});
  }
  b.act(ui::SetLayerField{0, "nonsense", 3});
  b.act(ui::ChooseNetwork{"nonsense"});
  CHECK(b.m.network == before);
  CHECK_FALSE(b.m.can_undo);
}

TEST_CASE("training starts with the network and the settings of the editors", "[train]") {
  Bench b;
  b.act(ui::StartTraining{});
  CHECK(b.out.messages.empty());  // no images yet: said in words
  REQUIRE(b.m.toasts.size() == 1);
  b.m.data.train = 100;
  b.act(ui::StartTraining{});
  const auto* start = b.sent<protocol::Start>();
  REQUIRE(start);
  const std::string tail = ui::text_of(b.out.messages[0].tail);
  CHECK(tail.substr(0, start->network_bytes) == spec::to_json(b.m.network));
  CHECK(tail.substr(start->network_bytes) == spec::to_json(b.m.train));
  REQUIRE(b.w.starting);
  CHECK(b.w.starting->network == b.m.network);
  b.act(ui::StartTraining{});
  CHECK(b.out.messages.empty());  // one at a time
}

TEST_CASE("no second run starts while one goes on or is paused, and that is said each time",
          "[train]") {
  Bench b;
  b.m.data.train = 100;
  b.m.runs.resize(1);
  b.m.runs[0].capsule = "{}";
  b.m.training.steps = {{1, 2, 0.5f}};
  using enum protocol::Phase;
  for (const protocol::Phase phase : {running, paused}) {
    b.m.training.phase = phase;
    for (const ui::Action& action : {ui::Action(ui::StartTraining{}), ui::Action(ui::ReplayRun{0}),
                                     ui::Action(ui::StartTraining{})}) {
      b.act(action);
      CHECK(b.out.messages.empty());
      CHECK(b.out.refused == ui::words::kRunUnderWay);
    }
    CHECK(b.m.training.phase == phase);
    CHECK(b.m.training.steps.size() == 1);
  }
  CHECK(b.m.toasts.size() == 1);
}

TEST_CASE("without an engine nothing is started", "[train]") {
  Bench b;
  b.m.data.train = 100;
  b.m.engine.failed = true;
  for (const bool gone : {false, true}) {
    b.m.engine.gone = gone;
    const char* sentence = gone ? ui::words::kEngineGone : ui::words::kEngineRestarts;
    for (const ui::Action& action : {ui::Action(ui::StartTraining{}), ui::Action(ui::StartLab{})}) {
      b.act(action);
      CHECK(b.out.messages.empty());
      CHECK(b.out.refused == sentence);
    }
    CHECK(b.m.lab.phase == ui::LabPhase::idle);
  }
  b.m.engine.gone = false;
  b.m.training.phase = protocol::Phase::running;
  b.act(ui::PauseTraining{});
  CHECK(b.out.refused == ui::words::kEngineRestarts);
}

TEST_CASE("a network that cannot be built does not start", "[train]") {
  Bench b;
  b.m.data.train = 100;
  b.act(ui::RemoveLayer{2});
  b.act(ui::StartTraining{});
  CHECK(b.out.messages.empty());
  REQUIRE_FALSE(b.m.toasts.empty());
  CHECK(b.m.toasts.back().text == b.m.draft.problem.sentence);
}

TEST_CASE("pause, resume and stop are sent only when they make sense", "[train]") {
  Bench b;
  using enum protocol::Phase;
  const auto sends = [&](protocol::Phase phase, const ui::Action& action) {
    b.m.training.phase = phase;
    b.act(action);
    return b.out.messages.size();
  };
  CHECK(sends(idle, ui::PauseTraining{}) == 0);
  CHECK(sends(running, ui::PauseTraining{}) == 1);
  CHECK(sends(paused, ui::PauseTraining{}) == 0);
  CHECK(sends(running, ui::ResumeTraining{}) == 0);
  CHECK(sends(paused, ui::ResumeTraining{}) == 1);
  CHECK(sends(running, ui::StopTraining{}) == 1);
  CHECK(sends(paused, ui::StopTraining{}) == 1);
  CHECK(sends(finished, ui::StopTraining{}) == 0);
}

TEST_CASE("shipped weights come back after training, trained ones too", "[weights]") {
  Bench b;
  b.act(ui::UseShipped{});
  CHECK(b.out.messages.empty());
  b.w.shelf.shipped = ui::bytes_of("shipped");
  b.w.shelf.trained = ui::bytes_of("trained");
  b.act(ui::UseShipped{});
  REQUIRE(b.sent<protocol::LoadModel>());
  CHECK(b.out.messages[0].to == ui::To::local);
  CHECK(ui::text_of(b.out.messages[0].tail) == "shipped");
  CHECK_FALSE(b.w.follow_training);
  b.w.shelf.trained_accuracy = 0.75f;
  b.m.training.final_test_accuracy = 0.1f;  // of a later run that learned nothing
  b.act(ui::UseTrained{});
  CHECK(b.out.messages[0].activation.test_accuracy == 0.75f);
  CHECK(ui::text_of(b.out.messages[0].tail) == "trained");
  CHECK(b.out.messages[0].activation.from == ui::WeightsFrom::trained);
}

TEST_CASE("the network that learns is followed again after other weights were chosen",
          "[weights]") {
  Bench b;
  b.w.shelf.shipped = ui::bytes_of("shipped");
  b.act(ui::UseTrained{});
  CHECK(b.out.refused.find("Nothing has been trained") == 0);
  using enum protocol::Phase;
  for (const protocol::Phase phase : {running, paused}) {
    b.m.training.phase = phase;
    b.act(ui::UseShipped{});
    CHECK_FALSE(b.w.follow_training);
    b.act(ui::UseTrained{});
    CHECK(b.w.follow_training);
    CHECK(b.out.refused == (phase == paused ? ui::words::kLearnerWaits : ""));
  }
  b.m.training.phase = running;
  b.m.replay.verdict = ui::ReplayView::Verdict::running;  // its weights read no drawing
  b.act(ui::UseTrained{});
  CHECK(b.out.refused.find("Nothing has been trained") == 0);
}

TEST_CASE("a JSON file goes into the editor, anything else to the engine", "[files]") {
  Bench b;
  b.act(ui::FileArrived{"net.json", ui::bytes_of(spec::to_json(*spec::find_in_zoo("fcnet")))});
  CHECK(b.m.network.name == "fcnet");
  CHECK(b.out.messages.empty());
  spec::Train train;
  train.epochs = 17;
  b.act(ui::FileArrived{"train.json", ui::bytes_of(spec::to_json(train))});
  CHECK(b.m.train.epochs == 17);
  b.act(ui::FileArrived{"broken.json", ui::bytes_of("{\"name\":")});
  CHECK(b.m.toasts.back().kind == ui::Toast::Kind::bad);
  b.act(ui::FileArrived{"w.safetensors", ui::bytes_of(std::string("\x10\0\0\0\0\0\0\0{}", 10))});
  REQUIRE(b.sent<protocol::LoadModel>());
  CHECK(b.out.messages[0].activation.from == ui::WeightsFrom::file);
}

TEST_CASE("drawing on a test image makes it an ordinary picture; fill and clear are steps",
          "[draw]") {
  Bench b;
  b.m.drawing.exact.assign(784, 100);
  b.m.drawing.exact_label = 3;
  b.act(dot(0.5f));
  CHECK(b.m.drawing.exact.empty());
  CHECK(b.m.drawing.exact_label == -1);
  CHECK(b.m.drawing.picture.size() == std::size_t(ui::kCanvasSize) * ui::kCanvasSize);
  b.act(ui::ClearDrawing{});
  CHECK(b.m.drawing.blank());
  b.act(ui::Fill{0.5f, 0.5f, 1});
  CHECK_FALSE(b.m.drawing.blank());
  b.act(ui::Fill{0.5f, 0.5f, 0});
  CHECK(b.m.drawing.blank());  // all black is no drawing
  b.act(ui::AddStroke{});
  CHECK(b.m.drawing.blank());
}

TEST_CASE("a test image that has not come yet, or not again, is refused in words", "[actions]") {
  Bench b;
  b.m.data.test = 1000;
  b.act(ui::ShowTestImage{1000});
  CHECK(b.out.messages.empty());
  CHECK(b.out.refused == ui::words::kNoTestImages);
  b.act(ui::ShowTestImage{999});
  REQUIRE(b.sent<protocol::GetImage>());
  CHECK(b.sent<protocol::GetImage>()->index == 999);
  CHECK(b.out.refused.empty());
  b.m.data.test = 0;
  b.m.data.problem = "They cannot be loaded.";
  b.act(ui::RandomTestImage{});
  CHECK(b.out.refused == b.m.data.problem);
}

TEST_CASE("a refusal is told to who asked, even when its toast is one for information or is there",
          "[toast]") {
  Bench b;
  for (int i = 0; i < 2; ++i) {
    b.act(ui::UseTrained{});
    CHECK(b.out.refused.find("Nothing has been trained") == 0);
  }
  CHECK(b.m.toasts.size() == 1);
  b.act(ui::ToggleHelp{});
  CHECK(b.out.refused.empty());
}

TEST_CASE("toasts are said once and are few", "[toast]") {
  Bench b;
  for (int i = 0; i < 3; ++i) ui::show_toast(b.m, ui::Toast::Kind::info, "same");
  CHECK(b.m.toasts.size() == 1);
  for (int i = 0; i < 9; ++i) ui::show_toast(b.m, ui::Toast::Kind::info, std::to_string(i));
  CHECK(b.m.toasts.size() == ui::kMostToasts);
  b.act(ui::Dismiss{});
  CHECK(b.m.toasts.size() == ui::kMostToasts - 1);
}
