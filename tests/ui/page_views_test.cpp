// The page's second network, and the steps of the preprocessing.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/open_page.hpp"
#include "ui/look/theme.hpp"

using test::weights;
using ui::platform::asked;
using Open = test::OpenPage;

TEST_CASE("the second network is fetched once, reads the same drawing, and a failure is told",
          "[page]") {
  Open page;
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  const ui::Drawing drawing = page.model().drawing;
  page.command(R"({"do":"use_plain"})");
  CHECK(asked().fetched == std::vector<std::string>{"garment_cnn.safetensors"});
  page.app.plain_arrived({});
  page.frame(2);
  CHECK(page.model().active.from == ui::WeightsFrom::shipped);
  CHECK(asked().urgent.size() == 1);
  page.command(R"({"do":"use_plain"})");
  page.app.plain_arrived(weights("fcnet"));
  page.frame(3);
  CHECK(page.model().active.from == ui::WeightsFrom::plain);
  CHECK(page.model().active.network.name == "fcnet");
  CHECK(page.model().drawing == drawing);
  CHECK(page.model().prediction.best >= 0);
  page.command(R"({"do":"use_shipped"})");
  page.command(R"({"do":"use_plain"})");
  page.frame(3);
  CHECK(page.model().active.from == ui::WeightsFrom::plain);
  CHECK(asked().fetched.size() == 2);
}

TEST_CASE("a second network that arrives late does not push out what was chosen meanwhile",
          "[page]") {
  Open page;
  page.command(R"({"do":"use_plain"})");
  CHECK_FALSE(page.app.idle());
  const bool file = GENERATE(true, false);
  if (file) {
    page.app.files_arrived("mine.safetensors", weights("mlp"));
  } else {
    page.command(R"({"do":"use_shipped"})");
  }
  page.app.plain_arrived(weights("fcnet"));
  page.frame(3);
  CHECK(page.model().active.from == (file ? ui::WeightsFrom::file : ui::WeightsFrom::shipped));
}

TEST_CASE("a second network that is none is told, and fetched again the next time", "[page]") {
  Open page;
  page.command(R"({"do":"use_plain"})");
  page.app.plain_arrived(ui::bytes_of("<html>"));
  page.frame(3);
  CHECK(page.model().active.from == ui::WeightsFrom::shipped);
  CHECK(asked().urgent.size() == 1);
  page.command(R"({"do":"use_plain"})");
  CHECK(asked().fetched.size() == 2);
}

TEST_CASE(
    "while a first run goes on, the menu leads from the page's weights back to those that learn",
    "[page]") {
  Open page;
  page.command(R"({"do":"set_train","train":{"fraction":1,"batch":1,"epochs":1000}})");
  page.command(R"({"do":"start_training"})");
  REQUIRE(page.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::training; },
                     20000));
  page.command(R"({"do":"use_shipped"})");
  page.frame(3);
  REQUIRE(page.model().active.from == ui::WeightsFrom::shipped);
  REQUIRE(page.ui.click("Weights in use"));
  page.frame(3);
  REQUIRE(page.ui.click("Trained here"));
  CHECK(page.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::training; },
                   20000));
}

TEST_CASE("all tools of the drawing are in view on the narrowest phones", "[page][layout]") {
  const float width = GENERATE(320.0f, 360.0f, 390.0f);
  Open page({width, 640});
  ui::look::use_coarse_pointer(true);
  ui::look::apply_theme();
  page.frame(4);
  CAPTURE(width);
  float right = 0;
  for (const char* label : {"Brush", "Eraser", "Fill", "Brush size and grey", "Undo", "Redo",
                            "Clear", "Random test image"}) {
    CAPTURE(label);
    const ui::Item* item = page.ui.find(label);
    REQUIRE(item);
    CHECK(item->high.x - item->low.x >= (width < 360 ? 34.0f : 40.0f));  // clipped: narrower
    CHECK(item->low.x >= right);
    right = item->high.x;
  }
  ui::look::use_coarse_pointer(false);
}

TEST_CASE("on a phone a toast covers no button of the run, and is closed with a finger",
          "[page][layout]") {
  Open page({390, 844});
  ui::look::use_coarse_pointer(true);
  ui::look::apply_theme();
  page.command(R"({"do":"set_train","train":{"fraction":1,"batch":1,"epochs":1000}})");
  page.command(R"({"do":"start_training"})");
  REQUIRE(page.until([](const ui::Model& m) { return ui::learns(m); }));
  page.app.files_arrived("broken.safetensors", ui::bytes_of("broken"));
  page.frame(4);
  const ui::Item *pause = page.ui.find("Pause"), *dismiss = page.ui.find("Dismiss");
  REQUIRE(pause);
  REQUIRE(dismiss);
  CHECK(dismiss->high.y <= pause->low.y);
  CHECK(dismiss->high.x - dismiss->low.x >= 44);
  CHECK(dismiss->high.y - dismiss->low.y >= 44);
  ui::look::use_coarse_pointer(false);
}

TEST_CASE("the steps of the preprocessing open beside the drawing and close again", "[page]") {
  Open page(GENERATE(ImVec2{1440, 900}, ImVec2{390, 844}, ImVec2{1366, 768}));
  REQUIRE(page.ui.click("What the network sees"));
  page.frame(3);
  CHECK(page.model().steps.open);
  CHECK_FALSE(page.ui.find("2  Its ink"));  // nothing is drawn
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  page.frame(3);
  const ui::StepsView& steps = page.model().steps;
  REQUIRE(page.ui.find("2  Its ink"));
  CHECK(page.ui.find("1  The paper")->low.y >= 24);
  CHECK(page.ui.find("4  Stroke weight"));
  CHECK(steps.facts.width == ui::kCanvasSize);
  CHECK(std::equal(steps.prepared.begin(), steps.prepared.end(),
                   page.model().prediction.seen.begin()));
  page.command(R"({"do":"toggle_steps"})");
  page.frame(3);
  CHECK_FALSE(page.ui.find("2  Its ink"));
  page.command(R"({"do":"toggle_steps"})");
  page.frame(3);
  page.ui.key(ImGuiKey_Escape);
  page.frame(3);
  CHECK_FALSE(page.model().steps.open);
}
