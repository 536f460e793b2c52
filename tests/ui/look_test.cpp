#include "ui/panels/look.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <numeric>

#include "tests/ui/panel_driver.hpp"

namespace {

struct Fixture {
  ui::Model model;
  ui::LookPanel panel;

  Fixture(int count, int channels, int size) {
    ui::ActiveModel& active = model.active;
    active.from = ui::WeightsFrom::shipped;
    active.filter_count = count;
    active.filter_channels = channels;
    active.filter_size = size;
    active.filters.resize(std::size_t(count * channels * size * size));
    for (std::size_t i = 0; i < active.filters.size(); ++i)
      active.filters[i] = float(i % 17) / 8 - 1;
  }
  test::PanelDriver driver(float width) {
    return {width, [this](ui::Actions& out) { ui::draw_look(panel, model, out); }};
  }
};

}  // namespace

TEST_CASE("filters are tiles that can be chosen, inside every width", "[ui][look]") {
  const float width = GENERATE(320.0f, 640.0f, 1100.0f);
  CAPTURE(width);
  Fixture f(32, 1, 3);
  auto ui = f.driver(width);
  for (int i = 1; i <= 32; ++i) {
    const ui::Item* tile = ui.find("Filter " + std::to_string(i));
    CAPTURE(i);
    REQUIRE(tile != nullptr);
    CHECK(tile->high.x <= width);
  }
  REQUIRE(ui.click("Filter 7"));
  CHECK(f.panel.selected == 6);
  CHECK(ui.actions.empty());
}

TEST_CASE("a thousand filters of any size are shown in pages that fit a draw list", "[ui][look]") {
  const int size = GENERATE(1, 3, 5, 15, 28);
  CAPTURE(size);
  Fixture f(1000, 1, size);
  auto ui = f.driver(1100);
  CHECK(ui.most_vertices() < 48'000);
  const int on_page = ui::filters_on_page(size);
  REQUIRE(ui.click("Filters after"));
  ui.frames(2);
  CHECK(ui.find("Filter 1") == nullptr);
  CHECK(ui.find("Filter " + std::to_string(on_page + 1)) != nullptr);
  REQUIRE(ui.click("Filters before"));
  ui.frames(2);
  CHECK(ui.find("Filter 1") != nullptr);
}

TEST_CASE("a smaller network while looking keeps the choice in range", "[ui][look]") {
  Fixture f(64, 3, 3);
  auto ui = f.driver(900);
  f.panel.selected = 63;
  f.panel.channel = 2;
  f.model.active = Fixture(4, 1, 5).model.active;
  ui.frames(2);
  CHECK(f.panel.selected == 3);
  CHECK(f.panel.channel == 0);
}

TEST_CASE("no filters, or fewer numbers than promised, give a sentence", "[ui][look]") {
  Fixture none(0, 0, 0), short_of(4, 1, 3);
  short_of.model.active.filters.resize(10);
  for (Fixture* f : {&none, &short_of}) {
    auto ui = f->driver(390);
    CHECK(ui.find("Selected filter") == nullptr);
  }
}

TEST_CASE("the response is the sum under the kernel at each place", "[ui][look]") {
  std::vector<float> image(9), centre(9, 0), right(9, 0);
  std::iota(image.begin(), image.end(), 1.0f);
  centre[4] = 2;
  right[5] = 1;
  const std::vector<float> doubled = ui::response(image, 3, std::vector<float>{2}, 1);
  CHECK(doubled == std::vector<float>{2, 4, 6, 8, 10, 12, 14, 16, 18});
  std::vector<float> wide(16), kernel(9, 0);
  std::iota(wide.begin(), wide.end(), 1.0f);
  kernel[5] = 1;  // looks one pixel to the right; zero beyond the edge
  CHECK(ui::response(wide, 4, kernel, 3) ==
        std::vector<float>{2, 3, 4, 0, 6, 7, 8, 0, 10, 11, 12, 0, 14, 15, 16, 0});
  CHECK(ui::response(image, 3, right, 3) ==
        std::vector<float>{0, 0, 0, 0, 0, 6, 0, 0, 0});  // as large: parts of a sum
  CHECK(ui::response({}, 3, centre, 3) == std::vector<float>(9, 0));
}
