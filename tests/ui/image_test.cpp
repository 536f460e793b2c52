#include "ui/widgets/image.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>
#include <vector>

TEST_CASE("the largest magnitude ignores what is not finite", "[ui][image]") {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  CHECK(ui::largest_magnitude({}) == 0);
  const std::array values{0.5f, nan, -2.0f, infinity, 1.0f};
  CHECK(ui::largest_magnitude(values) == 2);
}

TEST_CASE("tiles fill the width without leaving it", "[ui][image]") {
  const float width = GENERATE(288.0f, 320.0f, 411.5f, 900.0f);
  const int count = GENERATE(1, 10, 64);
  CAPTURE(width, count);
  const ui::TileGrid grid = ui::tile_grid(width, count, 56, 88, 8);
  CHECK(grid.columns >= 1);
  CHECK(grid.columns <= count);
  CHECK(grid.side >= 55);
  CHECK(grid.side <= 88);
  float right = 0, bottom = 0;
  for (int i = 0; i < count; ++i) {
    right = std::max(right, grid.at({0, 0}, i).x + grid.side);
    bottom = std::max(bottom, grid.at({0, 0}, i).y + grid.side);
  }
  CHECK(right <= width);
  CHECK(bottom == grid.height(count));
  CHECK(grid.height(0) == 0);
}
