#include "ui/widgets/format.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

TEST_CASE("durations read as people say them", "[ui][format]") {
  CHECK(ui::duration(0) == "0.0 s");
  CHECK(ui::duration(9.94f) == "9.9 s");
  CHECK(ui::duration(9.96f) == "10 s");
  CHECK(ui::duration(59.4f) == "59 s");
  CHECK(ui::duration(59.6f) == "1 min 0 s");
  CHECK(ui::duration(80) == "1 min 20 s");
  CHECK(ui::duration(3600) == "1 h 0 min");
  CHECK(ui::duration(7500) == "2 h 5 min");
  CHECK(ui::duration(-1) == "–");
  CHECK(ui::duration(std::numeric_limits<float>::quiet_NaN()) == "–");
  CHECK(ui::duration(std::numeric_limits<float>::infinity()) == "–");
}

TEST_CASE("counts are grouped, and short where room is short", "[ui][format]") {
  CHECK(ui::counted(1, "weight", "weights") == "1 weight");
  CHECK(ui::counted(795'010, "weight", "weights") == "795,010 weights");
  CHECK(ui::compact(0) == "0");
  CHECK(ui::compact(9'999) == "9,999");
  CHECK(ui::compact(19'710) == "19.7 k");
  CHECK(ui::compact(467'818) == "468 k");
  CHECK(ui::compact(999'499) == "999 k");
  CHECK(ui::compact(999'500) == "1.0 M");
  CHECK(ui::compact(18'700'000) == "18.7 M");
  CHECK(ui::compact(18'700'000'000) == "18.7 G");
}

TEST_CASE("shapes, shares, hashes and signed numbers", "[ui][format]") {
  CHECK(ui::shape_text({32, 14, 14}) == "32 × 14 × 14");
  CHECK(ui::shape_text({1, 28, 28}) == "1 × 28 × 28");
  CHECK(ui::shape_text({1960, 1, 1}) == "1,960");
  CHECK(ui::percent(0.9123f, 1) == "91.2 %");
  CHECK(ui::percent(1, 0) == "100 %");
  CHECK(ui::percent(-1, 1) == "–");
  CHECK(ui::percent(std::numeric_limits<float>::quiet_NaN(), 1) == "–");
  CHECK(ui::hash_text(0) == "–");
  CHECK(ui::hash_text(0xa4836a8900000001ull) == "a4836a89");
  CHECK(ui::number(-0.25, 2) == "−0.25");
  CHECK(ui::number(0.25, 2) == "0.25");
}
