#include "ui/panels/meanings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "engine/spec/catalogue.hpp"
#include "tests/support/open_page.hpp"
#include "ui/look/theme.hpp"
#include "ui/panels/train.hpp"

namespace spec = engine::spec;

TEST_CASE("the help page explains every setting of the training to who has no tooltips",
          "[ui][help]") {
  std::set<std::string> explained;
  for (const ui::MeaningGroup& group : ui::meanings()) {
    for (const ui::Meaning& row : group.rows) {
      CAPTURE(row.label);
      CHECK(row.help.size() > 10);
      explained.insert(row.label);
    }
  }
  ui::Model model;
  model.network = *spec::find_in_zoo("lab_cnn");
  model.draft = spec::infer_draft(model.network);
  model.data.train = 60'000;
  model.train.schedule = spec::ScheduleKind::step;
  ui::TrainPanel panel;
  panel.more = true;
  ui::Actions out;
  test::UiDriver driver({900, 6000});
  driver.show([&] { ui::draw_train(panel, model, out); });
  using enum spec::OptimizerKind;
  for (const spec::OptimizerKind optimizer : {sgd, adam, rmsprop}) {
    model.train.optimizer = optimizer;
    driver.frame(4);
    int settings = 0;
    for (const ui::Item& item : driver.items()) {
      const bool setting = item.role == "slider" || item.role == "textbox" ||
                           item.role == "combobox" || item.role == "switch";
      if (!setting) continue;
      CAPTURE(item.label);
      CHECK(explained.contains(item.label));
      ++settings;
    }
    CHECK(settings > 25);
  }
}

TEST_CASE("the help page of a phone opens with the meanings, and closes", "[page][help]") {
  test::OpenPage page({390, 844});
  ui::look::use_coarse_pointer(true);
  ui::look::apply_theme();
  page.command(R"({"do":"toggle_help"})");
  page.frame(4);
  CHECK(page.ui.click("Close help"));
  CHECK_FALSE(page.model().help_open);
  ui::look::use_coarse_pointer(false);
}
