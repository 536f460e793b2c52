#include "tests/support/padded.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using engine::f32;

TEST_CASE("padded buffers notice a write on either side", "[support]") {
  for (const std::size_t offset : {0u, 1u, 3u}) {
    test::Padded p(5, offset, 1);
    CHECK(p.untouched());
    std::fill(p.data(), p.data() + 5, 0.0f);
    CHECK(p.untouched());
    p.data()[5] = 0;
    CHECK_FALSE(p.untouched());
    test::Padded q(5, offset, 1);
    q.data()[-1] = 0;
    CHECK_FALSE(q.untouched());
  }
}

TEST_CASE("padded buffers are surrounded by NaN", "[support]") {
  test::Padded p(0, 0, 1);
  CHECK(p.data()[0] != p.data()[0]);
  CHECK(p.data()[-1] != p.data()[-1]);
}

TEST_CASE("random floats depend on seed and size, and stay in range", "[support]") {
  const auto a = test::random_floats(1000, 1, -2, 3);
  CHECK(a == test::random_floats(1000, 1, -2, 3));
  CHECK(a != test::random_floats(1000, 2, -2, 3));
  CHECK(test::random_floats(10, 1)[0] != test::random_floats(11, 1)[0]);
  const auto [low, high] = std::minmax_element(a.begin(), a.end());
  CHECK(*low >= -2.0f);
  CHECK(*low < -1.9f);
  CHECK(*high < 3.0f);
  CHECK(*high > 2.9f);
}
