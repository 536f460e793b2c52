// Short messages at the foot of the window. The oldest can be dismissed; all go by themselves.
#pragma once
#include "ui/app/actions.hpp"

namespace ui {

// Above `bottom` (CSS pixels from the top), the newest lowest.
void draw_toasts(const Model& model, f32 bottom, Actions& out);

}  // namespace ui
