// The strip that always says how training stands: state, progress, figures, time left, and its
// buttons.
#pragma once
#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

inline constexpr f32 kStatusHeight = 56;

// Fills a region of kStatusHeight. `narrow`: state, progress and buttons only. `buttons` false: the
// training page is beside it and has them.
void draw_status(const Model& model, bool narrow, bool buttons, Actions& out);

}  // namespace ui
