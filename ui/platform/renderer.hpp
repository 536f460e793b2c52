// Paints frames with WebGL 2, and only what has changed since the one before: the canvas must keep
// its pixels (preserveDrawingBuffer). It asks the context nothing while it paints: each such
// question waits for all that was painted before.
#pragma once
#include "imgui.h"
#include "ui/platform/frame.hpp"

namespace ui::platform {

class Renderer {
 public:
  bool start();  // in a new context; false when it cannot be used
  void load_fonts();
  void paint(const ImDrawData& data, ImU32 ground);
  void repaint() { before_ = {}; }  // all of the next frame
  void forget();                    // the context is gone, and everything in it

 private:
  void add_area(const Area& area);

  struct Batch {
    ImTextureID texture;
    Area scissor;
    std::size_t first, count;  // indices
  };

  Frame before_, now_;
  std::vector<engine::u32> indices_;
  std::vector<Batch> batches_;
  unsigned program_ = 0, vertices_ = 0, elements_ = 0, fonts_ = 0;
  int to_clip_ = -1;
};

}  // namespace ui::platform
