// What outlasts a reload, a dead engine and a second tab: pages that come one after the other, with
// what the first has stored.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/data/packed.hpp"
#include "engine/spec/catalogue.hpp"
#include "nlohmann/json.hpp"
#include "tests/support/open_page.hpp"
#include "tests/support/toy_images.hpp"
#include "ui/app/keep.hpp"
#include "ui/look/words.hpp"
#include "ui/platform/bridge_native.hpp"

namespace spec = engine::spec;
using Phase = engine::protocol::Phase;
using nlohmann::json;
using ui::platform::asked;

using test::answer_loads;
using test::give_images;
using Event = ui::App::WorkerEvent;
using Open = test::OpenPage;

namespace {

void train_settings(test::PageDriver& page, int epochs) {
  const std::string set =
      R"({"do":"set_train","train":{"fraction":1,"validation":0.2,"batch":16,"epochs":)" +
      std::to_string(epochs) + "}}";
  REQUIRE(page.command(set).empty());
}

// What is stored when the page goes away in the middle of a run, after some validated epochs.
auto left_in_training(test::PageDriver& page, int epochs, std::size_t validated = 1) {
  train_settings(page, epochs);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until(
      [&](const ui::Model& m) { return m.training.validation_epochs.size() >= validated; }, 20000));
  page.app.hidden(true);
  page.frame(2);
  return asked().stored;
}

// The engine that takes the place of one that died. It works only when it is ticked.
struct NextEngine {
  test::PageDriver& page;
  engine::session::Session session{
      [this](std::span<const std::byte> event) { page.worker.arrived(event); }};

  explicit NextEngine(test::PageDriver& driver) : page(driver) {
    page.worker.connect([this](std::span<const std::byte> command) { session.receive(command); });
  }
  void give_images() {
    engine::data::Chunk chunk{.total_train = 300,
                              .total_test = 60,
                              .train = test::toy_images(300, 28, 28, 10, 1),
                              .test = test::toy_images(60, 28, 28, 10, 2)};
    session.add_data(engine::data::write_chunk(chunk));
    page.ui.frame();
  }
};

bool says(const ui::Model& m, std::string_view sentence) {
  return std::any_of(m.toasts.begin(), m.toasts.end(),
                     [&](const ui::Toast& toast) { return toast.text == sentence; });
}

}  // namespace

TEST_CASE("a run survives a reload, paused, and goes on to the same weights", "[page][train]") {
  Open first;
  const auto store = left_in_training(first, 6, 2);
  REQUIRE(store.contains("checkpoint"));
  REQUIRE(first.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::trained; },
                      40000));
  const auto expected = first.model().active.hash;

  Open second({1440, 900}, store);
  CHECK(second.until([](const ui::Model& m) {
    return m.training.phase == Phase::paused && m.training.now.steps > 0;
  }));
  const ui::Model& m = second.model();
  CHECK(m.restored);
  CHECK(m.train.epochs == 6);  // settings came back too
  REQUIRE_FALSE(m.toasts.empty());
  CHECK(m.toasts.back().text.find("Press Resume") != std::string::npos);
  CHECK(second.command(R"({"do":"resume_training"})").empty());
  CHECK(second.until(
      [](const ui::Model& now) { return now.active.from == ui::WeightsFrom::trained; }, 40000));
  CHECK(m.active.hash == expected);
  CHECK(m.training.validation_epochs.size() == 6);
}

TEST_CASE("a tab never touches the checkpoint of another tab", "[page][train]") {
  Open first;
  const auto store = left_in_training(first, 6);
  std::string key;
  for (const auto& [name, bytes] : store) {
    if (name.starts_with("checkpoint.") && !bytes.empty()) key = name;
  }
  REQUIRE_FALSE(key.empty());

  Open second({1440, 900}, {}, 8);  // it finds nothing, trains on its own and finishes
  train_settings(second, 1);
  REQUIRE(second.command(R"({"do":"start_training"})").empty());
  REQUIRE(second.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::trained; },
                       20000));
  answer_loads(second, store);
  CHECK_FALSE(asked().stored.contains(key));  // never written, never deleted
  const auto& pointer = asked().stored;
  CHECK((!pointer.contains("checkpoint") || !pointer.at("checkpoint").empty()));
}

TEST_CASE("a pointer that another tab keeps writing is left alone", "[page][train]") {
  Open first;
  train_settings(first, 6);
  REQUIRE(first.command(R"({"do":"start_training"})").empty());
  REQUIRE(
      first.until([](const ui::Model& m) { return !m.training.validation_epochs.empty(); }, 20000));
  first.now += 30'000;  // time for a checkpoint
  first.frame(2);
  auto store = asked().stored;
  REQUIRE(store.contains("checkpoint"));  // written by a tab that did not say good-bye

  Open second({1440, 900}, store);
  second.frame(30);
  CHECK(second.model().training.phase == Phase::idle);
  auto note = *ui::note_from_json(ui::text_of(store["checkpoint"]));
  SECTION("it moved: the other tab lives") {
    note.saved += 20;
    store["checkpoint"] = ui::bytes_of(ui::note_to_json(note));
    second.now += 40'000;
    second.frame(2);
    answer_loads(second, store);
    second.frame(30);
    CHECK(second.model().training.phase == Phase::idle);
  }
  SECTION("it stands still: the other tab is gone") {
    note.saved -= 60;
    const auto old = ui::bytes_of(ui::note_to_json(note));
    Open third({1440, 900}, [&] {
      auto s = store;
      s["checkpoint"] = old;
      return s;
    }());
    CHECK(third.until([](const ui::Model& m) { return m.training.phase == Phase::paused; }));
  }
}

TEST_CASE("the same tab after a reload need not wait", "[page][train]") {
  Open first;
  asked().tab = 77;
  train_settings(first, 60);
  REQUIRE(first.command(R"({"do":"start_training"})").empty());
  REQUIRE(
      first.until([](const ui::Model& m) { return !m.training.validation_epochs.empty(); }, 20000));
  first.now += 30'000;
  first.frame(2);
  const auto store = asked().stored;
  REQUIRE(ui::note_from_json(ui::text_of(store.at("checkpoint")))->tab == 77);

  test::PageDriver second;
  asked().tab = 77;
  second.app.start({});
  answer_loads(second, store);
  give_images(second);
  CHECK(second.until([](const ui::Model& m) { return m.training.phase == Phase::paused; }, 50));
}

TEST_CASE("trained weights that were in use are in use again after a reload", "[page][train]") {
  Open first;
  train_settings(first, 1);
  first.now += 2'000;  // kept without them before
  first.frame(2);
  REQUIRE(first.command(R"({"do":"start_training"})").empty());
  REQUIRE(first.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::trained; },
                      20000));
  first.now += 2'000;
  first.frame(2);
  const auto hash = first.model().active.hash;
  answer_loads(first, {});  // the list of runs is read before it is written
  const auto store = asked().stored;
  Open second({1440, 900}, store);
  CHECK(second.model().active.from == ui::WeightsFrom::trained);
  CHECK(second.model().active.hash == hash);
  CHECK(second.model().runs.size() == 1);
}

TEST_CASE("the page, the theme and the weights in use are each kept", "[page][keep]") {
  Open page;
  const auto kept = [&] {
    page.frame(2);
    ui::Model m;
    ui::work_from_json(ui::text_of(asked().stored.at("work")), m);
    return std::pair{m.page, m.theme};
  };
  REQUIRE(page.command(R"({"do":"show_page","page":"lab"})").empty());
  CHECK(kept() == std::pair{ui::Page::lab, ui::Theme::system});
  REQUIRE(page.app.command(R"({"do":"toggle_theme"})").empty());  // both in one frame
  REQUIRE(page.app.command(R"({"do":"show_page","page":"draw"})").empty());
  REQUIRE(page.model().theme == ui::Theme::light);
  CHECK(kept() == std::pair{ui::Page::draw, ui::Theme::light});
}

TEST_CASE("trained weights that are read late do not take the place of chosen ones",
          "[page][keep]") {
  ui::Model before;
  ui::set_network(before, *spec::find_in_zoo("fcnet"));
  before.active.from = ui::WeightsFrom::trained;
  test::PageDriver page;
  page.app.start(test::weights());
  page.frame(3);
  page.app.stored("work", ui::bytes_of(ui::work_to_json(before)));
  page.app.files_arrived("mine.safetensors", test::weights("mlp"));
  page.frame(3);
  REQUIRE(page.model().active.from == ui::WeightsFrom::file);
  page.app.stored("trained", test::weights("fcnet"));
  page.frame(3);
  CHECK(page.model().has_trained);
  CHECK(page.model().active.from == ui::WeightsFrom::file);
}

TEST_CASE("a run that came back after a reload goes on when its engine dies", "[page][train]") {
  Open first;
  const auto store = left_in_training(first, 6);
  Open second({1440, 900}, store);
  REQUIRE(second.until([](const ui::Model& m) {
    return m.training.phase == Phase::paused && m.training.now.steps > 0;
  }));
  second.app.worker(Event::died);
  NextEngine next(second);
  second.app.worker(Event::ready);
  next.give_images();
  second.app.worker(Event::restarted);
  second.ui.frame(2);
  REQUIRE(second.model().training.phase == Phase::paused);
  REQUIRE(second.app.command(R"({"do":"resume_training"})").empty());
  for (int i = 0; i < 40000 && second.model().training.phase != Phase::finished; ++i) {
    next.session.tick(1);
    second.ui.frame();
  }
  CHECK(second.model().training.phase == Phase::finished);
  CHECK(second.model().training.validation_epochs.size() == 6);
}

TEST_CASE("what a dead engine said before counts, and its end comes after that", "[page][train]") {
  Open page;
  train_settings(page, 60);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.training.phase == Phase::running; }));
  engine::protocol::Metrics metrics{};
  metrics.phase = Phase::running;
  const engine::protocol::Message<engine::protocol::Event> said{0, metrics, {}};
  page.worker.arrived(engine::protocol::encode(said));
  page.app.worker(Event::gone);
  page.ui.frame();
  CHECK(page.model().training.phase == Phase::failed);
  CHECK_FALSE(asked().training);
}

TEST_CASE("weights that a dead engine has given are kept", "[page][train]") {
  Open page;
  train_settings(page, 6);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  std::vector<ui::Bytes> asked_for;  // GetModel is among it, and is answered after the last frame
  page.worker.connect([&](std::span<const std::byte> command) {
    asked_for.emplace_back(command.begin(), command.end());
  });
  REQUIRE(
      page.until([](const ui::Model& m) { return m.training.phase == Phase::finished; }, 40000));
  REQUIRE_FALSE(page.model().has_trained);
  for (const ui::Bytes& command : asked_for) page.worker_session.receive(command);
  page.app.worker(Event::died);
  page.ui.frame(2);
  CHECK(page.model().training.phase == Phase::finished);
  CHECK(page.model().has_trained);
  CHECK(page.model().active.from == ui::WeightsFrom::trained);
}

TEST_CASE("a run whose engine dies before it gives the weights keeps its checkpoint",
          "[page][train]") {
  Open page;
  const auto store = left_in_training(page, 6);
  const auto note = ui::note_from_json(ui::text_of(store.at("checkpoint")));
  REQUIRE(note);
  page.worker.connect([](std::span<const std::byte>) {});  // it hears nothing any more
  REQUIRE(
      page.until([](const ui::Model& m) { return m.training.phase == Phase::finished; }, 40000));
  page.app.worker(Event::died);
  page.ui.frame(2);
  CHECK_FALSE(asked().stored.at(ui::checkpoint_key(note->run)).empty());
}

TEST_CASE("a run that had no checkpoint yet ends with its engine, and holds the tab no longer",
          "[page][train]") {
  Open page;
  train_settings(page, 60);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.training.phase == Phase::running; }));
  page.app.worker(Event::died);
  CHECK(asked().training);
  NextEngine next(page);
  page.app.worker(Event::ready);
  next.give_images();
  page.app.worker(Event::restarted);
  CHECK(page.model().training.phase == Phase::failed);
  CHECK_FALSE(asked().training);
}

TEST_CASE("a run whose engine is being restarted can be stopped", "[page][train]") {
  Open page;
  train_settings(page, 60);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.training.phase == Phase::running; }));
  page.app.worker(Event::died);
  NextEngine next(page);
  const bool images = GENERATE(false, true);
  CAPTURE(images);
  if (images) {
    page.app.worker(Event::ready);
    next.give_images();
  }
  REQUIRE(page.app.command(R"({"do":"stop_training"})").empty());
  CHECK(page.model().training.phase == Phase::failed);
  CHECK(page.model().training.ending == ui::words::kStoppedWithoutEngine);
  CHECK_FALSE(asked().training);
  CHECK(page.model().engine.failed == !images);
  if (!images) {
    page.app.worker(Event::ready);
    next.give_images();
  }
  page.app.worker(Event::restarted);
  page.ui.frame(2);
  CHECK(page.model().training.phase == Phase::failed);  // nothing goes on
  CHECK(page.app.command(R"({"do":"start_training"})").empty());
  page.ui.frame(2);
  CHECK(page.model().training.phase == Phase::running);
}

TEST_CASE("a worker that dies goes on from the last checkpoint", "[page][train]") {
  Open page;
  train_settings(page, 6);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(
      page.until([](const ui::Model& m) { return !m.training.validation_epochs.empty(); }, 20000));
  page.now += 30'000;
  page.frame(2);
  page.app.worker(Event::died);
  page.ui.frame();
  CHECK(page.model().engine.failed);
  CHECK(says(page.model(), ui::words::kEngineDied));
  NextEngine next(page);
  page.app.engine_info("st", 0, false, "");
  page.app.worker(Event::ready);
  page.ui.frame();
  CHECK(page.model().engine.threads > 0);  // its answer to Hello
  CHECK(page.model().engine.failed);       // until the run goes on
  CHECK(page.app.command(R"({"do":"pause_training"})") == ui::words::kEngineRestarts);
  next.give_images();
  page.app.worker(Event::restarted);
  CHECK_FALSE(page.model().engine.failed);
  for (int i = 0; i < 40000 && page.model().training.phase != Phase::finished; ++i) {
    next.session.tick(1);
    page.ui.frame();
  }
  CHECK(page.model().training.phase == Phase::finished);
  CHECK(page.model().training.validation_epochs.size() == 6);
}

TEST_CASE("a run that starts while the images come back to a new engine is left alone",
          "[page][train]") {
  Open page;
  train_settings(page, 60);
  page.app.worker(Event::died);
  page.ui.frame();
  CHECK(says(page.model(), ui::words::kEngineDied));  // with no run under way too
  NextEngine next(page);
  page.app.worker(Event::ready);
  next.give_images();
  CHECK_FALSE(page.model().engine.failed);
  REQUIRE(page.app.command(R"({"do":"start_training"})").empty());
  page.ui.frame();
  REQUIRE(page.model().training.phase == Phase::running);
  page.app.worker(Event::restarted);
  page.ui.frame();
  CHECK(page.model().training.phase == Phase::running);
  CHECK(page.model().training.ending.empty());
}

TEST_CASE("an engine that stays away fails its run, and whoever asks it is answered",
          "[page][train]") {
  Open page;
  train_settings(page, 60);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.training.phase == Phase::running; }));
  page.worker.connect([](std::span<const std::byte>) {});  // it hears nothing any more
  REQUIRE(page.app.command(R"({"do":"random_test_image"})").empty());
  page.ui.frame(2);
  page.app.worker(Event::gone);
  const ui::Model& m = page.model();
  CHECK(m.engine.gone);
  CHECK(m.training.phase == Phase::failed);
  CHECK(m.training.ending == ui::words::kEngineGone);
  CHECK(m.data.problem == ui::words::kEngineGone);
  CHECK(says(m, ui::words::kEngineGone));
  CHECK_FALSE(asked().training);
  CHECK(page.app.command(R"({"do":"start_training"})") == ui::words::kEngineGone);
  CHECK(page.app.command(R"({"do":"export_weights","format":"torch"})").empty());
  for (int i = 0; i < 50 && !page.app.idle(); ++i) page.ui.frame();
  CHECK(page.app.idle());
  CHECK(asked().downloads.empty());
  CHECK(json::parse(page.app.state({}))["engine"]["gone"] == true);
}

TEST_CASE("nothing is written before what was kept has been read", "[page][keep]") {
  test::PageDriver page;
  page.app.start({});
  page.frame(2);
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  page.now += 2'000;
  page.frame(2);
  page.app.hidden(true);
  CHECK(asked().stored.empty());
  page.app.hidden(false);
  answer_loads(page, {});
  page.now += 2'000;
  page.frame(2);
  CHECK(asked().stored.contains("work"));
}

TEST_CASE("kept work comes back although the page was looked at before", "[page][keep]") {
  ui::Model before;
  ui::set_network(before, *spec::find_in_zoo("fcnet"));
  before.train.epochs = 11;
  test::PageDriver page;
  page.app.start({});
  page.command(R"({"do":"toggle_help"})");
  answer_loads(page, {{"work", ui::bytes_of(ui::work_to_json(before))}});
  CHECK(page.model().train.epochs == 11);
  CHECK(page.model().network.name == "fcnet");
}

TEST_CASE("a finished run is added to those that another tab has stored", "[page][keep]") {
  Open page;
  train_settings(page, 1);
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::trained; },
                     20000));
  CHECK_FALSE(asked().stored.contains("runs"));
  ui::RunRecord other = page.model().runs.at(0);
  other.hash += 1;
  answer_loads(page, {{"runs", ui::bytes_of(ui::runs_to_json({other}))}});
  const auto kept = ui::runs_from_json(ui::text_of(asked().stored.at("runs")));
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].hash == other.hash);
  CHECK(kept[1].hash == page.model().runs[0].hash);
}

TEST_CASE("the checkpoint of a run that is over goes, unless another tab wrote it",
          "[page][keep]") {
  const unsigned tab = GENERATE(77u, 78u);
  Open first;
  asked().tab = 77;
  const auto store = left_in_training(first, 60);
  const auto note = ui::note_from_json(ui::text_of(store.at("checkpoint")));
  REQUIRE(note);

  test::PageDriver second({1440, 900}, 9);  // of other dice, so that its run has another name
  asked().tab = tab;
  second.app.start({});
  answer_loads(second, store);
  give_images(second);
  REQUIRE(second.until([](const ui::Model& m) { return m.training.phase == Phase::paused; }, 50));
  REQUIRE(second.command(R"({"do":"stop_training"})").empty());
  REQUIRE(
      second.until([](const ui::Model& m) { return m.training.phase == Phase::finished; }, 20000));
  CAPTURE(tab);
  const auto kept = asked().stored.find(ui::checkpoint_key(note->run));
  const bool deleted = kept != asked().stored.end() && kept->second.empty();
  CHECK(deleted == (tab == 77));
}

TEST_CASE("checkpoints that nobody came back to are deleted, but not the one pointed to",
          "[page][keep]") {
  const ui::CheckpointNote note{.run = ui::new_run(1, 5),
                                .start = {*spec::find_in_zoo("fcnet"), {}},
                                .train_epochs = {},
                                .validation_epochs = {}};
  Open page({1440, 900}, {{"checkpoint", ui::bytes_of(ui::note_to_json(note))}});
  CHECK(asked().lists == std::vector<std::string>{"checkpoint."});
  const std::string pointed = ui::checkpoint_key(note.run),
                    other = ui::checkpoint_key(ui::new_run(1, 6));
  page.app.listed(pointed + "\n" + other);
  REQUIRE(asked().stored.contains(other));
  CHECK(asked().stored.at(other).empty());
  CHECK_FALSE(asked().stored.contains(pointed));
}
