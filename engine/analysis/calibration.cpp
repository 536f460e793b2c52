#include "engine/analysis/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/check.hpp"

namespace engine::analysis {

void Calibration::add(double confidence, bool right) {
  ENSURE(confidence >= 0 && confidence <= 1, "a probability");
  const int bin = std::clamp(int(std::ceil(confidence * kBins)) - 1, 0, kBins - 1);
  Bin& into = bins_[std::size_t(bin)];
  ++into.count;
  into.right += right ? 1 : 0;
  into.confidence += confidence;
  ++total_;
}

double Calibration::error() const {
  double sum = 0;
  for (const Bin& bin : bins_) sum += std::abs(double(bin.right) - bin.confidence);
  return total_ == 0 ? 0 : sum / double(total_);
}

}  // namespace engine::analysis
