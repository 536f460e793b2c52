// Part 1 of the lab: pick two digits and a small network, train it, see and take both pictures. Two
// columns from 640 px on; below that, two tabs.
#pragma once
#include <array>

#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// All that the panel remembers between frames.
struct LabPanel {
  Editing editing;
  int tab = 0;                            // on a narrow screen: 0 settings, 1 result
  std::array<ImTextureID, 2> pictures{};  // given by the app; null where there is no screen
};

void draw_lab(LabPanel& panel, const Model& model, Actions& out);

// "Epoch 3 of 20 · 12 s left"
std::string lab_progress_text(const LabView& lab);

}  // namespace ui
