#include "tests/ui/panel_driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include "ui/widgets/controls.hpp"

TEST_CASE("the driver clicks what is there and refuses what is not", "[ui][driver]") {
  bool enabled = true;
  test::PanelDriver ui(400, [&](ui::Actions& out) {
    if (ui::button("Go", {.enabled = enabled})) out.push_back(ui::StartTraining{});
    if (ui::button("Halt")) out.push_back(ui::StopTraining{});
  });
  CHECK_FALSE(ui.click("Come"));
  CHECK(ui.actions.empty());
  REQUIRE(ui.click("Go"));
  CHECK(ui.only<ui::StartTraining>() != nullptr);
  CHECK(ui.only<ui::StopTraining>() == nullptr);
  REQUIRE(ui.click("Go"));
  CHECK(ui.only<ui::StartTraining>() == nullptr);  // two by now
  CHECK(ui.count<ui::StartTraining>() == 2);
  enabled = false;
  ui.frames(1);
  CHECK_FALSE(ui.click("Go"));
}
