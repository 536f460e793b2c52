#include "engine/analysis/mcnemar.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace engine::analysis {

// Binomial coefficients relative to the one at k, each from its neighbour: exact to a few eps, and
// when the middle ones overflow, the probability is 0 to more digits than a double has.
double mcnemar(u64 a, u64 b) {
  const u64 n = a + b, k = std::min(a, b);
  double tail = 0, all = 0, term = 1;
  for (u64 i = k; term > 0; --i) {  // C(n, i) / C(n, k), downwards
    tail += term;
    if (i == 0) break;
    term *= double(i) / double(n - i + 1);
  }
  all = tail;
  term = 1;
  for (u64 i = k; i < n && term > 0; ++i) {
    term *= double(n - i) / double(i + 1);
    all += term;
  }
  return std::min(1.0, 2 * tail / all);
}

double mcnemar(std::span<const u8> first, std::span<const u8> second, std::span<const u8> truth) {
  ENSURE(first.size() == truth.size() && second.size() == truth.size(),
         "the test compares answers to the same images");
  u64 a = 0, b = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool one = first[i] == truth[i], two = second[i] == truth[i];
    a += u64(one && !two);
    b += u64(two && !one);
  }
  return mcnemar(a, b);
}

}  // namespace engine::analysis
