// What a classifier got right and wrong: counts of (true class, predicted class), and what follows
// from them.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::analysis {

// A share in [0, 1] with the bounds of its confidence interval.
struct Share {
  double value = 0, low = 0, high = 1;
};

// The 95 % interval of Wilson (1927) for `hits` out of `trials`: unlike value +- 1.96 sigma it
// stays inside [0, 1] and holds for few trials. No trials: value 0 in [0, 1].
Share wilson(u64 hits, u64 trials);

class Confusion {
 public:
  explicit Confusion(int classes);  // >= 1

  void add(int truth, int predicted);  // both in [0, classes)

  int classes() const { return classes_; }
  u32 at(int truth, int predicted) const;
  u64 total() const { return total_; }
  u64 correct() const { return correct_; }
  Share accuracy() const { return wilson(correct_, total_); }
  u64 of_class(int truth) const;         // samples whose true class this is
  Share recall(int truth) const;         // of them, those recognised
  Share precision(int predicted) const;  // of those taken for this class, those that are
  std::span<const u32> counts() const { return counts_; }  // (classes, classes), row: true class

 private:
  int classes_;
  u64 total_ = 0, correct_ = 0;
  std::vector<u32> counts_;
};

}  // namespace engine::analysis
