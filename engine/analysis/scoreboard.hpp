// The lab's challenge: places and points from what each submission answered on the same images.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/confusion.hpp"
#include "engine/core/types.hpp"

namespace engine::analysis {

struct Entry {
  std::string name;
  std::vector<u8> answers;  // one for each image
};

struct Ranked {
  std::size_t entry = 0;  // index of the Entry
  u64 correct = 0;
  Share accuracy;
  int place = 0;  // equal numbers of correct answers share a place: 1, 2, 2, 4
  int points = 0;
  double versus_above = 1;  // mcnemar() against the first entry of the next better place
  bool tied_above = false;  // that difference may be luck: versus_above >= kTie
  std::optional<double> versus_baseline;
};

inline constexpr double kTie = 0.05;

// 16, 14, 12, 10 points for places 1 to 4, 8 for the others above the baseline, 0 for all who are
// not above it. Without a baseline everybody counts as above. Best first; equals by name.
std::vector<Ranked> rank(std::span<const Entry> entries, std::span<const u8> truth,
                         const Entry* baseline);

}  // namespace engine::analysis
