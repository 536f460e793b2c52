#include "tests/parity/judge.hpp"

#include <cmath>
#include <limits>
#include <sstream>

namespace parity {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// How much of the bound a difference uses up.
double in_units(double difference, double bound) {
  if (difference == 0) return 0;
  return bound > 0 && !std::isnan(difference) ? difference / bound : kInfinity;
}

std::string describe(std::size_t i, std::size_t n, double got, double want, const Bound& bound) {
  std::ostringstream out;
  out.precision(9);
  out << "at " << i << " of " << n << ": got " << got << ", want " << want << " within "
      << bound.value() << " (" << bound.k << " * " << bound.unit << " * " << bound.scale << ")";
  return out.str();
}

Verdict refuse(std::string what) {
  return {.ok = false, .what = std::move(what), .units = kInfinity, .absolute = kInfinity};
}

// The first value moved away from ours by just over twice the bound, whatever f32 can hold.
engine::f32 moved(engine::f32 value, double bound) {
  engine::f32 to = engine::f32(double(value) + 2.1 * bound);
  while (!(double(to) - double(value) > 2 * bound)) to = std::nextafterf(to, HUGE_VALF);
  return to;
}

}  // namespace

Verdict compare(std::span<const engine::f32> got, std::span<const engine::f32> want,
                const Bound& bound) {
  if (got.size() != want.size() || want.empty()) {
    return refuse(std::to_string(got.size()) + " values instead of " + std::to_string(want.size()));
  }
  Verdict verdict{.values = got.size()};
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double difference = std::abs(double(got[i]) - double(want[i]));
    const double units = in_units(difference, bound.value());
    if (!(units <= verdict.units)) {
      verdict.units = units;
      if (units > 1) verdict.what = describe(i, got.size(), got[i], want[i], bound);
    }
    if (!(difference <= verdict.absolute)) verdict.absolute = difference;
  }
  verdict.ok = verdict.units <= 1;
  return verdict;
}

Verdict judge(const Case& c, const Tensors& got) {
  Verdict all;
  for (const auto& [name, values] : got) {
    if (!c.want.contains(name)) return refuse(name + " has no golden");
  }
  for (const auto& [name, want] : c.want) {
    const auto found = got.find(name);
    if (found == got.end()) return refuse(name + " was not computed");
    const Verdict one = compare(found->second, want, c.bounds.find(name)->second);
    if (!one.ok && all.ok) all.what = name + " " + one.what;
    all.ok = all.ok && one.ok;
    all.values += one.values;
    if (one.units >= all.units) all.where = name;
    all.units = std::max(all.units, one.units);
    all.absolute = std::max(all.absolute, one.absolute);
  }
  return all;
}

Blindness blindness(const Case& c, const Tensors& got) {
  Blindness result;
  const auto expect_refusal = [&](const Case& wrong, const Tensors& answers) {
    ++result.tried;
    result.passed += judge(wrong, answers).ok;
  };
  for (const auto& [name, values] : got) {
    if (values.empty() || !c.want.contains(name)) continue;
    Case wrong = c;
    wrong.want[name][values.size() / 2] =
        moved(values[values.size() / 2], c.bounds.find(name)->second.value());
    expect_refusal(wrong, got);
    Tensors answers = got;
    answers[name].back() = std::numeric_limits<engine::f32>::quiet_NaN();
    expect_refusal(c, answers);
    answers[name].pop_back();
    expect_refusal(c, answers);
    answers.erase(name);
    expect_refusal(c, answers);
  }
  return result;
}

}  // namespace parity
