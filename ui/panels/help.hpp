// The help page over everything else: what each page is for, and the keys.
#pragma once
#include "ui/app/actions.hpp"

namespace ui {

void draw_help(const Model& model, Actions& out);  // nothing unless model.help_open

}  // namespace ui
