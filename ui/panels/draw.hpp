// The paper, its tools, and what the network makes of the drawing: the 28x28 that it sees, the
// winner, ten bars.
#pragma once
#include "ui/app/actions.hpp"
#include "ui/panels/steps.hpp"
#include "ui/widgets/controls.hpp"

namespace ui {

enum class Tool { brush, eraser, fill };

// One report of a mouse, finger or pen, in CSS pixels of the window. Finer than ImGui's mouse,
// which knows one place a frame and no pressure.
struct PointerSample {
  enum class Phase { move, down, up, cancel } phase = Phase::move;
  enum class Type { mouse, touch, pen } type = Type::mouse;
  int id = 0;
  f32 x = 0, y = 0, pressure = 1;
  int buttons = 1;  // as in PointerEvent: 1 left or touch, 2 right, 32 the pen's eraser
};

// All that the panel remembers between frames.
struct DrawPanel {
  Tool tool = Tool::brush;
  f32 radius = 0.035f;  // of the brush, as a share of the paper
  f32 ink = 1;          // grey level, 1 is white
  Editing editing;
  bool drawing = false;  // a stroke is under way ...
  int pointer = 0;       // ... of this pointer
  Stroke live;
  f32 scroll_x = 0;
  // The paper in the last frame, and the part of it that can be reached; empty: hidden or covered.
  ImVec2 paper_low, reach_low, reach_high;
  f32 paper_side = 0;
  ImTextureID paper = nullptr;  // its picture, made by the app
  StepsPopup steps;
};

// Takes what happens on the paper; true when the sample belongs to a stroke.
bool take_pointer(DrawPanel& panel, const PointerSample& sample, Actions& out);

// Fills the current region. `tall`: tools above the paper and everything scrolls (phones);
// otherwise tools beside it, and the height of the region decides the paper's size.
void draw_drawing(DrawPanel& panel, const Model& model, bool tall, Actions& out);

// The width that the not-tall panel wants for a region of this height.
f32 drawing_width(f32 height);

}  // namespace ui
