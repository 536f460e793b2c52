#include "engine/train/average.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/nn/ranges.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;

TEST_CASE("the decay of an average rises to what was asked", "[train]") {
  CHECK(test::near(train::average_decay(0.999f, 1), 2.0 / 11, 1e-7));
  CHECK(test::near(train::average_decay(0.999f, 90), 91.0 / 100, 1e-7));
  CHECK(train::average_decay(0.999f, 1'000'000) == 0.999f);
  CHECK(train::average_decay(0.1f, 1) == 0.1f);
}

TEST_CASE("an average: worked by hand", "[train]") {
  Pool pool;
  Floats average{1, -1};
  train::update_average(pool, 0.75f, Floats{3, 1}, average);
  CHECK(test::same_bits(average, Floats{1.5f, -0.5f}));
  train::update_average(pool, 0.5f, Floats{0, 0}, average);
  CHECK(test::same_bits(average, Floats{0.75f, -0.25f}));
}

TEST_CASE("an average has the same bits for any number of threads", "[train]") {
  const std::size_t n = 9 * nn::kRange + 5;
  const Floats now = test::normals(n, 1);
  Floats want;
  for (int threads : {1, 2, 3}) {
    Pool pool(threads);
    Floats average = test::normals(n, 2);
    train::update_average(pool, 0.9f, now, average);
    if (want.empty()) want = average;
    CAPTURE(threads);
    CHECK(test::same_bits(average, want));
  }
}
