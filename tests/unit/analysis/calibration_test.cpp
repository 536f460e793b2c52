#include "engine/analysis/calibration.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/near.hpp"

using engine::analysis::Calibration;

TEST_CASE("whoever is right as often as claimed has no calibration error",
          "[analysis][calibration]") {
  Calibration c;
  CHECK(c.error() == 0);
  for (int i = 0; i < 100; ++i) c.add(0.75, i % 4 != 0);
  for (int i = 0; i < 10; ++i) c.add(1, true);
  c.add(0, false);
  CHECK(c.error() < 1e-12);
}

TEST_CASE("the calibration error weighs each bin by its predictions", "[analysis][calibration]") {
  Calibration c;
  for (int i = 0; i < 30; ++i) c.add(0.9, i < 18);   // claims 90 %, is right in 60 %
  for (int i = 0; i < 10; ++i) c.add(0.35, i >= 5);  // claims 35 %, is right in 50 %
  CHECK(test::near(c.error(), (30 * 0.3 + 10 * 0.15) / 40, 1e-9));
}

TEST_CASE("opposite errors of one bin cancel, of two bins they do not", "[analysis][calibration]") {
  Calibration one, two;
  one.add(0.62, true), one.add(0.62, false);
  one.add(0.64, true), one.add(0.64, true), one.add(0.64, false);
  CHECK(test::near(one.error(), (3.16 - 3) / 5, 1e-9));
  two.add(0.55, true), two.add(0.95, false);
  CHECK(test::near(two.error(), (0.45 + 0.95) / 2, 1e-9));
}
