// Whether two classifiers differ by more than luck, judged on the same images.
#pragma once
#include <span>

#include "engine/core/types.hpp"

namespace engine::analysis {

// McNemar's exact test (1947), two-sided: the probability that a fair coin gives a split at least
// as uneven as `a` to `b`, where `a` images were recognised only by the first classifier and `b`
// only by the second. 1 when a == b.
double mcnemar(u64 a, u64 b);

// The same from what each answered; all three have one entry for each image.
double mcnemar(std::span<const u8> first, std::span<const u8> second, std::span<const u8> truth);

}  // namespace engine::analysis
