#include "engine/train/meters.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/near.hpp"

using namespace engine;

TEST_CASE("means weigh batches by their size", "[train]") {
  train::Mean mean;
  CHECK(mean.loss() == 0);
  CHECK(mean.accuracy() == 0);
  mean.add(1.0f, 4, 4);
  mean.add(4.0f, 0, 1);
  CHECK(test::near(mean.loss(), 1.6, 1e-6));
  CHECK(test::near(mean.accuracy(), 0.8, 1e-6));
}

TEST_CASE("a rate is unknown at first, then follows the last two seconds of work", "[train]") {
  train::Rate rate;
  CHECK(rate.per_second() == 0);
  rate.add(10, 0.1);
  CHECK(test::near(rate.per_second(), 100, 1e-9));
  for (int i = 0; i < 1000; ++i) rate.add(10, 0.05);
  CHECK(test::near(rate.per_second(), 200, 1e-6));
  rate.add(300, 3);  // longer than the memory: nothing older counts
  CHECK(test::near(rate.per_second(), 100, 1e-9));
  rate.add(5, -1);  // a clock that ran backwards is ignored
  CHECK(test::near(rate.per_second(), 100, 1e-9));
}
