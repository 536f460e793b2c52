#include "engine/train/schedule.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"

namespace engine::train {
namespace {

constexpr f32 kPi = 3.14159265f;
// The defaults of PyTorch's OneCycleLR: pct_start, div_factor, final_div_factor.
constexpr f32 kWarmUp = 0.3f;
constexpr f32 kStartDivisor = 25.0f;
constexpr f32 kFinalDivisor = 1e4f;

// Half a cosine from `from` (at = 0) to `to` (at = 1).
f32 cosine(f32 from, f32 to, f32 at) { return to + (from - to) / 2 * (1 + math::cos(kPi * at)); }

f32 one_cycle(f32 peak, u64 step, u64 total) {
  const f32 start = peak / kStartDivisor;
  const f32 end = start / kFinalDivisor;
  // As in PyTorch, the phases end *on* steps: 0.3 total - 1 is the peak, total - 1 the last.
  const f32 top = kWarmUp * f32(total) - 1;
  const f32 last = f32(total - 1);
  const f32 at = f32(step);
  if (at <= top) return top > 0 ? cosine(start, peak, at / top) : peak;
  return cosine(peak, end, std::min(1.0f, (at - top) / (last - top)));
}

f32 power(f32 base, u64 exponent) {
  f32 result = 1;
  for (u64 i = 0; i < exponent && result != 0; ++i) result *= base;
  return result;
}

// Of the schedule alone; step < total.
f32 scheduled(const spec::Train& train, u64 step, u64 total, u64 steps_per_epoch) {
  const f32 rate = train.learning_rate;
  switch (train.schedule) {
    case spec::ScheduleKind::constant:
      return rate;
    case spec::ScheduleKind::step:
      return rate *
             power(train.step_factor, step / steps_per_epoch / std::max(train.step_epochs, 1u));
    case spec::ScheduleKind::cosine:
      return cosine(rate, 0, f32(step) / f32(total));
    case spec::ScheduleKind::one_cycle:
      return one_cycle(rate, step, total);
  }
  return rate;
}

}  // namespace

u64 warmup_steps(const spec::Train& train, u64 total, u64 steps_per_epoch) {
  const double steps = double(train.warmup) * double(steps_per_epoch);
  return std::min(u64(steps + 0.5), total);
}

f32 learning_rate(const spec::Train& train, u64 step, u64 total, u64 steps_per_epoch) {
  ENSURE(total >= 1 && steps_per_epoch >= 1, "a schedule needs at least one step");
  step = std::min(step, total - 1);
  const u64 warmup = warmup_steps(train, total, steps_per_epoch);
  if (step >= warmup) return scheduled(train, step - warmup, total - warmup, steps_per_epoch);
  return train.learning_rate * (f32(step + 1) / f32(warmup));
}

}  // namespace engine::train
