// The finished runs, newest first: a table where it fits, cards otherwise.
#pragma once
#include "ui/app/actions.hpp"

namespace ui {

void draw_runs(const Model& model, Actions& out);

}  // namespace ui
