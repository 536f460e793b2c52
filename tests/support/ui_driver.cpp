#include "tests/support/ui_driver.hpp"

#include "imgui_internal.h"
#include "tests/support/toy_digits.hpp"
#include "ui/look/theme.hpp"
#include "ui/platform/bridge_native.hpp"

namespace test {

using Phase = ui::PointerSample::Phase;

UiDriver::UiDriver(ImVec2 size) : context_(ImGui::CreateContext()) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.DisplaySize = size;
  io.DeltaTime = 1.0f / 60;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  ui::look::use_coarse_pointer(false);
  ui::look::use_reduced_motion(true);
  ui::look::build_fonts({}, 1);
  ui::look::apply_theme();
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  items_.attach(context_);
}

UiDriver::~UiDriver() { ImGui::DestroyContext(context_); }

void UiDriver::show(std::function<void()> draw, bool bare) {
  draw_ = std::move(draw);
  bare_ = bare;
}

void UiDriver::frame(int count) {
  for (int i = 0; i < count; ++i) {
    ImGui::NewFrame();
    items_.begin_frame();
    if (!bare_) {
      ImGui::SetNextWindowPos({0, 0});
      ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
      ImGui::Begin("Test", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    }
    if (draw_) draw_();
    if (!bare_) ImGui::End();
    ImGui::Render();
  }
}

void UiDriver::point(Phase phase, ImVec2 at) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(at.x, at.y);
  if (phase == Phase::down || phase == Phase::up) io.AddMouseButtonEvent(0, phase == Phase::down);
  if (on_pointer) on_pointer({.phase = phase, .x = at.x, .y = at.y});
  frame();
}

bool UiDriver::click(std::string_view label) { return drag(label, {0.5f, 0.5f}, {0.5f, 0.5f}, 1); }

bool UiDriver::drag(std::string_view label, ImVec2 from, ImVec2 to, int steps) {
  frame(2);  // sizes that follow from the frame before have settled
  const ui::Item* item = items_.find(label);
  if (!item || !item->enabled) return false;
  const ImVec2 low = item->low, size{item->high.x - low.x, item->high.y - low.y};
  const auto at = [&](float t) {
    return ImVec2{low.x + size.x * (from.x + t * (to.x - from.x)),
                  low.y + size.y * (from.y + t * (to.y - from.y))};
  };
  point(Phase::move, at(0));
  frame();
  point(Phase::down, at(0));
  for (int i = 1; i <= steps; ++i)
    point(Phase::move, at(static_cast<float>(i) / static_cast<float>(steps)));
  point(Phase::up, at(1));
  frame(2);
  return true;
}

void UiDriver::key(ImGuiKey key) {
  ImGui::GetIO().AddKeyEvent(key, true);
  frame();
  ImGui::GetIO().AddKeyEvent(key, false);
  frame();
}

void UiDriver::type(const char* text) {
  ImGui::GetIO().AddInputCharactersUTF8(text);
  frame(2);
}

void UiDriver::resize(ImVec2 size) {
  ImGui::GetIO().DisplaySize = size;
  frame(3);
}

PageDriver::PageDriver(ImVec2 size, engine::u32 seed)
    : ui(size),
      local_session([this](std::span<const std::byte> event) { local.arrived(event); }),
      worker_session([this](std::span<const std::byte> event) { worker.arrived(event); },
                     toy_lab()),
      app(local, worker, seed) {
  ui::platform::asked() = {};
  local.connect([this](std::span<const std::byte> command) { local_session.receive(command); });
  worker.connect([this](std::span<const std::byte> command) { worker_session.receive(command); });
  ui.on_pointer = [this](ui::PointerSample sample) { app.pointer(sample); };
  ui.show(
      [this] {
        now += 16;
        app.update(now);
        app.draw(ImGui::GetIO().DisplaySize);
      },
      true);
}

void PageDriver::frame(int count) {
  for (int i = 0; i < count; ++i) {
    worker_session.tick(1);
    ui.frame();
  }
}

bool PageDriver::until(const std::function<bool(const ui::Model&)>& done, int most) {
  for (int i = 0; i < most; ++i) {
    if (done(model())) return true;
    frame();
  }
  return done(model());
}

std::string PageDriver::command(std::string_view json) {
  const std::string problem = app.command(json);
  frame(2);
  return problem;
}

}  // namespace test
