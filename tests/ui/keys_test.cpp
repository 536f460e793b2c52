#include "ui/app/keys.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/ui_driver.hpp"

using ui::shortcut_of;
using Phase = engine::protocol::Phase;

namespace {

// With the paper in view.
template <class T>
bool asks(const ui::KeyPress& press, const ui::Model& model = {}, ui::Focus focus = {}) {
  ui::DrawPanel draw;
  draw.reach_high = {300, 300};
  const ui::Shortcut shortcut = shortcut_of(press, model, focus, draw);
  return shortcut.taken && shortcut.action && std::holds_alternative<T>(*shortcut.action);
}

bool taken(const ui::KeyPress& press) {
  ui::DrawPanel draw;
  return shortcut_of(press, {}, {}, draw).taken;
}

}  // namespace

TEST_CASE("undo and redo by every habit", "[keys]") {
  CHECK(asks<ui::Undo>({"z", true}));
  CHECK(asks<ui::Redo>({"y", true}));
  CHECK(asks<ui::Redo>({"Z", true, true}));
  CHECK_FALSE(taken({"z"}));
}

TEST_CASE("space follows the training, and presses a button when the keyboard walks", "[keys]") {
  ui::Model model;
  CHECK(asks<ui::StartTraining>({" "}, model));
  model.training.phase = Phase::running;
  CHECK(asks<ui::PauseTraining>({" "}, model));
  model.training.phase = Phase::paused;
  CHECK(asks<ui::ResumeTraining>({" "}, model));
  CHECK_FALSE(asks<ui::ResumeTraining>({" "}, model, {.walking = true}));
}

TEST_CASE("Delete empties the paper that is in view, and leaves layers to their cards", "[keys]") {
  ui::Model model;
  for (const ui::Page page : {ui::Page::draw, ui::Page::train}) {  // beside it on a wide screen
    model.page = page;
    CHECK(asks<ui::ClearDrawing>({"Delete"}, model));
    CHECK_FALSE(asks<ui::ClearDrawing>({"Delete"}, model, {.walking = true}));
    CHECK_FALSE(asks<ui::ClearDrawing>({"Delete"}, model, {.layer = true}));
  }
  CHECK_FALSE(taken({"Delete"}));  // the paper is hidden or covered
}

TEST_CASE("in the page Delete belongs to the layer that was clicked, else to the paper", "[keys]") {
  test::PageDriver page;
  page.app.start({});
  page.command(R"({"do":"show_page","page":"build"})");
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  REQUIRE(page.ui.click("relu"));
  CHECK_FALSE(page.app.key({"Delete"}));
  CHECK_FALSE(page.model().drawing.blank());
  page.command(R"({"do":"show_page","page":"train"})");
  CHECK(page.app.key({"Delete"}));
  CHECK(page.model().drawing.blank());
}

TEST_CASE("the browser's keys stay the browser's", "[keys]") {
  for (const char* key : {"r", "l", "t", "w", "f", "p", "0", "+", "-", "1"}) {
    CAPTURE(key);
    CHECK_FALSE(taken({key, true}));
  }
  for (const char* key : {"F5", "F12", "Tab", "Shift", "Dead", ""}) {
    CAPTURE(key);
    CHECK_FALSE(taken({key}));
  }
  CHECK_FALSE(taken({"r", false, false, true}));  // Alt
}

TEST_CASE("tools and brush change without an undo step", "[keys]") {
  ui::DrawPanel draw;
  const float before = draw.radius;
  shortcut_of({"]"}, {}, {}, draw);
  CHECK(draw.radius > before);
  for (int i = 0; i < 99; ++i) shortcut_of({"["}, {}, {}, draw);
  CHECK(draw.radius >= 0.008f);
  shortcut_of({"e"}, {}, {}, draw);
  CHECK(draw.tool == ui::Tool::eraser);
  CHECK(asks<ui::ShowPage>({"3"}));
  CHECK(asks<ui::ToggleHelp>({"?", false, true}));
  CHECK_FALSE(taken({"Escape"}));
}

TEST_CASE("names of keys become ImGui's", "[keys]") {
  CHECK(ui::imgui_key("ArrowLeft") == ImGuiKey_LeftArrow);
  CHECK(ui::imgui_key("a") == ImGuiKey_A);
  CHECK(ui::imgui_key("A") == ImGuiKey_A);
  CHECK(ui::imgui_key("9") == ImGuiKey_9);
  CHECK(ui::imgui_key(" ") == ImGuiKey_Space);
  CHECK(ui::imgui_key("Process") == ImGuiKey_None);
  CHECK(ui::imgui_key("\xc3\xa9") == ImGuiKey_None);
}
