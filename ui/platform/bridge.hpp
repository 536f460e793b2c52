// The border between the page's JavaScript and the ui module: everything that crosses it, both
// ways. JavaScript carries bytes, text and pointer coordinates; it reads no field of a message.
// main_web.cpp exports the first list, bridge_web.cpp implements the second list on the object that
// the page passes as Module.host, bridge_native.cpp is the same for tests (it remembers what was
// asked).
//
// Exported to JavaScript (extern "C", EMSCRIPTEN_KEEPALIVE; all strings UTF-8, NUL-terminated;
// coordinates CSS pixels):
//   u8*  atelier_alloc(u32 bytes)
//   void atelier_free(void*)
//   void atelier_asset(const char* name, u8* bytes, u32 size)
//       before start: "regular.ttf", "semibold.ttf", "icons.ttf", "weights.safetensors"; later the
//       answer to fetch(), of size 0 when the file could not be loaded
//   int  atelier_start(f32 width, f32 height, f32 pixel_ratio)
//       0, or 1: no WebGL2
//   int  atelier_frame(f64 milliseconds)
//       draws if needed; 1: wants the next frame soon (animation, pending input)
//   void atelier_resize(f32 width, f32 height, f32 pixel_ratio)
//   void atelier_pointer(int phase, int id, int type, f32 x, f32 y, f32 pressure, int buttons)
//       phase 0 move 1 down 2 up 3 cancel; type 0 mouse 1 touch 2 pen
//   void atelier_wheel(f32 dx, f32 dy)
//   int  atelier_key(int down, const char* key, int ctrl, int shift, int alt)
//       1: taken (then preventDefault)
//   void atelier_text(const char* utf8)
//       typed or pasted text
//   void atelier_receive(u8* bytes, u32 size)
//       a message of the worker
//   void atelier_worker(int event)
//       0 ready 1 died 2 restarted: it has all images again 3 gone: it died and stays away
//   void atelier_engine_info(const char* variant, int threads, int isolated, const char* why)
//   void atelier_data_problem(const char* sentence)
//       a chunk could not be loaded
//   void atelier_file(const char* name, u8* bytes, u32 size)
//       opened or dropped, not a picture
//   void atelier_picture(const char* name, u8* rgba, u32 width, u32 height)
//   void atelier_stored(const char* key, u8* bytes, u32 size)
//       answer to load(); size 0: nothing there
//   void atelier_listed(const char* keys)
//       answer to list(), one key a line
//   void atelier_preferences(int dark, int reduced_motion, int coarse_pointer)
//   void atelier_context_lost(int lost)
//       1 lost, 0 restored: every texture is made again
//   const char* atelier_do(const char* json)
//       "" or the sentence that says why not
//   const char* atelier_state()
//       JSON, valid until the next call
//   const char* atelier_items()
//       JSON list of the controls of the last frame
//   int  atelier_idle()
//       1: nothing pending, the last frame shows the current state
//   int  atelier_cursor()
//       0 arrow 1 text 2 hand 3 resize 4 crosshair 5 none
//   int  atelier_text_wanted()
//       1: a text or number is being edited (phones: show the keyboard)
#pragma once
#include <span>
#include <string_view>

#include "engine/core/types.hpp"

namespace ui::platform {

// Asked of the page; Module.host has a function of the same name in camelCase.
void post(std::span<const std::byte> message);  // to the worker; bytes are copied
void download(std::string_view name,
              std::span<const std::byte> bytes);    // offers a file to the user
void open_file(std::string_view accept);            // answer: atelier_file, atelier_picture
void announce(std::string_view text, bool urgent);  // aria-live
void store(std::string_view key,
           std::span<const std::byte> bytes);  // kept across reloads (IndexedDB)
// A number of this tab, the same after a reload; 0 when the browser keeps none. Asked of the
// browser itself.
engine::u32 tab();
void load(std::string_view key);        // answer: atelier_stored
void list(std::string_view prefix);     // of stored keys; answer: atelier_listed
void fetch(std::string_view name);      // a file of the site; answer: atelier_asset
void copy_text(std::string_view text);  // clipboard
void wake();                            // a frame is wanted
void training(bool running);            // keep awake, warn before closing

}  // namespace ui::platform
