// The lab's page: settings, a run from start to the files, in a page with a real session.
#include "ui/panels/lab.hpp"

#include <catch2/catch_test_macros.hpp>

#include "nlohmann/json.hpp"
#include "tests/support/ui_driver.hpp"
#include "tests/ui/panel_driver.hpp"
#include "ui/look/words.hpp"
#include "ui/platform/bridge_native.hpp"

using ui::LabPhase;

TEST_CASE("lab panel: settings change as one action each", "[ui][lab]") {
  ui::Model model;
  ui::LabPanel panel;
  test::PanelDriver ui(900, [&](ui::Actions& out) { draw_lab(panel, model, out); });
  REQUIRE(ui.click("Sigmoid"));
  REQUIRE(ui.only<ui::SetLab>());
  CHECK(ui.only<ui::SetLab>()->settings.activation == 1);
  ui.actions.clear();
  REQUIRE(ui.click("Train the digits"));
  CHECK(ui.count<ui::StartLab>() == 1);
}

TEST_CASE("lab panel: a run that goes on can be stopped and says how far it is", "[ui][lab]") {
  ui::Model model;
  model.lab.phase = LabPhase::running;
  model.lab.epochs = 20;
  model.lab.errors = {{1, 0.2f, 0.21f}, {2, 0.1f, 0.12f}};
  model.lab.progress = 0.1f;
  model.lab.eta_seconds = 12;
  CHECK(ui::lab_progress_text(model.lab) == "Epoch 3 of 20 · 12 s left");
  ui::LabPanel panel;
  test::PanelDriver ui(900, [&](ui::Actions& out) { draw_lab(panel, model, out); });
  model.lab.errors.clear();
  ui.frames(2);
  CHECK(ui.find("Errors of the digits")->value == ui::words::kLabCurveComes);
  REQUIRE(ui.click("Stop the digits"));
  CHECK(ui.count<ui::StopLab>() == 1);
  CHECK(ui.find("numpy_nn_training.png") == nullptr);
}

TEST_CASE("lab page: trained to the end, both pictures and the program can be taken", "[ui][lab]") {
  test::PageDriver page;
  REQUIRE(page.command(R"({"do": "show_page", "page": "lab"})").empty());
  REQUIRE(page.command(R"({"do": "set_lab", "hidden": [8], "epochs": 3, "batch": 8})").empty());
  REQUIRE(page.command(R"({"do": "start_lab"})").empty());
  REQUIRE(page.until([](const ui::Model& m) { return m.lab.phase == LabPhase::finished; }));
  CHECK(page.model().lab.errors.size() == 3);
  CHECK(page.model().lab.total == 20);
  CHECK(page.model().lab.wrong == 0);
  CHECK_FALSE(page.model().lab.pictures[1].rgb.empty());
  page.frame(6);
  REQUIRE(page.ui.find("Picture of the classification"));
  for (const char* file : {"training", "classification", "program"})
    CHECK(page.command(R"({"do": "download_lab", "file": ")" + std::string(file) + "\"}").empty());
  const auto& files = ui::platform::asked().downloads;
  REQUIRE(files.count("numpy_nn_training.png") == 1);
  REQUIRE(files.count("numpy_nn_classification.png") == 1);
  REQUIRE(files.count("numpy_nn.py") == 1);
  CHECK(files.at("numpy_nn_training.png")[1] == std::byte{'P'});
  REQUIRE(page.command(R"({"do": "set_lab", "first": 1})").empty());
  const auto lab = nlohmann::json::parse(page.app.state({}))["lab"];
  CHECK(lab["settings"]["first"] == 1);
  CHECK(lab["ran"]["first"] == 4);  // what the figures are about
  CHECK(lab["ran"]["second"] == 9);
}

TEST_CASE("lab page: a refused run says why, and settings are undone like all else", "[ui][lab]") {
  test::PageDriver page;
  REQUIRE(page.command(R"({"do": "set_lab", "second": 4})").empty());
  page.command(R"({"do": "start_lab"})");
  REQUIRE(page.until([](const ui::Model& m) { return m.lab.phase == LabPhase::failed; }));
  CHECK(page.model().lab.ending.size() > 20);
  page.command(R"({"do": "undo"})");
  CHECK(page.model().lab.settings.second == 9);
  CHECK_FALSE(page.command(R"({"do": "set_lab", "hidden": [0]})").empty());
  CHECK_FALSE(page.command(R"({"do": "set_lab", "activation": "tanh"})").empty());
  CHECK_FALSE(page.command(R"({"do": "download_lab", "file": "training"})").empty());
}
