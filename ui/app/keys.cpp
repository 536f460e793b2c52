#include "ui/app/keys.hpp"

#include <algorithm>
#include <utility>

namespace ui {
namespace {

using engine::protocol::Phase;

constexpr std::pair<std::string_view, ImGuiKey> kNamed[] = {{"ArrowLeft", ImGuiKey_LeftArrow},
                                                            {"ArrowRight", ImGuiKey_RightArrow},
                                                            {"ArrowUp", ImGuiKey_UpArrow},
                                                            {"ArrowDown", ImGuiKey_DownArrow},
                                                            {"PageUp", ImGuiKey_PageUp},
                                                            {"PageDown", ImGuiKey_PageDown},
                                                            {"Home", ImGuiKey_Home},
                                                            {"End", ImGuiKey_End},
                                                            {"Insert", ImGuiKey_Insert},
                                                            {"Delete", ImGuiKey_Delete},
                                                            {"Backspace", ImGuiKey_Backspace},
                                                            {" ", ImGuiKey_Space},
                                                            {"Enter", ImGuiKey_Enter},
                                                            {"Escape", ImGuiKey_Escape},
                                                            {"Tab", ImGuiKey_Tab},
                                                            {"Control", ImGuiKey_LeftCtrl},
                                                            {"Meta", ImGuiKey_LeftCtrl},
                                                            {"Shift", ImGuiKey_LeftShift},
                                                            {"Alt", ImGuiKey_LeftAlt}};

char lower(std::string_view key) {
  if (key.size() != 1) return 0;
  return key[0] >= 'A' && key[0] <= 'Z' ? static_cast<char>(key[0] - 'A' + 'a') : key[0];
}

Shortcut doing(Action action) { return {true, std::move(action)}; }
Shortcut done() { return {true, std::nullopt}; }

Shortcut with_control(char key, bool shift) {
  switch (key) {
    case 'z':
      return shift ? doing(Redo{}) : doing(Undo{});
    case 'y':
      return doing(Redo{});
    case 's':
      return doing(DownloadWeights{});
    case 'o':
      return doing(OpenFile{});
    default:
      return {};
  }
}

Action start_or_pause(const Model& model) {
  if (model.training.phase == Phase::running) return PauseTraining{};
  if (model.training.phase == Phase::paused) return ResumeTraining{};
  return StartTraining{};
}

}  // namespace

ImGuiKey imgui_key(std::string_view key) {
  for (const auto& [name, value] : kNamed) {
    if (name == key) return value;
  }
  const char c = lower(key);
  if (c >= 'a' && c <= 'z') return static_cast<ImGuiKey>(ImGuiKey_A + (c - 'a'));
  if (c >= '0' && c <= '9') return static_cast<ImGuiKey>(ImGuiKey_0 + (c - '0'));
  return ImGuiKey_None;
}

Shortcut shortcut_of(const KeyPress& press, const Model& model, Focus focus, DrawPanel& draw) {
  if (press.alt) return {};
  const char key = lower(press.key);
  if (press.control) return with_control(key, press.shift);
  if (press.key == "Escape" && model.help_open) return doing(ToggleHelp{});
  if (press.key == "Delete") {  // it belongs to what has the focus, a layer perhaps
    const bool seen = draw.reach_low.x < draw.reach_high.x;
    return seen && !focus.walking && !focus.layer ? doing(ClearDrawing{}) : Shortcut{};
  }
  const auto sized = [&](f32 factor) {
    draw.radius = std::clamp(draw.radius * factor, 0.008f, 0.12f);
    return done();
  };
  const auto tool = [&](Tool chosen) {
    draw.tool = chosen;
    return done();
  };
  switch (key) {
    case ' ':
      return focus.walking ? Shortcut{} : doing(start_or_pause(model));
    case '?':
      return doing(ToggleHelp{});
    case 'r':
      return doing(RandomTestImage{});
    case 'b':
      return tool(Tool::brush);
    case 'e':
      return tool(Tool::eraser);
    case 'f':
      return tool(Tool::fill);
    case '[':
      return sized(1 / 1.15f);
    case ']':
      return sized(1.15f);
    case '1':
      return doing(ShowPage{Page::draw});
    case '2':
      return doing(ShowPage{Page::build});
    case '3':
      return doing(ShowPage{Page::train});
    case '4':
      return doing(ShowPage{Page::look});
    case '5':
      return doing(ShowPage{Page::lab});
    default:
      return {};
  }
}

}  // namespace ui
