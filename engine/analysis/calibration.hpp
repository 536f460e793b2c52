// Whether a classifier is as often right as it claims to be.
#pragma once
#include <array>

#include "engine/core/types.hpp"

namespace engine::analysis {

// The expected calibration error (Guo et al. 2017, 'On calibration of modern neural networks'):
// predictions are sorted by confidence into equal bins of (0, 1]; in each, the share that is right
// is compared with the mean confidence, and the differences are averaged by how many are in a bin.
class Calibration {
 public:
  static constexpr int kBins = 15;

  void add(double confidence, bool right);  // the probability of the class that was chosen, 0..1

  double error() const;  // 0..1; 0 when nothing was added

 private:
  struct Bin {
    u64 count = 0, right = 0;
    double confidence = 0;  // sum
  };
  std::array<Bin, kBins> bins_{};
  u64 total_ = 0;
};

}  // namespace engine::analysis
