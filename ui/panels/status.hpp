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

// The state in one sentence: "Epoch 3 of 5, 0:42 left".
std::string status_sentence(const Model& model);

// "0:07", "12:30", "1:02:03"; a dash for what is not known.
std::string clock_text(f32 seconds);

}  // namespace ui
