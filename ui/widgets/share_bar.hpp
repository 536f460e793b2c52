// Parts of a whole as one bar with a legend: where the weights of a network sit.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/types.hpp"

namespace ui {

struct Share {
  std::string name;
  engine::u64 amount = 0;
};

// The largest `most` - 1 parts in descending order (ties: as given) and the rest as one named
// "others"; parts of 0 are left out. All of them when they fit.
std::vector<Share> largest_shares(std::span<const Share> shares, int most);

// A bar over the width that is left, parts in the given order, then a legend of name and per cent.
// Nothing when the whole is 0.
void share_bar(const char* label, std::span<const Share> shares);

}  // namespace ui
