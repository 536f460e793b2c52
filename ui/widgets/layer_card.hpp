// One layer of the network as a card: a grip to drag it by, a header that opens it, room below for
// its controls.
#pragma once
#include <string>

#include "imgui.h"

namespace ui {

// A rounded frame around whatever is drawn between begin() and end(), drawn behind it once its
// height is known. Width: all that is left. Frames may be nested; each needs its own object.
class CardFrame {
 public:
  void begin(float padding = 8);
  void end(ImU32 fill, ImU32 border, float border_width);
  ImVec2 low() const { return low_; }
  ImVec2 high() const { return high_; }  // after end()

 private:
  ImDrawListSplitter splitter_;
  ImVec2 low_, high_;
  float padding_ = 0;
};

// A column of a panel that scrolls by itself, as high as what is left. Always pair them.
bool begin_column(const char* id, float width);
void end_column();

// What comes between stands `by` pixels in from both sides. Always pair them.
void begin_inset(float by);
void end_inset(float by);

struct LayerHeader {
  std::string name;     // "conv1"
  std::string kind;     // "Convolution"
  std::string summary;  // "kernel 3 · stride 2"; may be empty
  std::string shape;    // of the output; empty when unknown
  std::string weights;  // "320 weights"; empty for none
  bool open = false, wrong = false, dimmed = false;
};
struct LayerHeaderResult {
  bool pressed = false;  // to open or close it
  bool grip_held = false;
  bool focused = false;  // by the keyboard
};
// One or two lines where the width allows, otherwise up to four: nothing is cut.
LayerHeaderResult layer_header(const LayerHeader& header);

// The line that leads from the card above to the one below, `height` pixels.
void flow_line(float height, bool dimmed);

// A button that is a small card: title, a figure at the right, a sentence below; one of several is
// selected. The height is that of its text in the given width; `height` > 0 makes neighbours equal.
bool choice_card(const char* title, const char* figure, const char* sentence, bool selected,
                 float width, float height = 0);
float choice_card_height(const char* sentence, float width);

}  // namespace ui
