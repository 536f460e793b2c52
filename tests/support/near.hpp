// Comparisons that NaN, a missing element or a swapped order cannot pass. CHECK(test::near(...))
// prints the first difference.
#pragma once
#include <ostream>
#include <span>
#include <string>

#include "engine/core/types.hpp"

namespace test {

struct Verdict {
  bool ok = true;
  std::string what;  // the first difference, when not ok
  explicit operator bool() const { return ok; }
};
std::ostream& operator<<(std::ostream& out, const Verdict& verdict);

// |got - want| <= absolute + relative |want| for every element, and equally many. NaN is near
// nothing, not even NaN; an infinity is near itself.
Verdict near(std::span<const engine::f32> got, std::span<const engine::f32> want, double absolute,
             double relative = 0);
Verdict near(std::span<const double> got, std::span<const double> want, double absolute,
             double relative = 0);
Verdict near(double got, double want, double absolute, double relative = 0);

// The same bits in every element, and equally many: 0 and -0 differ, a NaN equals itself.
Verdict same_bits(std::span<const engine::f32> got, std::span<const engine::f32> want);

}  // namespace test
