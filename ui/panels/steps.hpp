// How a drawing becomes the 28 x 28 that the network sees: the steps of the one preprocessing, side
// by side.
#pragma once
#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

// All that the popup remembers between frames.
struct StepsPopup {
  bool shown = false;           // it was open in the last frame
  ImTextureID paper = nullptr;  // the drawing and its ink, made by the app
  ImTextureID ink = nullptr;
};

// Opens and closes with model.steps.open, beside the picture whose lower right corner is
// `side_high` where there is room.
void draw_steps(StepsPopup& popup, const Model& model, ImVec2 side_high, Actions& out);

}  // namespace ui
