#include "ui/widgets/plot.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>
#include <cmath>
#include <limits>
#include <vector>

using Catch::Matchers::WithinRel;

namespace {

struct Point {
  float x, y;
};

ui::Series curve_of(const std::vector<Point>& points) {
  return ui::series("curve", 0, std::span<const Point>(points), &Point::x, &Point::y);
}

// A number from a counter, the same everywhere.
float scrambled(unsigned i) { return float((i * 2654435761u) >> 8) / float(1 << 24); }

}  // namespace

TEST_CASE("ticks are round, inside the range, evenly spaced and few", "[ui][plot]") {
  const double low = GENERATE(0.0, -3.7, 0.1312, 12.0, -1e-4, 1e4);
  const double width = GENERATE(1e-3, 0.31, 1.0, 2.2, 5.0, 60.0, 12345.0);
  const int most = GENERATE(2, 4, 6, 11);
  CAPTURE(low, width, most);
  const std::vector<double> ticks = ui::choose_ticks(low, low + width, most);
  CHECK(int(ticks.size()) <= most);
  if (most >= 6) CHECK(ticks.size() >= 2);
  for (const double tick : ticks) {
    CHECK(tick >= low - width * 1e-6);
    CHECK(tick <= low + width * (1 + 1e-6));
  }
  if (ticks.size() < 2) return;
  const double step = ticks[1] - ticks[0];
  for (std::size_t i = 2; i < ticks.size(); ++i)
    CHECK_THAT(ticks[i] - ticks[i - 1], WithinRel(step, 1e-6));
  const double leading = step / std::pow(10.0, std::floor(std::log10(step * 1.000001)));
  CAPTURE(step, leading);
  CHECK((std::fabs(leading - 1) < 1e-4 || std::fabs(leading - 2) < 1e-4 ||
         std::fabs(leading - 5) < 1e-4));
}

TEST_CASE("ticks of known ranges; one where there is no range", "[ui][plot]") {
  CHECK(ui::choose_ticks(0, 5, 6) == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(ui::choose_ticks(0, 1, 3) == std::vector<double>{0, 0.5, 1});
  CHECK(ui::choose_ticks(-10, 10, 5) == std::vector<double>{-10, -5, 0, 5, 10});
  CHECK(ui::choose_ticks(3, 3, 5) == std::vector<double>{3});
  CHECK(ui::choose_ticks(0, std::numeric_limits<double>::infinity(), 5) == std::vector<double>{0});
}

TEST_CASE("log ticks are powers of ten, with 2 and 5 times them while there is room",
          "[ui][plot]") {
  using Catch::Matchers::Approx;
  CHECK_THAT(ui::choose_log_ticks(0.1, 10, 8),
             Approx(std::vector<double>{0.1, 0.2, 0.5, 1, 2, 5, 10}));
  CHECK_THAT(ui::choose_log_ticks(0.1, 10, 4), Approx(std::vector<double>{0.1, 1, 10}));
  CHECK(ui::choose_log_ticks(1e-6, 1e6, 5).size() <= 5);
  CHECK(ui::choose_log_ticks(1e-6, 1e6, 5).size() >= 2);
  CHECK(ui::choose_log_ticks(0.31, 0.42, 6).size() >= 2);  // no power of ten inside: plain ticks
  CHECK(ui::choose_log_ticks(0, 1, 5).empty());
  CHECK(ui::choose_log_ticks(-1, 1, 5).empty());
}

TEST_CASE("numbers of an axis have the decimals that tell neighbours apart", "[ui][plot]") {
  CHECK(ui::tick_text(0.5, 0.25) == "0.50");
  CHECK(ui::tick_text(2, 1) == "2");
  CHECK(ui::tick_text(0, 0.5) == "0.0");
  CHECK(ui::tick_text(-1.5, 0.5) == "-1.5");
  CHECK(ui::tick_text(1e-5, 1e-5) == "1e-05");
  CHECK(ui::tick_text(2e7, 1e7) == "2e+07");
}

TEST_CASE("thinning a curve keeps its extremes, its ends and its order", "[ui][plot]") {
  const unsigned count = GENERATE(1u, 2u, 63u, 1000u, 5003u);
  const int columns = GENERATE(1, 7, 300);
  CAPTURE(count, columns);
  std::vector<Point> points;
  for (unsigned i = 0; i < count; ++i) points.push_back({float(i) / float(count), scrambled(i)});
  points[count / 2].y = 9;
  points[count / 3].y = -9;
  const std::vector<ui::PlotPoint> kept = ui::decimate(curve_of(points), 0, 1, columns);
  REQUIRE_FALSE(kept.empty());
  CHECK(kept.size() <= std::size_t(4 * columns));
  CHECK(kept.size() <= points.size());
  const auto contains = [&](const Point& p) {
    return std::find(kept.begin(), kept.end(), ui::PlotPoint{p.x, p.y}) != kept.end();
  };
  const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
  CHECK(contains(*std::min_element(points.begin(), points.end(), by_y)));
  CHECK(contains(*std::max_element(points.begin(), points.end(), by_y)));
  CHECK(contains(points.front()));
  CHECK(contains(points.back()));
  CHECK(std::is_sorted(kept.begin(), kept.end(),
                       [](const auto& a, const auto& b) { return a.x < b.x; }));
}

TEST_CASE("a NaN breaks a curve instead of joining its sides", "[ui][plot]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Point> points{{0, 1}, {0.1f, 2}, {0.2f, nan}, {0.3f, 3}};
  const std::vector<ui::PlotPoint> kept = ui::decimate(curve_of(points), 0, 1, 2);
  REQUIRE(kept.size() == 4);
  CHECK(std::isnan(kept[2].y));
  CHECK(kept[3] == ui::PlotPoint{0.3f, 3});
}

TEST_CASE("points outside the range are left out but for one at each end", "[ui][plot]") {
  std::vector<Point> points;
  for (int i = 0; i < 100; ++i) points.push_back({float(i), float(i)});
  const std::vector<ui::PlotPoint> kept = ui::decimate(curve_of(points), 20, 30, 1000);
  REQUIRE_FALSE(kept.empty());
  CHECK(kept.front() == ui::PlotPoint{19, 19});
  CHECK(kept.back() == ui::PlotPoint{31, 31});
  CHECK(ui::decimate(curve_of({}), 0, 1, 10).empty());
  CHECK(ui::decimate(curve_of(points), 1, 1, 10).empty());
}

TEST_CASE("the nearest point is one that can be shown", "[ui][plot]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Point> points{{0, 1}, {1, nan}, {3, 2}};
  CHECK(ui::nearest(curve_of(points), 0.4f) == 0);
  CHECK(ui::nearest(curve_of(points), 1.1f) == 0);
  CHECK(ui::nearest(curve_of(points), 2.9f) == 2);
  CHECK(ui::nearest(curve_of({}), 1) == 0);
  CHECK(ui::nearest(curve_of({{0, nan}}), 1) == 1);
}
