#include "engine/train/schedule.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/near.hpp"

using namespace engine;
using spec::ScheduleKind;
using train::learning_rate;

TEST_CASE("the constant schedule is constant", "[train]") {
  const spec::Train train{.learning_rate = 0.3f};
  for (u64 step : {0u, 1u, 99u, 1000u}) CHECK(learning_rate(train, step, 100, 10) == 0.3f);
}

TEST_CASE("the step schedule multiplies every few epochs", "[train]") {
  const spec::Train train{
      .learning_rate = 0.8f, .schedule = ScheduleKind::step, .step_epochs = 2, .step_factor = 0.5f};
  // 10 steps an epoch: steps 0..19 at the rate, 20..39 at half of it, ...
  CHECK(learning_rate(train, 0, 100, 10) == 0.8f);
  CHECK(learning_rate(train, 19, 100, 10) == 0.8f);
  CHECK(learning_rate(train, 20, 100, 10) == 0.4f);
  CHECK(learning_rate(train, 39, 100, 10) == 0.4f);
  CHECK(learning_rate(train, 40, 100, 10) == 0.2f);
  CHECK(learning_rate(train, 99, 100, 10) == 0.05f);
}

TEST_CASE("the cosine schedule falls from the rate towards zero", "[train]") {
  const spec::Train train{.learning_rate = 0.1f, .schedule = ScheduleKind::cosine};
  CHECK(test::near(learning_rate(train, 0, 100, 10), 0.1, 1e-7));
  CHECK(test::near(learning_rate(train, 25, 100, 10), 0.0853553, 1e-6));
  CHECK(test::near(learning_rate(train, 50, 100, 10), 0.05, 1e-6));
  CHECK(test::near(learning_rate(train, 99, 100, 10), 2.4672e-5, 1e-7));
}

TEST_CASE("the one-cycle schedule has PyTorch's values", "[train]") {
  // from math import cos, pi   # OneCycleLR(max_lr=0.1, total_steps=20): pct_start 0.3, div_factor
  // 25, final 1e4 def rate(s, top=0.3 * 20 - 1, last=19, a=0.1 / 25, b=0.1, c=0.1 / 25e4):
  //   f = lambda x, y, t: y + (x - y) / 2 * (1 + cos(pi * t))
  //   return f(a, b, s / top) if s <= top else f(b, c, (s - top) / (last - top))
  const spec::Train train{.learning_rate = 0.1f, .schedule = ScheduleKind::one_cycle};
  const double want[] = {0.004,       0.013167184, 0.037167184, 0.066832816, 0.090832816,
                         0.1,         0.098746401, 0.095048463, 0.089091618, 0.081174565,
                         0.0716943,   0.061126202, 0.0500002,   0.038874198, 0.0283061,
                         0.018825835, 0.010908782, 0.004951937, 0.001253999, 4e-07};
  for (u64 step = 0; step < 20; ++step) {
    CAPTURE(step);
    CHECK(test::near(learning_rate(train, step, 20, 5), want[step], 1e-7));
  }
}

TEST_CASE("a warm-up rises in a line, then the schedule begins: PyTorch's values", "[train]") {
  // SequentialLR(o, [LinearLR(o, start_factor=1/4, total_iters=3), S], milestones=[4]) with S =
  // CosineAnnealingLR(o, 8) and StepLR(o, 3, 0.5)
  const double cosine[] = {0.025,       0.05,        0.075, 0.1,         0.1,         0.096193977,
                           0.085355339, 0.069134172, 0.05,  0.030865828, 0.014644661, 0.003806023};
  const double step[] = {0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025};
  spec::Train train{.learning_rate = 0.1f, .schedule = ScheduleKind::cosine, .warmup = 4.0f / 3};
  for (u64 s = 0; s < 12; ++s) {
    CAPTURE(s);
    train.schedule = ScheduleKind::cosine;
    CHECK(test::near(learning_rate(train, s, 12, 3), cosine[s], 1e-7));
    train.schedule = ScheduleKind::step;
    train.step_epochs = 1;
    CHECK(test::near(learning_rate(train, s, 12, 3), step[s], 1e-7));
  }
}

TEST_CASE("a warm-up may be a part of an epoch, nothing, or longer than the run", "[train]") {
  spec::Train train{.learning_rate = 1, .warmup = 0.5f};
  CHECK(train::warmup_steps(train, 100, 9) == 5);
  CHECK(learning_rate(train, 0, 100, 9) == 0.2f);
  CHECK(learning_rate(train, 4, 100, 9) == 1);
  CHECK(learning_rate(train, 5, 100, 9) == 1);
  train.warmup = 0.01f;
  CHECK(train::warmup_steps(train, 100, 9) == 0);
  CHECK(learning_rate(train, 0, 100, 9) == 1);
  train.warmup = 100;
  CHECK(train::warmup_steps(train, 10, 9) == 10);
  CHECK(learning_rate(train, 9, 10, 9) == 1);
  CHECK(learning_rate(train, 4, 10, 9) == 0.5f);
}

TEST_CASE("schedules stay between zero and the rate, whatever the length of the run", "[train]") {
  const auto kind = GENERATE(ScheduleKind::constant, ScheduleKind::step, ScheduleKind::cosine,
                             ScheduleKind::one_cycle);
  const u64 total = GENERATE(u64{1}, u64{2}, u64{3}, u64{4}, u64{7}, u64{10}, u64{1000});
  const f32 warmup = GENERATE(0.0f, 0.4f, 2.0f);
  const spec::Train train{
      .learning_rate = 0.5f, .schedule = kind, .step_epochs = 1, .warmup = warmup};
  for (u64 step = 0; step < total; ++step) {
    const f32 rate = learning_rate(train, step, total, 3);
    CAPTURE(int(kind), total, step, rate);
    CHECK(rate >= 0);
    CHECK(rate <= 0.5f);
  }
  CHECK(learning_rate(train, total + 5, total, 3) == learning_rate(train, total - 1, total, 3));
}
