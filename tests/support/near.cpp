#include "tests/support/near.hpp"

#include <bit>
#include <cmath>
#include <sstream>

namespace test {
namespace {

// Infinity is near itself alone: a share of it would be all there is.
bool is_near(double got, double want, double absolute, double relative) {
  if (got == want) return true;
  return std::isfinite(want) && std::abs(got - want) <= absolute + relative * std::abs(want);
}

template <class T>
Verdict compare(std::span<const T> got, std::span<const T> want, auto&& equal) {
  std::ostringstream out;
  out.precision(9);
  if (got.size() != want.size()) {
    out << got.size() << " values instead of " << want.size();
    return {false, out.str()};
  }
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (equal(got[i], want[i])) continue;
    out << "at " << i << " of " << got.size() << ": got " << got[i] << ", want " << want[i];
    return {false, out.str()};
  }
  return {};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  return out << (verdict.ok ? std::string("no difference") : verdict.what);
}

Verdict near(std::span<const engine::f32> got, std::span<const engine::f32> want, double absolute,
             double relative) {
  return compare(got, want, [&](double a, double b) { return is_near(a, b, absolute, relative); });
}

Verdict near(std::span<const double> got, std::span<const double> want, double absolute,
             double relative) {
  return compare(got, want, [&](double a, double b) { return is_near(a, b, absolute, relative); });
}

Verdict near(double got, double want, double absolute, double relative) {
  return near(std::span<const double>(&got, 1), std::span<const double>(&want, 1), absolute,
              relative);
}

Verdict same_bits(std::span<const engine::f32> got, std::span<const engine::f32> want) {
  return compare(got, want, [](engine::f32 a, engine::f32 b) {
    return std::bit_cast<engine::u32>(a) == std::bit_cast<engine::u32>(b);
  });
}

}  // namespace test
