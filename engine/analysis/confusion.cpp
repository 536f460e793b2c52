#include "engine/analysis/confusion.hpp"

#include <cmath>

#include "engine/core/check.hpp"

namespace engine::analysis {

Share wilson(u64 hits, u64 trials) {
  ENSURE(hits <= trials, "no more hits than trials");
  if (trials == 0) return {};
  constexpr double z = 1.959963984540054;  // of the normal distribution, 2.5 % on either side
  const double n = double(trials), p = double(hits) / n;
  const double centre = p + z * z / (2 * n),
               spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // At p = 0 and p = 1 the bound is exact; rounding must not move it past.
  return {p, hits == 0 ? 0 : (centre - spread) / scale,
          hits == trials ? 1 : (centre + spread) / scale};
}

Confusion::Confusion(int classes)
    : classes_(classes), counts_(std::size_t(classes) * std::size_t(classes)) {
  ENSURE(classes >= 1, "at least one class");
}

void Confusion::add(int truth, int predicted) {
  ENSURE(truth >= 0 && truth < classes_ && predicted >= 0 && predicted < classes_,
         "a class of the matrix");
  ++counts_[std::size_t(truth) * std::size_t(classes_) + std::size_t(predicted)];
  ++total_;
  if (truth == predicted) ++correct_;
}

u32 Confusion::at(int truth, int predicted) const {
  ENSURE(truth >= 0 && truth < classes_ && predicted >= 0 && predicted < classes_,
         "a class of the matrix");
  return counts_[std::size_t(truth) * std::size_t(classes_) + std::size_t(predicted)];
}

u64 Confusion::of_class(int truth) const {
  u64 sum = 0;
  for (int predicted = 0; predicted < classes_; ++predicted) sum += at(truth, predicted);
  return sum;
}

Share Confusion::recall(int truth) const { return wilson(at(truth, truth), of_class(truth)); }

Share Confusion::precision(int predicted) const {
  u64 sum = 0;
  for (int truth = 0; truth < classes_; ++truth) sum += at(truth, predicted);
  return wilson(at(predicted, predicted), sum);
}

}  // namespace engine::analysis
