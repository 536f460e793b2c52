// The composition root in the page: SDL2's window with a WebGL2 context on #canvas, two links, the
// App, and the functions that JavaScript calls (ui/platform/bridge.hpp). Input comes from the page,
// not from SDL, whose own handlers would swallow the browser's keys and know neither pressure nor
// coalesced points.
#include <SDL.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "engine/session/session.hpp"
#include "imgui.h"
#include "ui/app/app.hpp"
#include "ui/app/items.hpp"
#include "ui/app/pictures.hpp"
#include "ui/look/theme.hpp"
#include "ui/platform/bridge.hpp"
#include "ui/platform/renderer.hpp"

namespace ui {
namespace {

using PointerPhase = PointerSample::Phase;

constexpr std::size_t kMostWaiting =
    32;                          // events of the worker while no frame is drawn (a hidden tab)
constexpr f32 kWheelStep = 100;  // CSS pixels of one notch, which ImGui counts as 1

// All there is, made by atelier_start() or, for assets, before.
struct Stage {
  std::map<std::string, Bytes> assets;  // fonts are used in place by ImGui's atlas
  Link local, worker;
  std::unique_ptr<engine::session::Session> session;
  std::unique_ptr<App> app;
  ItemCollector items;
  SDL_Window* window = nullptr;
  SDL_GLContext context = nullptr;
  platform::Renderer renderer;
  f32 width = 1, height = 1, ratio = 1, fonts_ratio = 0;
  f64 last_frame = 0;
  bool lost = false, drawn = false;
  std::size_t waiting = 0;
  int finger = -1;  // the one that acts as ImGui's mouse
  std::string answer, clipboard;
  FrameTimes times;
};

Stage& stage() {
  static Stage the_stage;  // JavaScript's calls carry no handle
  return the_stage;
}

// ---- Screen -------------------------------------------------------------------------------------

bool make_window(Stage& p) {
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, "#canvas");
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_ASYNCIFY, "0");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) return false;
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  p.window =
      SDL_CreateWindow("Atelier", 0, 0, static_cast<int>(p.width), static_cast<int>(p.height),
                       SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI);
  if (!p.window) return false;
  p.context = SDL_GL_CreateContext(p.window);
  // SDL's handlers of keys, mouse, wheel and fingers would keep events from the page: all are ours
  // (web/input.js).
  for (const Uint32 type : {SDL_KEYDOWN, SDL_KEYUP, SDL_TEXTINPUT, SDL_TEXTEDITING, SDL_MOUSEMOTION,
                            SDL_MOUSEBUTTONDOWN, SDL_MOUSEBUTTONUP, SDL_MOUSEWHEEL, SDL_FINGERDOWN,
                            SDL_FINGERUP, SDL_FINGERMOTION}) {
    SDL_EventState(type, SDL_IGNORE);
  }
  void* const none = nullptr;
  emscripten_set_keydown_callback("#canvas", none, false, nullptr);
  emscripten_set_keyup_callback("#canvas", none, false, nullptr);
  emscripten_set_keypress_callback("#canvas", none, false, nullptr);
  emscripten_set_wheel_callback("#canvas", none, false, nullptr);
  emscripten_set_mousedown_callback("#canvas", none, false, nullptr);
  emscripten_set_mousemove_callback("#canvas", none, false, nullptr);
  emscripten_set_mouseenter_callback("#canvas", none, false, nullptr);
  emscripten_set_mouseleave_callback("#canvas", none, false, nullptr);
  emscripten_set_mouseup_callback(EMSCRIPTEN_EVENT_TARGET_DOCUMENT, none, false, nullptr);
  emscripten_set_touchstart_callback("#canvas", none, false, nullptr);
  emscripten_set_touchend_callback("#canvas", none, false, nullptr);
  emscripten_set_touchmove_callback("#canvas", none, false, nullptr);
  emscripten_set_touchcancel_callback("#canvas", none, false, nullptr);
  return p.context != nullptr;
}

look::FontFiles font_files(const Stage& p) {
  const auto bytes = [&](const char* name) -> const Bytes* {
    const auto at = p.assets.find(name);
    return at == p.assets.end() ? nullptr : &at->second;
  };
  look::FontFiles files{};
  if (const Bytes* b = bytes("regular.ttf"))
    files.regular = b->data(), files.regular_size = static_cast<int>(b->size());
  if (const Bytes* b = bytes("semibold.ttf"))
    files.semibold = b->data(), files.semibold_size = static_cast<int>(b->size());
  if (const Bytes* b = bytes("icons.ttf"))
    files.icons = b->data(), files.icons_size = static_cast<int>(b->size());
  return files;
}

// Pixels of the canvas and of the letters follow the element's size and the screen's ratio.
void fit(Stage& p) {
  ImGuiIO& io = ImGui::GetIO();
  const int pixels_x = std::max(1, static_cast<int>(p.width * p.ratio)),
            pixels_y = std::max(1, static_cast<int>(p.height * p.ratio));
  int now_x = 0, now_y = 0;
  emscripten_get_canvas_element_size("#canvas", &now_x, &now_y);
  if (now_x != pixels_x || now_y != pixels_y) {
    emscripten_set_canvas_element_size("#canvas", pixels_x, pixels_y);
    p.renderer.repaint();  // a new size empties the canvas
  }
  io.DisplaySize = {p.width, p.height};
  io.DisplayFramebufferScale = {static_cast<f32>(pixels_x) / p.width,
                                static_cast<f32>(pixels_y) / p.height};
  if (p.fonts_ratio == p.ratio) return;
  p.fonts_ratio = p.ratio;
  look::build_fonts(font_files(p), p.ratio);
  if (!p.lost) p.renderer.load_fonts();
}

void make_imgui(Stage& p) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.ConfigInputTextCursorBlink = false;  // nothing is redrawn while nothing happens
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors | ImGuiBackendFlags_RendererHasVtxOffset;
  io.ClipboardUserData = &p;
  io.GetClipboardTextFn = [](void* data) -> const char* {
    return static_cast<Stage*>(data)->clipboard.c_str();
  };
  io.SetClipboardTextFn = [](void* data, const char* text) {
    static_cast<Stage*>(data)->clipboard = text;
    platform::copy_text(text);
  };
  look::apply_theme();
  p.items.attach(ImGui::GetCurrentContext());
}

void make_app(Stage& p) {
  p.session = std::make_unique<engine::session::Session>(
      [&p](std::span<const std::byte> event) { p.local.arrived(event); });
  p.local.connect([&p](std::span<const std::byte> command) { p.session->receive(command); });
  p.worker.connect([](std::span<const std::byte> command) { platform::post(command); });
  p.app = std::make_unique<App>(p.local, p.worker,
                                static_cast<u32>(emscripten_random() * 4294967040.0f));
  const auto weights = p.assets.find("weights.safetensors");
  p.app->start(weights == p.assets.end() ? Bytes() : weights->second);
}

// A tab or window that is left never hears of keys and fingers that are lifted elsewhere.
void release_input(Stage& p) {
  ImGuiIO& io = ImGui::GetIO();
  io.ClearInputKeys();
  io.AddMouseButtonEvent(0, false);
  io.AddMouseButtonEvent(1, false);
  if (p.finger >= 0) p.app->pointer({.phase = PointerPhase::cancel, .id = p.finger});
  p.finger = -1;
}

EM_BOOL on_visibility(int, const EmscriptenVisibilityChangeEvent* event, void*) {
  Stage& p = stage();
  if (!p.app) return EM_FALSE;
  if (event->hidden) release_input(p);
  p.app->hidden(event->hidden);
  return EM_FALSE;
}

EM_BOOL on_blur(int, const EmscriptenFocusEvent*, void*) {
  Stage& p = stage();
  if (!p.app) return EM_FALSE;
  release_input(p);
  p.app->touch();
  platform::wake();
  return EM_FALSE;
}

void draw_frame(Stage& p, f64 now) {
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = static_cast<f32>(std::clamp((now - p.last_frame) / 1000, 0.001, 0.1));
  p.last_frame = now;
  fit(p);
  ImGui::NewFrame();
  p.items.begin_frame();
  p.app->draw(io.DisplaySize);
  ImGui::Render();
  p.renderer.paint(*ImGui::GetDrawData(), look::palette().ground);
  p.drawn = true;
}

// ---- Input --------------------------------------------------------------------------------------

// ImGui's mouse: one pointer at a time; a finger leaves no hover behind.
void feed_mouse(Stage& p, const PointerSample& s) {
  ImGuiIO& io = ImGui::GetIO();
  const bool touch = s.type == PointerSample::Type::touch;
  if (p.finger >= 0 && s.id != p.finger) return;
  io.AddMouseSourceEvent(touch                                ? ImGuiMouseSource_TouchScreen
                         : s.type == PointerSample::Type::pen ? ImGuiMouseSource_Pen
                                                              : ImGuiMouseSource_Mouse);
  if (s.phase != PointerPhase::cancel) io.AddMousePosEvent(s.x, s.y);
  if (s.phase == PointerPhase::down) {
    p.finger = s.id;
    io.AddMouseButtonEvent((s.buttons & 2) ? 1 : 0, true);
  } else if (s.phase != PointerPhase::move) {
    p.finger = -1;
    io.AddMouseButtonEvent(0, false);
    io.AddMouseButtonEvent(1, false);
    if (touch) io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  }
}

int cursor_number() {
  switch (ImGui::GetMouseCursor()) {
    case ImGuiMouseCursor_None:
      return 5;
    case ImGuiMouseCursor_TextInput:
      return 1;
    case ImGuiMouseCursor_Hand:
      return 2;
    case ImGuiMouseCursor_ResizeEW:
      return 3;
    default:
      return 0;
  }
}

Bytes copied(const u8* bytes, u32 size) {
  const auto* from = reinterpret_cast<const std::byte*>(bytes);
  return {from, from + size};
}

}  // namespace
}  // namespace ui

// ---- What JavaScript calls ----------------------------------------------------------------------
using namespace ui;  // NOLINT(google-build-using-namespace): the functions below are the outer edge

extern "C" {

EMSCRIPTEN_KEEPALIVE u8* atelier_alloc(u32 bytes) { return static_cast<u8*>(std::malloc(bytes)); }
EMSCRIPTEN_KEEPALIVE void atelier_free(void* bytes) { std::free(bytes); }

EMSCRIPTEN_KEEPALIVE void atelier_asset(const char* name, u8* bytes, u32 size) {
  Stage& p = stage();
  if (p.app) return p.app->plain_arrived(copied(bytes, size));
  p.assets[name] = copied(bytes, size);
}

EMSCRIPTEN_KEEPALIVE int atelier_start(f32 width, f32 height, f32 pixel_ratio) {
  Stage& p = stage();
  p.width = std::max(1.0f, width);
  p.height = std::max(1.0f, height);
  p.ratio = std::clamp(pixel_ratio, 0.5f, 4.0f);
  if (!make_window(p) || !p.renderer.start()) return 1;
  make_imgui(p);
  make_app(p);
  emscripten_set_visibilitychange_callback(nullptr, false, on_visibility);
  EmscriptenVisibilityChangeEvent now{};  // a tab that is opened in the background tells no change
  if (emscripten_get_visibility_status(&now) == EMSCRIPTEN_RESULT_SUCCESS)
    p.app->hidden(now.hidden);
  emscripten_set_blur_callback(EMSCRIPTEN_EVENT_TARGET_WINDOW, nullptr, false, on_blur);
  return 0;
}

EMSCRIPTEN_KEEPALIVE int atelier_frame(f64 milliseconds) {
  Stage& p = stage();
  if (!p.app) return 0;
  const f64 begin = emscripten_get_now();
  p.app->update(milliseconds);
  p.waiting = 0;
  if (p.lost) return p.app->wants_time() ? 1 : 0;  // nothing is seen, but work is kept all the same
  if (p.app->wants_frame() || !p.drawn) {
    draw_frame(p, milliseconds);
    p.times.last_ms = static_cast<f32>(emscripten_get_now() - begin);
    p.times.max_ms = std::max(p.times.max_ms, p.times.last_ms);
    ++p.times.frames;
  }
  return p.app->wants_frame() || p.app->wants_time() ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE void atelier_resize(f32 width, f32 height, f32 pixel_ratio) {
  Stage& p = stage();
  p.width = std::max(1.0f, width);
  p.height = std::max(1.0f, height);
  p.ratio = std::clamp(pixel_ratio, 0.5f, 4.0f);
  if (p.app) p.app->touch();
}

EMSCRIPTEN_KEEPALIVE void atelier_pointer(int phase, int id, int type, f32 x, f32 y, f32 pressure,
                                          int buttons) {
  Stage& p = stage();
  if (!p.app || phase < 0 || phase > 3 || type < 0 || type > 2) return;
  const PointerSample sample{static_cast<PointerPhase>(phase),
                             static_cast<PointerSample::Type>(type),
                             id,
                             x,
                             y,
                             pressure,
                             buttons};
  feed_mouse(p, sample);
  p.app->pointer(sample);
}

EMSCRIPTEN_KEEPALIVE void atelier_wheel(f32 dx, f32 dy) {
  if (!stage().app) return;
  ImGui::GetIO().AddMouseWheelEvent(-dx / kWheelStep, -dy / kWheelStep);
  stage().app->touch();
}

EMSCRIPTEN_KEEPALIVE int atelier_key(int down, const char* key, int ctrl, int shift, int alt) {
  Stage& p = stage();
  if (!p.app) return 0;
  ImGuiIO& io = ImGui::GetIO();
  const bool editing = io.WantTextInput;
  if (down && p.app->key({key, ctrl != 0, shift != 0, alt != 0})) return 1;
  io.AddKeyEvent(ImGuiMod_Ctrl, ctrl != 0);
  io.AddKeyEvent(ImGuiMod_Shift, shift != 0);
  io.AddKeyEvent(ImGuiMod_Alt, false);  // alone it would open ImGui's menu layer
  const ImGuiKey known = imgui_key(key);
  if (known != ImGuiKey_None) io.AddKeyEvent(known, down != 0);
  p.app->touch();
  const bool walks =
      known >= ImGuiKey_LeftArrow && known <= ImGuiKey_Escape && known != ImGuiKey_Tab;
  return (editing || walks) && known != ImGuiKey_None ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE void atelier_text(const char* utf8) {
  if (!stage().app) return;
  ImGui::GetIO().AddInputCharactersUTF8(utf8);
  stage().app->touch();
}

EMSCRIPTEN_KEEPALIVE void atelier_receive(u8* bytes, u32 size) {
  Stage& p = stage();
  p.worker.arrived({reinterpret_cast<const std::byte*>(bytes), size});
  if (!p.app) return;
  p.app->touch(1);
  if (++p.waiting < kMostWaiting) return;
  p.waiting = 0;
  p.app->update(emscripten_get_now());
}

EMSCRIPTEN_KEEPALIVE void atelier_worker(int event) {
  if (stage().app && event >= 0 && event <= 3)
    stage().app->worker(static_cast<App::WorkerEvent>(event));
}

EMSCRIPTEN_KEEPALIVE void atelier_engine_info(const char* variant, int threads, int isolated,
                                              const char* why) {
  if (stage().app)
    stage().app->engine_info(variant, static_cast<u32>(std::max(1, threads)), isolated != 0, why);
}

EMSCRIPTEN_KEEPALIVE void atelier_data_problem(const char* sentence) {
  if (stage().app) stage().app->data_problem(sentence);
}

EMSCRIPTEN_KEEPALIVE void atelier_file(const char* name, u8* bytes, u32 size) {
  if (stage().app) stage().app->files_arrived(name, copied(bytes, size));
}

EMSCRIPTEN_KEEPALIVE void atelier_picture(const char* name, u8* rgba, u32 width, u32 height) {
  const int w = static_cast<int>(width), h = static_cast<int>(height);
  if (stage().app)
    stage().app->picture(name, grey_of({rgba, std::size_t(width) * height * 4}, w, h), w, h);
}

EMSCRIPTEN_KEEPALIVE void atelier_stored(const char* key, u8* bytes, u32 size) {
  if (stage().app) stage().app->stored(key, {reinterpret_cast<const std::byte*>(bytes), size});
}

EMSCRIPTEN_KEEPALIVE void atelier_listed(const char* keys) {
  if (stage().app) stage().app->listed(keys);
}

EMSCRIPTEN_KEEPALIVE void atelier_preferences(int dark, int reduced_motion, int coarse_pointer) {
  if (stage().app) stage().app->preferences(dark != 0, reduced_motion != 0, coarse_pointer != 0);
}

EMSCRIPTEN_KEEPALIVE void atelier_context_lost(int lost) {
  Stage& p = stage();
  if (!p.app) return;
  p.lost = lost != 0;
  p.app->context_lost();  // what was shown while there was no context is nowhere either
  if (p.lost) return p.renderer.forget();
  p.renderer.start();
  p.fonts_ratio = 0;
}

EMSCRIPTEN_KEEPALIVE const char* atelier_do(const char* json) {
  Stage& p = stage();
  p.answer = p.app ? p.app->command(json) : "The page has not started yet.";
  return p.answer.c_str();
}

EMSCRIPTEN_KEEPALIVE const char* atelier_state() {
  Stage& p = stage();
  p.answer = p.app ? p.app->state(p.times) : "{}";
  return p.answer.c_str();
}

EMSCRIPTEN_KEEPALIVE const char* atelier_items() {
  stage().answer = stage().items.json();
  return stage().answer.c_str();
}

EMSCRIPTEN_KEEPALIVE int atelier_idle() { return !stage().app || stage().app->idle() ? 1 : 0; }
EMSCRIPTEN_KEEPALIVE int atelier_cursor() { return stage().app ? cursor_number() : 0; }
EMSCRIPTEN_KEEPALIVE int atelier_text_wanted() {
  return stage().app && ImGui::GetIO().WantTextInput ? 1 : 0;
}

}  // extern "C"
