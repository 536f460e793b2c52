// What the weights in use get wrong on the test images: how often each class is taken for each
// other one, and the images. Scrolls inside the current region; two columns from 640 px on.
#pragma once
#include <vector>

#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// Test images of class `label` that are taken for class `answer`.
struct MistakenPair {
  int label = 0, answer = 0;
  u32 count = 0;
  bool operator==(const MistakenPair&) const = default;
};

// All that the panel remembers between frames: the pair whose images are shown. -1: the user has
// chosen none, and it is the most frequent one.
struct MistakesPanel {
  int label = -1, answer = -1;
};

void draw_mistakes(MistakesPanel& panel, const Model& model, Actions& out);

// The pairs that occur, the most frequent first, of equals in the order of the classes.
std::vector<MistakenPair> frequent_pairs(const MistakesView& view);

}  // namespace ui
