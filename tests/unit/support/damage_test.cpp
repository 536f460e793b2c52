#include "tests/support/damage.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("damage: edits change nearly every copy, in content and length, and repeat for a seed",
          "[support]") {
  const std::vector<std::byte> bytes(200, std::byte{42});
  int same = 0, shorter = 0, longer = 0;
  for (engine::u32 seed = 0; seed < 200; ++seed) {
    const auto copy = test::damaged(bytes, seed);
    CHECK(copy == test::damaged(bytes, seed));
    same += copy == bytes;
    shorter += copy.size() < bytes.size();
    longer += copy.size() > bytes.size();
  }
  CHECK(same < 5);
  CHECK(shorter > 20);
  CHECK(longer > 20);
  CHECK(test::damaged({}, 1).empty());
}

TEST_CASE("damage: every truncation is visited once", "[support]") {
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{1}, std::byte{2}};
  std::vector<std::size_t> sizes;
  test::for_each_truncation(
      bytes, [&](std::span<const std::byte> shorter) { sizes.push_back(shorter.size()); });
  CHECK(sizes == std::vector<std::size_t>{0, 1, 2});
}
