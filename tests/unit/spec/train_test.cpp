#include "engine/spec/train.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/spec/train_fields.hpp"

namespace spec = engine::spec;
using engine::Code;
using engine::f32;

TEST_CASE("train: the defaults are allowed, and so is every limit", "[spec]") {
  CHECK(spec::check(spec::Train{}).ok());
  for (const auto& field : spec::kTrainReals) {
    CAPTURE(field.key);
    spec::Train train;
    train.*field.at = field.high;
    CHECK(spec::check(train).ok());
    train.*field.at = field.low;
    CHECK(spec::check(train).ok() != field.above);
  }
}

TEST_CASE("train: a number beyond its limit is refused by name, and so is NaN", "[spec]") {
  const f32 infinity = std::numeric_limits<f32>::infinity();
  for (const auto& field : spec::kTrainReals) {
    for (f32 value : {std::nextafter(field.low, -infinity), std::nextafter(field.high, infinity),
                      infinity, -infinity, std::numeric_limits<f32>::quiet_NaN()}) {
      CAPTURE(field.key, value);
      spec::Train train;
      train.*field.at = value;
      const auto status = spec::check(train);
      REQUIRE_FALSE(status.ok());
      CHECK(status.problem().code == Code::bad_config);
      CHECK(status.problem().sentence.find(field.key) == 0);
    }
  }
  for (const auto& field : spec::kAugmentReals) {
    for (f32 value :
         {-0.001f, std::nextafter(field.high, infinity), std::numeric_limits<f32>::quiet_NaN()}) {
      CAPTURE(field.key, value);
      spec::Train train;
      train.augment.*field.at = value;
      REQUIRE_FALSE(spec::check(train).ok());
      CHECK(spec::check(train).problem().code == Code::bad_config);
    }
  }
  for (const auto& field : spec::kTrainWholes) {
    CAPTURE(field.key);
    spec::Train train;
    train.*field.at = field.high + 1;
    CHECK_FALSE(spec::check(train).ok());
    train.*field.at = field.low - 1;  // wraps for 0
    CHECK_FALSE(spec::check(train).ok());
  }
}

TEST_CASE("train: enumerators that do not exist are refused", "[spec]") {
  spec::Train train;
  train.loss = spec::Loss(4);
  CHECK(spec::check(train).problem().code == Code::bad_config);
  train = {};
  train.optimizer = spec::OptimizerKind(4);
  CHECK(spec::check(train).problem().code == Code::bad_config);
  train = {};
  train.init = spec::Init(5);
  CHECK(spec::check(train).problem().code == Code::bad_config);
  train = {};
  train.schedule = spec::ScheduleKind(4);
  CHECK(spec::check(train).problem().code == Code::bad_config);
}

TEST_CASE("train: every kind of augmentation counts as one", "[spec]") {
  CHECK_FALSE(spec::Augment{}.any());
  for (const auto& field : spec::kAugmentReals) {
    CAPTURE(field.key);
    spec::Augment augment;
    augment.*field.at = field.high;
    CHECK(augment.any());
  }
}
