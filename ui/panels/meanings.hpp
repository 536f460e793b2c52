// What the settings mean. A mouse reads it in their tooltips; a finger has none and finds it in the
// help page.
#pragma once
#include <string>
#include <vector>

namespace ui {

struct Meaning {
  std::string label, help;  // as in the panel and in its tooltip
};
struct MeaningGroup {
  const char* title;
  std::vector<Meaning> rows;
};
std::vector<MeaningGroup> meanings();

}  // namespace ui
