// Compares our answers with PyTorch's. NaN, a missing value and a missing tensor are never equal to
// anything.
#pragma once
#include <span>
#include <string>

#include "tests/parity/golden.hpp"

namespace parity {

struct Verdict {
  bool ok = true;
  std::string what{};      // the worst difference in words, when not ok
  std::string where{};     // the tensor with the most of its bound used up
  double units = 0;        // ... how much of it; infinite where equality was asked for and not got
  double absolute = 0;     // the largest difference of all tensors
  std::size_t values = 0;  // compared
};

// One tensor.
Verdict compare(std::span<const engine::f32> got, std::span<const engine::f32> want,
                const Bound& bound);

// All tensors that the case has answers for, and that we gave: both must be the same ones.
Verdict judge(const Case& c, const Tensors& got);

// How often judge() let a wrong golden pass, of all that were tried: our own answers, but for each
// tensor one value that lies just over twice the bound away, a NaN, a value short, and no tensor.
// Must be 0.
struct Blindness {
  int tried = 0, passed = 0;
};
Blindness blindness(const Case& c, const Tensors& got);

}  // namespace parity
