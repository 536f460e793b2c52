// Capsules in the page: downloaded, dropped, replayed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/data/packed.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "nlohmann/json.hpp"
#include "tests/support/toy_images.hpp"
#include "tests/support/ui_driver.hpp"
#include "tests/ui/panel_driver.hpp"
#include "ui/look/words.hpp"
#include "ui/panels/runs.hpp"
#include "ui/platform/bridge_native.hpp"

using engine::protocol::Phase;
using nlohmann::json;
using ui::platform::asked;
using Verdict = ui::ReplayView::Verdict;

namespace {

// A page whose worker has images, with one finished run of two epochs.
struct Trained : test::PageDriver {
  Trained() : test::PageDriver({1440, 900}) {
    asked() = {};
    app.start({});
    frame(3);
    for (int round = 0; round < 8 && !asked().loads.empty(); ++round) {
      for (const std::string& key : std::exchange(asked().loads, {})) app.stored(key, {});
      frame();
    }
    app.worker(ui::App::WorkerEvent::ready);
    give_images(1);
    REQUIRE(command(R"({"do":"set_train","train":{"fraction":1,"batch":16,"epochs":2}})").empty());
    REQUIRE(command(R"({"do":"start_training"})").empty());
    REQUIRE(
        until([](const ui::Model& m) { return !m.runs.empty() && !m.runs[0].capsule.empty(); }));
  }
  void give_images(engine::u64 seed) {
    engine::data::Chunk chunk{.total_train = 200,
                              .total_test = 40,
                              .train = test::toy_images(200, 28, 28, 10, seed),
                              .test = test::toy_images(40, 28, 28, 10, 2)};
    worker_session.add_data(engine::data::write_chunk(chunk));
    frame(3);
  }
  void drop(const std::string& text) { app.files_arrived("run.json", ui::bytes_of(text)); }
  bool judged() {
    return until([](const ui::Model& m) {
      return m.training.phase == Phase::finished &&
             (m.replay.verdict == Verdict::same || m.replay.verdict == Verdict::different);
    });
  }
};

}  // namespace

TEST_CASE("a finished run's capsule is downloaded, dropped and confirmed", "[page][replay]") {
  Trained page;
  REQUIRE(page.command(R"({"do":"download_capsule","index":0})").empty());
  REQUIRE(asked().downloads.size() == 1);
  CHECK(asked().downloads.begin()->first.ends_with(".run.json"));
  const std::string text = ui::text_of(asked().downloads.begin()->second);
  CHECK(text == page.model().runs[0].capsule);
  CHECK(text.size() < 2048);
  CHECK_FALSE(page.model().runs[0].verified);

  page.drop(text);
  REQUIRE(page.judged());
  CHECK(page.model().replay.verdict == Verdict::same);
  CHECK(page.model().replay.epochs_same == 2);
  CHECK_FALSE(page.model().replay.sentence.empty());
  REQUIRE(page.model().runs.size() == 1);  // the same run, not another
  CHECK(page.model().runs[0].verified);
  const json state = json::parse(page.app.state({}));
  CHECK(state["replay"]["verdict"] == "same");
  CHECK(state["runs"][0]["verified"] == true);
}

TEST_CASE("a replay leaves the weights that were trained last in use", "[page][replay]") {
  Trained page;
  const std::string capsule = page.model().runs[0].capsule;
  REQUIRE(page.command(R"({"do":"set_train","train":{"seed":5}})").empty());
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) {
    return m.runs.size() == 2 && m.active.hash == m.runs[1].hash &&
           m.active.from == ui::WeightsFrom::trained;
  }));
  const ui::Bytes kept = asked().stored.at("trained");
  page.drop(capsule);
  REQUIRE(page.judged());
  page.frame(5);
  CHECK(page.model().runs[0].verified);
  CHECK(page.model().active.from == ui::WeightsFrom::trained);
  CHECK(page.model().active.hash == page.model().runs[1].hash);
  CHECK(asked().stored.at("trained") == kept);
}

TEST_CASE("a capsule that differs is found out, and adds no run", "[page][replay]") {
  Trained page;
  json capsule = json::parse(page.model().runs[0].capsule);
  capsule["history"][1][3] = "0123456789abcdef";
  page.drop(capsule.dump());
  REQUIRE(page.judged());
  CHECK(page.model().replay.verdict == Verdict::different);
  CHECK(page.model().replay.epochs_same == 1);
  CHECK(page.model().replay.sentence.find("Epoch 2") != std::string::npos);
  CHECK(page.model().runs.size() == 1);
  CHECK_FALSE(page.model().runs[0].verified);
}

TEST_CASE("the next run is no replay any more", "[page][replay]") {
  Trained page;
  REQUIRE(page.command(R"({"do":"replay_run","index":0})").empty());
  REQUIRE(page.judged());
  REQUIRE(page.command(R"({"do":"set_train","train":{"seed":5}})").empty());
  REQUIRE(page.command(R"({"do":"start_training"})").empty());
  CHECK(page.model().replay.verdict == Verdict::none);
  REQUIRE(page.until([](const ui::Model& m) { return m.runs.size() == 2; }));
  CHECK_FALSE(page.model().runs[1].verified);
}

TEST_CASE("a replay that is stopped leaves no verdict and no run", "[page][replay]") {
  Trained page;
  json capsule = json::parse(page.model().runs[0].capsule);
  page.drop(capsule.dump());
  REQUIRE(page.until([](const ui::Model& m) { return m.replay.verdict == Verdict::running; }));
  REQUIRE(page.command(R"({"do":"stop_training"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.training.phase == Phase::finished; }));
  CHECK(page.model().replay.verdict == Verdict::none);
  CHECK(page.model().runs.size() == 1);
}

TEST_CASE("a replay leaves no checkpoint, and one that is cut off ends with a sentence",
          "[page][replay]") {
  Trained page;
  json capsule = json::parse(page.model().runs[0].capsule);
  asked().stored.clear();
  page.drop(capsule.dump());
  page.ui.frame();
  REQUIRE(page.until([](const ui::Model& m) { return m.replay.verdict == Verdict::running; }));
  page.app.hidden(true);
  page.now += 30'000;  // time for a checkpoint
  page.ui.frame(2);
  page.worker_session.tick(0);
  page.ui.frame();
  REQUIRE(page.model().training.phase == Phase::running);
  for (const auto& [key, bytes] : asked().stored) {
    CAPTURE(key);
    CHECK((!key.starts_with("checkpoint") || bytes.empty()));
  }
  page.app.worker(ui::App::WorkerEvent::died);
  page.app.worker(ui::App::WorkerEvent::ready);
  page.app.worker(ui::App::WorkerEvent::restarted);
  page.ui.frame();
  CHECK(page.model().training.phase == Phase::failed);
  CHECK(page.model().training.ending == ui::words::kReplayCut);
  CHECK(page.model().replay.verdict == Verdict::none);
  CHECK(page.model().active.from == ui::WeightsFrom::trained);
}

TEST_CASE("a broken capsule, or one of other images, gives a sentence", "[page][replay]") {
  Trained page;
  json capsule = json::parse(page.model().runs[0].capsule);
  for (const char* change : {"epochs", "data"}) {
    json broken = capsule;
    broken[change] = change == std::string("epochs")
                         ? json("many")
                         : json{{"images", 200}, {"hash", "0123456789abcdef"}};
    while (!page.model().toasts.empty()) page.command(R"({"do":"dismiss"})");
    page.drop(broken.dump());
    REQUIRE(page.until([](const ui::Model& m) { return !m.toasts.empty(); }));
    CAPTURE(page.model().toasts.back().text);
    CHECK(page.model().toasts.back().kind == ui::Toast::Kind::bad);
    CHECK(page.model().training.phase == Phase::finished);
    CHECK(page.model().replay.verdict == Verdict::none);
  }
}

TEST_CASE("each run has its capsule's buttons, once it is there", "[ui][replay]") {
  const float width = GENERATE(320.0f, 1200.0f);
  CAPTURE(width);
  ui::Model model;
  test::PanelDriver ui(width, [&](ui::Actions& out) { ui::draw_runs(model, out); });
  model.runs.resize(2);
  for (ui::RunRecord& run : model.runs) run.network_name = "simple_cnn";
  ui.frames(4);
  CHECK_FALSE(ui.click("Download capsule"));
  CHECK_FALSE(ui.click("Replay"));
  model.runs[1].capsule = "{}";  // the newest, which is listed first
  ui.frames(4);
  REQUIRE(ui.click("Download capsule"));
  REQUIRE(ui.only<ui::DownloadCapsule>() != nullptr);
  CHECK(ui.only<ui::DownloadCapsule>()->index == 1);
  REQUIRE(ui.click("Replay"));
  REQUIRE(ui.only<ui::ReplayRun>() != nullptr);
  CHECK(ui.only<ui::ReplayRun>()->index == 1);
  model.training.phase = Phase::running;
  ui.frames(4);
  CHECK_FALSE(ui.click("Replay"));
}
