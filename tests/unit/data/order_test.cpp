// split.hpp and batcher.hpp: which samples, in which order.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <numeric>

#include "engine/data/batcher.hpp"
#include "engine/data/split.hpp"

using namespace engine;

namespace {

std::vector<u32> sorted(std::vector<u32> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<u32> iota(u32 count) {
  std::vector<u32> ids(count);
  std::iota(ids.begin(), ids.end(), u32{0});
  return ids;
}

std::vector<u32> joined(const data::Split& split) {
  std::vector<u32> ids = split.train;
  ids.insert(ids.end(), split.validation.begin(), split.validation.end());
  return sorted(std::move(ids));
}

std::vector<u32> epoch_of(data::Batcher& batcher, u32 epoch) {
  std::vector<u32> order;
  for (u32 step = 0; step < batcher.steps(); ++step) {
    const auto ids = batcher.step(epoch, step);
    order.insert(order.end(), ids.begin(), ids.end());
  }
  return order;
}

}  // namespace

TEST_CASE("split: every image is in one part, and the sizes are the rounded shares", "[data]") {
  const data::Split all = data::split(1'001, 1, 0.1f, 5);
  CHECK(all.validation.size() == 100);
  CHECK(all.train.size() == 901);
  CHECK(joined(all) == iota(1'001));
  const data::Split tenth = data::split(60'000, 0.1f, 0.1f, 1);
  CHECK(tenth.validation.size() == 600);
  CHECK(tenth.train.size() == 5'400);
  const std::vector<u32> ids = joined(tenth);
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  CHECK(ids.back() < 60'000);
}

TEST_CASE("split: never leaves a part empty", "[data]") {
  const u32 count = GENERATE(u32{2}, u32{3}, u32{10});
  const f32 fraction = GENERATE(0.001f, 1.0f), validation = GENERATE(0.001f, 0.5f, 1.0f);
  CAPTURE(count, fraction, validation);
  const data::Split split = data::split(count, fraction, validation, 3);
  CHECK(split.train.size() >= 1);
  CHECK(split.validation.size() >= 1);
  CHECK(split.train.size() + split.validation.size() <= count);
}

TEST_CASE("split: the seed decides, and a smaller share lies within a larger one", "[data]") {
  CHECK(data::split(500, 0.5f, 0.2f, 9) == data::split(500, 0.5f, 0.2f, 9));
  CHECK_FALSE(data::split(500, 0.5f, 0.2f, 9) == data::split(500, 0.5f, 0.2f, 10));
  const std::vector<u32> small = joined(data::split(500, 0.1f, 0.2f, 9)),
                         large = joined(data::split(500, 0.4f, 0.2f, 9));
  CHECK(small.size() == 50);
  CHECK(std::includes(large.begin(), large.end(), small.begin(), small.end()));
}

TEST_CASE("split: the permutation is part of every recorded run", "[data]") {
  // From this function itself when it was written: a change would silently change what old seeds
  // mean.
  CHECK(data::subset(10, 10, 1) == std::vector<u32>{1, 9, 8, 7, 2, 0, 5, 3, 6, 4});
  CHECK(sorted(data::subset(10, 10, 1)) == iota(10));
  CHECK(data::subset(10, 4, 1) == std::vector<u32>{1, 9, 8, 7});
  CHECK(data::subset(7, 0, 1).empty());
}

TEST_CASE("batcher: an epoch shows every id once, the last step what is left", "[data]") {
  data::Batcher batcher({10, 20, 30, 40, 50, 60, 70}, 3, 4);
  CHECK(batcher.steps() == 3);
  CHECK(batcher.step(0, 0).size() == 3);
  CHECK(batcher.step(0, 2).size() == 1);
  CHECK(sorted(epoch_of(batcher, 0)) == std::vector<u32>{10, 20, 30, 40, 50, 60, 70});
  data::Batcher one({5}, 64, 4);
  CHECK(one.steps() == 1);
  CHECK(epoch_of(one, 3) == std::vector<u32>{5});
  data::Batcher even(iota(8), 4, 1);
  CHECK(even.steps() == 2);
  CHECK(even.step(0, 1).size() == 4);
}

TEST_CASE("batcher: the order depends on seed and epoch, not on what was asked before", "[data]") {
  data::Batcher forwards(iota(50), 8, 4), backwards(iota(50), 8, 4), other(iota(50), 8, 5);
  std::vector<std::vector<u32>> orders;
  for (u32 epoch = 0; epoch < 4; ++epoch) orders.push_back(epoch_of(forwards, epoch));
  for (u32 epoch = 4; epoch-- > 0;) {
    CAPTURE(epoch);
    CHECK(epoch_of(backwards, epoch) == orders[epoch]);
    CHECK_FALSE(epoch_of(other, epoch) == orders[epoch]);
  }
  CHECK_FALSE(orders[0] == orders[1]);
  CHECK_FALSE(orders[0] == iota(50));
  data::Batcher resumed(iota(50), 8, 4);
  const auto last = resumed.step(2, 6);
  CHECK(std::vector<u32>(last.begin(), last.end()) ==
        std::vector<u32>{orders[2].begin() + 48, orders[2].end()});
}
