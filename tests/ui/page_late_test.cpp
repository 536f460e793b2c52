// What a page has kept and that comes back late, or takes the engine with it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <map>
#include <span>
#include <string>

#include "engine/spec/catalogue.hpp"
#include "tests/support/open_page.hpp"
#include "ui/app/keep.hpp"
#include "ui/look/words.hpp"
#include "ui/platform/bridge_native.hpp"
#include "ui/widgets/stroke.hpp"

namespace spec = engine::spec;
using Event = ui::App::WorkerEvent;
using Phase = engine::protocol::Phase;
using test::answer_loads;
using ui::platform::asked;

TEST_CASE("undo leads to kept work that was read after the user had begun", "[page][keep]") {
  ui::Model before;
  ui::set_network(before, *spec::find_in_zoo("fcnet"));
  before.train.epochs = 11;
  before.theme = ui::Theme::light;
  const ui::Bytes picture(std::size_t(ui::kCanvasSize) * std::size_t(ui::kCanvasSize),
                          std::byte{9});
  const bool pictured = GENERATE(false, true);
  CAPTURE(pictured);

  test::PageDriver page;
  page.app.start({});
  page.frame(2);
  REQUIRE(page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})").empty());
  answer_loads(page, {{"work", ui::bytes_of(ui::work_to_json(before))},
                      {"work.picture", pictured ? picture : ui::Bytes()}});
  const ui::Model& m = page.model();
  CHECK(m.drawing.strokes.size() == 1);
  CHECK(m.network.name == "simple_cnn");
  CHECK(m.theme == ui::Theme::light);
  REQUIRE(m.toasts.size() == 1);
  CHECK(m.toasts[0].text == ui::words::kKeptCameLate);

  REQUIRE(page.command(R"({"do":"undo"})").empty());
  CHECK(m.drawing.blank());
  REQUIRE(m.can_undo);
  REQUIRE(page.command(R"({"do":"undo"})").empty());
  CHECK(m.network.name == "fcnet");
  CHECK(m.train.epochs == 11);
  CHECK(m.drawing.picture.size() == (pictured ? picture.size() : 0));
  CHECK_FALSE(m.can_undo);
}

TEST_CASE("a page on which nothing had been made adds no step to undo", "[page][keep]") {
  test::PageDriver page;
  page.app.start({});
  page.frame(2);
  const std::string untouched = ui::work_to_json(page.model());
  REQUIRE(page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})").empty());
  answer_loads(page, {{"work", ui::bytes_of(untouched)}});
  CHECK(page.model().toasts.empty());
  REQUIRE(page.command(R"({"do":"undo"})").empty());
  CHECK_FALSE(page.model().can_undo);
}

TEST_CASE("a kept run that two engines do not survive is given up", "[page][keep]") {
  const ui::CheckpointNote note{.run = ui::new_run(1, 5),
                                .start = {*spec::find_in_zoo("fcnet"), {}},
                                .train_epochs = {},
                                .validation_epochs = {}};
  const std::map<std::string, ui::Bytes> store{
      {"checkpoint", ui::bytes_of(ui::note_to_json(note))},
      {ui::checkpoint_key(note.run), ui::bytes_of("of no engine that lives")}};
  test::PageDriver page;
  page.worker.connect([](std::span<const std::byte>) {});  // it dies of what it is asked
  page.app.start({});
  answer_loads(page, store);
  page.frame();
  const ui::Model& m = page.model();
  REQUIRE(m.training.phase == Phase::paused);

  page.app.worker(Event::died);
  CHECK(m.training.phase == Phase::paused);  // the engine may have died of something else
  page.app.worker(Event::ready);
  page.app.worker(Event::restarted);
  page.frame();
  REQUIRE(m.training.phase == Phase::paused);
  CHECK_FALSE(asked().stored.contains("checkpoint"));

  page.app.worker(Event::died);
  CHECK(m.training.phase == Phase::failed);
  CHECK(m.training.ending == ui::words::kFatalRun);
  answer_loads(page, store);
  REQUIRE(asked().stored.contains("checkpoint"));
  CHECK(asked().stored.at("checkpoint").empty());
  page.app.worker(Event::ready);
  page.app.worker(Event::restarted);
  page.frame();
  CHECK(m.training.phase == Phase::failed);  // the next engine is asked for nothing
  CHECK_FALSE(m.engine.failed);
}
