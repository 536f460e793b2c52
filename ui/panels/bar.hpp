// The top bar: the name, which weights classify the drawing (a menu to change that), how the engine
// runs, theme, help.
#pragma once
#include "ui/app/actions.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

inline constexpr f32 kBarHeight = 56;

// Fills a region of kBarHeight. `narrow`: what does not fit on a phone goes into the menu.
void draw_bar(const Model& model, bool narrow, Actions& out);

}  // namespace ui
