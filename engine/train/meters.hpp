// Running averages of a run. What is measured here is only shown, except the counts of correct
// answers: these choose the best epoch, and are whole numbers.
#pragma once
#include <algorithm>

#include "engine/core/types.hpp"

namespace engine::train {

// The mean loss and the share of correct answers over the samples added so far. Sums in double, in
// the order added; 0 when nothing was added.
struct Mean {
  double loss_sum = 0;
  u64 correct = 0, samples = 0;

  void add(f32 mean_loss, int correct_of_these, int n) {
    loss_sum += double(mean_loss) * n;
    correct += u64(correct_of_these);
    samples += u64(n);
  }
  f32 loss() const { return samples == 0 ? 0.0f : f32(loss_sum / double(samples)); }
  f32 accuracy() const { return samples == 0 ? 0.0f : f32(double(correct) / double(samples)); }
  bool operator==(const Mean&) const = default;
};

// Samples per second of work, smoothed: what is older than `kMemory` seconds of work hardly counts.
// Time in which no work is done (a pause, a hidden tab) is not to be added.
class Rate {
 public:
  static constexpr double kMemory = 2;

  void add(double samples, double seconds) {
    if (!(seconds >= 0)) return;
    const double keep = std::max(0.0, 1 - seconds / kMemory);
    samples_ = samples_ * keep + samples;
    seconds_ = seconds_ * keep + seconds;
  }
  double per_second() const { return seconds_ > 0 ? samples_ / seconds_ : 0; }  // 0: not known yet

 private:
  double samples_ = 0, seconds_ = 0;
};

}  // namespace engine::train
