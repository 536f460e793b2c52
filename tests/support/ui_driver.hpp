// Uses the interface without a screen: frames of Dear ImGui without a renderer, a mouse and keys
// that act on controls by their labels, as ui/app/items.hpp lists them. For a single panel:
// frame(draw). For the whole page: PageDriver.
#pragma once
#include <functional>
#include <string_view>

#include "engine/session/session.hpp"
#include "ui/app/app.hpp"
#include "ui/app/items.hpp"

namespace test {

class UiDriver {
 public:
  explicit UiDriver(ImVec2 size = {1440, 900});
  ~UiDriver();
  UiDriver(const UiDriver&) = delete;
  UiDriver& operator=(const UiDriver&) = delete;

  // What each frame draws, inside one window that fills the screen unless `bare`.
  void show(std::function<void()> draw, bool bare = false);
  void frame(int count = 1);

  // Moves there, presses and releases, each in frames of its own. False when no visible, enabled
  // control has the label.
  bool click(std::string_view label);
  bool drag(std::string_view label, ImVec2 from, ImVec2 to,
            int steps = 8);  // places as shares of its rectangle
  void key(ImGuiKey key);
  void type(const char* text);
  void resize(ImVec2 size);

  const ui::Item* find(std::string_view label) const { return items_.find(label); }
  const std::vector<ui::Item>& items() const { return items_.items(); }
  std::string items_json() const { return items_.json(); }

  // Called with each move and press of the mouse, before ImGui's frame: for what listens to
  // pointers itself.
  std::function<void(ui::PointerSample)> on_pointer;

 private:
  void point(ui::PointerSample::Phase phase, ImVec2 at);

  ImGuiContext* context_ = nullptr;
  ui::ItemCollector items_;
  std::function<void()> draw_;
  bool bare_ = false;
};

// The whole page with two real sessions in this process.
class PageDriver {
 public:
  explicit PageDriver(ImVec2 size = {1440, 900}, engine::u32 seed = 7);  // of the page's own dice

  // One frame: the worker's session works a little, then update and draw.
  void frame(int count = 1);
  // Frames until `done`, at most `most`; whether it came true.
  bool until(const std::function<bool(const ui::Model&)>& done, int most = 2000);
  std::string command(std::string_view json);

  const ui::Model& model() const { return app.workshop().model; }

  UiDriver ui;
  ui::Link local, worker;
  engine::session::Session local_session, worker_session;
  ui::App app;
  double now = 0;
};

}  // namespace test
