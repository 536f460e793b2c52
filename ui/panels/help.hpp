// The help page over everything else: what each page is for, and the keys. And the toasts.
#pragma once
#include "ui/app/actions.hpp"

namespace ui {

void draw_help(const Model& model, Actions& out);  // nothing unless model.help_open

// Short messages at the foot of the window, above `bottom` (CSS pixels from the top).
void draw_toasts(const Model& model, f32 bottom, Actions& out);

}  // namespace ui
