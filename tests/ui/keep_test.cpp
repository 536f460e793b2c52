#include "ui/app/keep.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/spec/catalogue.hpp"

namespace spec = engine::spec;

namespace {

ui::Model worked_on() {
  ui::Model m;
  ui::set_network(m, *spec::find_in_zoo("lab_cnn"));
  m.train.epochs = 11;
  m.train.seed = 0xfedcba9876543210;
  m.drawing.strokes = {
      {.points = {{0.1f, 0.2f, 0.3f}, {0.4f, 0.5f, 0.6f}}, .radius = 0.07f, .ink = 0.5f},
      {.points = {{0.9f, 0.8f}}, .eraser = true}};
  m.lab.settings = {.first = 0,
                    .second = 7,
                    .hidden = {30, 0, 0, 0},
                    .activation = 1,
                    .epochs = 4,
                    .batch = 16,
                    .rate = 0.25f,
                    .seed = 77};
  m.page = ui::Page::train;
  m.theme = ui::Theme::light;
  return m;
}

}  // namespace

TEST_CASE("work comes back as it was", "[keep]") {
  const ui::Model before = worked_on();
  ui::Model after;
  ui::work_from_json(ui::work_to_json(before), after);
  CHECK(after.drawing == before.drawing);
  CHECK(after.network == before.network);
  CHECK(after.draft.facts.weights == before.draft.facts.weights);
  CHECK(after.train == before.train);
  CHECK(after.lab.settings == before.lab.settings);
  CHECK(after.page == before.page);
  CHECK(after.theme == before.theme);
  CHECK_FALSE(ui::work_uses_trained(ui::work_to_json(before)));
}

TEST_CASE("a network whose shapes do not fit yet comes back, with its problem", "[keep]") {
  ui::Model before = worked_on(), after;
  spec::Network network = before.network;
  network.input = {1, 2, 2};
  std::get<spec::Conv2d>(network.layers[0].layer).padding = 0;
  ui::set_network(before, network);
  REQUIRE(before.draft.wrong_layer == 0);
  ui::work_from_json(ui::work_to_json(before), after);
  CHECK(after.network == network);
  CHECK(after.draft.problem.sentence == before.draft.problem.sentence);
}

TEST_CASE("settings of the digits that no control could have made are left out", "[keep]") {
  const std::string whole = ui::work_to_json(worked_on());
  for (const auto& [good, bad] :
       {std::pair{R"("first":0)", R"("first":10)"},
        std::pair{R"("first":0)", R"("first":7)"},  // the second too
        std::pair{R"("activation":1)", R"("activation":2)"},
        std::pair{R"("epochs":4)", R"("epochs":0)"}, std::pair{R"("batch":16)", R"("batch":257)"},
        std::pair{R"("rate":0.25)", R"("rate":-1)"}, std::pair{R"("seed":77)", R"("seed":1000000)"},
        std::pair{"[30,0,0,0]", "[30,0,0]"}, std::pair{"[30,0,0,0]", "[513,0,0,0]"}}) {
    CAPTURE(bad);
    std::string text = whole;
    const std::size_t lab = text.find(R"("lab")"), at = text.find(good, lab);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string_view(good).size(), bad);
    ui::Model m;
    ui::work_from_json(text, m);
    CHECK(m.lab.settings == ui::LabSettings{});
    CHECK(m.train.epochs == 11);  // the rest is there
  }
}

TEST_CASE("an image of the data set comes back too", "[keep]") {
  ui::Model before, after;
  before.drawing.exact.assign(784, 200);
  before.drawing.exact_label = 4;
  before.drawing.exact_index = 123;
  before.active.from = ui::WeightsFrom::trained;
  const std::string text = ui::work_to_json(before);
  ui::work_from_json(text, after);
  CHECK(after.drawing == before.drawing);
  CHECK(ui::work_uses_trained(text));
}

TEST_CASE("work that is cut, or is something else, breaks nothing", "[keep]") {
  const std::string whole = ui::work_to_json(worked_on());
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    ui::Model m;
    ui::work_from_json(std::string_view(whole).substr(0, length), m);
    CHECK(m.drawing.blank());
  }
  for (const char* text : {"", "[]", "7", R"({"strokes":7})",
                           R"({"strokes":[7,{"points":"x"}],"exact":{"pixels":[1,2]}})",
                           R"({"page":99,"theme":-1,"network":[],"train":{"epochs":"x"}})"}) {
    ui::Model m;
    CAPTURE(text);
    ui::work_from_json(text, m);
    CHECK(m.drawing.exact.empty());
    CHECK(m.train == spec::Train{});
    CHECK(static_cast<unsigned>(m.page) < 5);
  }
}

TEST_CASE("runs come back, broken ones are left out", "[keep]") {
  ui::RunRecord run{.network_name = "fcnet",
                    .weights = 7850,
                    .network = *spec::find_in_zoo("fcnet"),
                    .train = {},
                    .validation_accuracy = 0.5f,
                    .test_accuracy = 0.25f,
                    .seconds = 3,
                    .epochs = 2,
                    .hash = 0xfedcba9876543210,
                    .ending = engine::protocol::Ending::early,
                    .capsule = "{\"format\": \"atelier.run/1\"}",
                    .verified = true};
  const std::string text = ui::runs_to_json({run, run});
  const auto runs = ui::runs_from_json(text);
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].hash == run.hash);
  CHECK(runs[1].network == run.network);
  CHECK(runs[1].ending == run.ending);
  CHECK(runs[1].test_accuracy == 0.25f);
  CHECK(runs[1].capsule == run.capsule);
  CHECK(runs[1].verified);
  CHECK(ui::runs_from_json("[{}, 7, {\"network\": {}}]").empty());
  CHECK(ui::runs_from_json("{").empty());
}

TEST_CASE("runs of two tabs are put together, each once", "[keep]") {
  const auto run = [](engine::u64 hash, const char* capsule = "") {
    ui::RunRecord made;
    made.network = *spec::find_in_zoo("fcnet");
    made.hash = hash;
    made.capsule = capsule;
    return made;
  };
  // 1 was done twice here; 2 is another tab's; the capsule of 3 has come since.
  const auto all = ui::merge_runs({run(1), run(2), run(3)}, {run(1), run(1), run(3, "{}")});
  REQUIRE(all.size() == 4);
  CHECK(all[1].hash == 2);
  CHECK(all[2].hash == 1);
  CHECK(all[3].capsule == "{}");
  ui::RunRecord other = run(1);
  other.train.seed += 1;
  CHECK(ui::merge_runs({run(1)}, {other}).size() == 2);
  std::vector<ui::RunRecord> many;
  for (engine::u64 hash = 0; hash < ui::kMostRuns; ++hash) many.push_back(run(hash));
  const auto newest = ui::merge_runs(many, {run(99)});
  CHECK(newest.size() == ui::kMostRuns);
  CHECK(newest.front().hash == 1);
  CHECK(newest.back().hash == 99);
}

TEST_CASE("a run that another tab's full list has let go does not come back as the newest",
          "[keep]") {
  std::vector<ui::RunRecord> own, stored;
  const auto add = [](std::vector<ui::RunRecord>& runs, engine::u64 hash) {
    runs.emplace_back().network = *spec::find_in_zoo("fcnet");
    runs.back().hash = hash;
  };
  for (engine::u64 hash = 1; hash <= ui::kMostRuns; ++hash) {
    add(own, hash);
    add(stored, hash + 1);
  }
  const auto hashes = [](const std::vector<ui::RunRecord>& runs) {
    std::vector<engine::u64> list;
    for (const ui::RunRecord& run : runs) list.push_back(run.hash);
    return list;
  };
  CHECK(hashes(ui::merge_runs(stored, own)) == hashes(stored));
  add(own, 99);  // a new one, though, is the newest
  own.erase(own.begin());
  const auto merged = ui::merge_runs(stored, own);
  CHECK(merged.size() == ui::kMostRuns);
  CHECK(merged.front().hash == 3);
  CHECK(merged.back().hash == 99);
}

TEST_CASE("checkpoints of runs that began more than a day ago are old", "[keep]") {
  constexpr engine::u32 kNow = 220'000'000, kHour = 3'600;
  const auto key = [](engine::u32 began) { return ui::checkpoint_key(ui::new_run(began, 7)); };
  CHECK(ui::new_run(kNow, 1) != ui::new_run(kNow, 2));
  const std::string old = key(kNow - 25 * kHour), young = key(kNow - 23 * kHour);
  CHECK(ui::old_checkpoints(young + "\n" + old + "\ncheckpoint\nwork", kNow) ==
        std::vector<std::string>{old});
  CHECK(ui::old_checkpoints(old + "\n", kNow).size() == 1);
  CHECK(ui::old_checkpoints(key(kNow + 99 * kHour), kNow).size() == 1);  // no clock says so
  CHECK(ui::old_checkpoints("", kNow).empty());
}

TEST_CASE("a note of a checkpoint comes back; one without a run is none", "[keep]") {
  ui::CheckpointNote note{.run = "00ff",
                          .saved = 220'000'000,
                          .epoch = 3,
                          .step = 400,
                          .train_images = 60000,
                          .start = {*spec::find_in_zoo("mlp"), {}},
                          .train_epochs = {{1, 2, 0.5f}},
                          .validation_epochs = {{1, 3, 0.25f}}};
  const auto back = ui::note_from_json(ui::note_to_json(note));
  REQUIRE(back);
  CHECK(back->saved == note.saved);
  CHECK(back->step == 400);
  CHECK(back->start == note.start);
  CHECK(back->validation_epochs[0].accuracy == 0.25f);
  note.run.clear();
  CHECK_FALSE(ui::note_from_json(ui::note_to_json(note)));
  CHECK_FALSE(ui::note_from_json(""));
  CHECK_FALSE(ui::note_from_json("{\"run\":\"1\"}"));
}
