// Keys: the page's shortcuts, and the keys that ImGui gets for moving among controls and for
// editing text.
#pragma once
#include <optional>
#include <string_view>

#include "imgui.h"
#include "ui/app/actions.hpp"
#include "ui/panels/draw.hpp"

namespace ui {

struct KeyPress {
  std::string_view key;  // as in KeyboardEvent.key: "z", "ArrowLeft", " "
  bool control = false;  // or Command
  bool shift = false, alt = false;
};

// ImGuiKey_None for keys that ImGui has no use for.
ImGuiKey imgui_key(std::string_view key);

// What has the focus.
struct Focus {
  bool walking = false;  // the keyboard moves among the controls: Space and Enter press this one
  bool layer = false;    // a layer's card: Delete removes it
};

// What a shortcut asks for; nothing when the key is none. Not to be asked while text is edited.
// Tools change in `draw` itself.
struct Shortcut {
  bool taken = false;
  std::optional<Action> action;
};
Shortcut shortcut_of(const KeyPress& press, const Model& model, Focus focus, DrawPanel& draw);

}  // namespace ui
