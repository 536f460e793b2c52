// The shared controls, used through the driver; and the driver itself, which must be able to fail.
#include "ui/widgets/controls.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "nlohmann/json.hpp"
#include "tests/support/ui_driver.hpp"

using Catch::Matchers::WithinAbs;

TEST_CASE("the driver clicks what is there and enabled, and says when it is not", "[driver]") {
  test::UiDriver ui;
  int clicks = 0;
  bool enabled = true;
  ui.show([&] {
    if (ui::button("Press me", {.enabled = enabled})) ++clicks;
  });
  CHECK(ui.click("Press me"));
  CHECK(clicks == 1);
  CHECK_FALSE(ui.click("Press you"));
  enabled = false;
  CHECK_FALSE(ui.click("Press me"));
  CHECK(clicks == 1);
  CHECK_FALSE(ui.find("Press me")->enabled);
}

TEST_CASE("an icon button has a name", "[controls]") {
  test::UiDriver ui;
  int clicks = 0;
  ui.show([&] { clicks += ui::icon_button("Undo##1", ui::look::kIconUndo, {.selected = true}); });
  CHECK(ui.click("Undo"));
  CHECK(clicks == 1);
  CHECK(ui.find("Undo")->selected);
  CHECK(ui.find("Undo")->role == "button");
}

TEST_CASE("a slider reports once, when it is released", "[controls]") {
  test::UiDriver ui({400, 300});
  ui::Editing editing;
  float value = 0.25f;
  int reports = 0;
  ui.show([&] {
    if (const auto v =
            ui::slider_row("Rate", value, 0, 1, editing, {.format = "%.2f", .step = 0.05f})) {
      value = *v;
      ++reports;
    }
  });
  CHECK(ui.drag("Rate", {0.25f, 0.75f}, {0.75f, 0.75f}));
  CHECK(reports == 1);
  CHECK_THAT(value, WithinAbs(0.75f, 0.051f));
  CHECK_THAT(value * 20, WithinAbs(std::round(value * 20), 1e-4f));  // snapped
  CHECK(ui.find("Rate")->role == "slider");
  CHECK(editing.id == 0);
  const float before = value;
  CHECK(ui.drag("Rate", {value, 0.75f}, {value, 0.75f}));
  CHECK_THAT(value, WithinAbs(before, 0.051f));
}

TEST_CASE("steppers step within their limits", "[controls]") {
  test::UiDriver ui({400, 300});
  ui::Editing editing;
  int value = 9;
  ui.show([&] {
    if (const auto v = ui::stepper_row("Epochs", value, 1, 10, editing)) value = *v;
  });
  CHECK(ui.click("More Epochs"));
  CHECK(value == 10);
  CHECK_FALSE(ui.click("More Epochs"));  // disabled at the limit
  CHECK(ui.click("Fewer Epochs"));
  CHECK(value == 9);
  CHECK(ui.find("Epochs")->value == "9");
}

TEST_CASE("choices, switches, segments and tabs report another choice than the present one",
          "[controls]") {
  test::UiDriver ui({500, 400});
  int choice = 0, segment = 0, tab = 0;
  bool on = false;
  constexpr const char* kChoices[] = {"SGD", "Adam"};
  constexpr const char* kSegments[] = {"One", "Two"};
  constexpr const char* kTabs[] = {"Left", "Right"};
  ui.show([&] {
    if (const auto v = ui::choice_row("Optimiser", kChoices, choice)) choice = *v;
    if (const auto v = ui::segmented("Segments", kSegments, segment)) segment = *v;
    if (const auto v = ui::tabs("Tabs", kTabs, tab)) tab = *v;
    if (const auto v = ui::switch_row("Nesterov", on)) on = *v;
  });
  CHECK(ui.click("Optimiser"));
  CHECK(ui.click("Adam"));
  CHECK(choice == 1);
  CHECK(ui.click("Two"));
  CHECK(segment == 1);
  CHECK(ui.click("Right"));
  CHECK(tab == 1);
  CHECK(ui.find("Right")->selected);
  CHECK(ui.click("Nesterov"));
  CHECK(on);
  ui.frame();
  CHECK(ui.find("Nesterov")->value == "on");
}

TEST_CASE("what is scrolled away is not listed, and the list is JSON", "[items]") {
  test::UiDriver ui({300, 200});
  ui.show([] {
    ui::begin_scroll("list", 100);
    for (int i = 0; i < 20; ++i) ui::button(("Row \"" + std::to_string(i) + "\"").c_str());
    ui::end_scroll();
  });
  ui.frame(3);
  CHECK(ui.find("Row \"0\""));
  CHECK_FALSE(ui.find("Row \"19\""));
  const auto list = nlohmann::json::parse(ui.items_json(), nullptr, false);
  REQUIRE(list.is_array());
  for (const auto& item : list) {
    CHECK(item["width"].get<float>() >= 1);
    CHECK(item["y"].get<float>() + item["height"].get<float>() <= 200);
  }
}
