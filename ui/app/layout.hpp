// Where everything is. One window, as large as the canvas; no floating parts.
//   wide (two columns):  bar / drawing | tabs Build, Train, Look, Lab / training status
//   narrow (phones):     bar / one page / status while training / the five pages as a bar
#pragma once
#include "ui/panels/bar.hpp"
#include "ui/panels/build.hpp"
#include "ui/panels/draw.hpp"
#include "ui/panels/help.hpp"
#include "ui/panels/lab.hpp"
#include "ui/panels/look.hpp"
#include "ui/panels/status.hpp"
#include "ui/panels/toasts.hpp"
#include "ui/panels/train.hpp"

namespace ui {

// The memory of all panels.
struct Panels {
  DrawPanel draw;
  BuildPanel build;
  TrainPanel train;
  LookPanel look;
  LabPanel lab;
  Page side = Page::build;  // the tab of the right column; the drawing is always beside it
};

inline constexpr f32 kLeastWideWidth = 860;

void draw_page(Panels& panels, const Model& model, ImVec2 size, Actions& out);

}  // namespace ui
