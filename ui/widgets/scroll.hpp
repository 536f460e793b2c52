// Scrolling with one finger, which ImGui does not have: drag anywhere that is not being drawn on,
// let go, and it runs on a little (not with reduced motion). begin_scroll() and end_scroll() of
// controls.hpp use it.
#pragma once

namespace ui {

// Inside a window: lets a finger move it. Call before its EndChild().
void scroll_by_finger();

// The finger that is down scrolls a window around the current one, or has just done so: what it
// pressed is not clicked.
bool finger_scrolls();

// The item before (the paper) is drawn on: a finger that presses it never scrolls.
void keep_finger();

// Something still runs on: another frame is wanted.
bool scroll_is_moving();

}  // namespace ui
