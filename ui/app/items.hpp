// The controls of one frame, as data: what atelier_items() tells the page (tests, screen readers)
// and what the driver of the screenless tests clicks on. ImGui's own test hooks give id, label and
// rectangle of each item it draws; widgets add role, value and state with describe().
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"

namespace ui {

struct Item {
  ImGuiID id = 0;
  std::string label;  // what a user reads; for an icon button its tooltip's name
  std::string role;   // "button", "slider", "checkbox", "tab", "image", "canvas", ...
  std::string value;  // as shown: "0.001", "on", "Adam"
  ImVec2 low, high;   // rectangle in CSS pixels, clipped to what is visible
  bool enabled = true;
  bool selected = false;
};

// What a user reads of a label: without its "##suffix".
std::string_view visible_part(std::string_view label);

// Names the item submitted last. Call right after it; harmless when it is clipped away.
void describe(std::string_view label, std::string_view role, std::string_view value = {},
              bool selected = false);

// The collector lives in the ImGui context's user data, so that two contexts (tests) never mix.
class ItemCollector {
 public:
  void attach(ImGuiContext* context);  // of the current frame on; the collector must outlive the
                                       // context's frames
  void begin_frame();                  // forgets the frame before
  const std::vector<Item>& items() const { return items_; }
  const Item* find(std::string_view label) const;  // the first visible one, null when there is none
  std::string json() const;

  void add(ImGuiID id, ImVec2 low, ImVec2 high, bool enabled);
  void name(ImGuiID id, std::string_view label, std::string_view role, std::string_view value,
            bool selected);

 private:
  std::vector<Item> items_;
};

}  // namespace ui
