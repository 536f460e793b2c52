#include "ui/widgets/bars.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

TEST_CASE("names and figures of the bars are never cut, the bar takes the rest", "[ui][bars]") {
  const float width = GENERATE(200.0f, 288.0f, 320.0f, 700.0f);
  const float name = GENERATE(61.3f, 84.0f);
  const float percent = 52;
  CAPTURE(width, name);
  const ui::BarsLayout layout = ui::bars_layout(width, name, percent);
  CHECK(layout.bar_left >= name + 8);
  CHECK(layout.percent_right - percent >= layout.bar_left + layout.bar_width + 8);
  CHECK(layout.percent_right <= width);
  CHECK(layout.bar_width >= ui::kLeastBar);
}

TEST_CASE("a row too narrow grows rather than losing its bar", "[ui][bars]") {
  const ui::BarsLayout layout = ui::bars_layout(100, 84, 52);
  CHECK(layout.bar_width == ui::kLeastBar);
  CHECK(layout.percent_right > 100);
}
