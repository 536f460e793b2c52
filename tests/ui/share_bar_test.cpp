#include "ui/widgets/share_bar.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("the largest parts keep their names, the rest is summed up", "[ui][share]") {
  const std::vector<ui::Share> shares{
      {"conv1", 320}, {"relu1", 0}, {"conv2", 9248}, {"fc1", 401'536}, {"fc2", 1290}};
  const auto kept = ui::largest_shares(shares, 3);
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].name == "fc1");
  CHECK(kept[1].name == "conv2");
  CHECK(kept[2].name == "others");
  CHECK(kept[2].amount == 320 + 1290);
}

TEST_CASE("parts that all fit stay as they are, without empty ones", "[ui][share]") {
  const std::vector<ui::Share> shares{{"a", 5}, {"none", 0}, {"b", 5}, {"c", 9}};
  const auto kept = ui::largest_shares(shares, 3);
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].name == "c");
  CHECK(kept[1].name == "a");
  CHECK(kept[2].name == "b");
  CHECK(ui::largest_shares({}, 3).empty());
}
