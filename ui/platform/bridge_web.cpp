// The second list of bridge.hpp: calls of Module.host. Views of wasm memory are only valid during
// the call; the page copies what it keeps.
#include <emscripten.h>

#include "ui/platform/bridge.hpp"

// clang-format off
EM_JS(void, host_post, (const void* at, int size), { Module['host']['post'](HEAPU8.slice(at, at + size)); });
EM_JS(void, host_download, (const char* name, int length, const void* at, int size), {
  Module['host']['download'](UTF8ToString(name, length), HEAPU8.slice(at, at + size));
});
EM_JS(void, host_open_file, (const char* accept, int length), { Module['host']['openFile'](UTF8ToString(accept, length)); });
EM_JS(void, host_announce, (const char* text, int length, int urgent), {
  Module['host']['announce'](UTF8ToString(text, length), urgent !== 0);
});
EM_JS(void, host_store, (const char* key, int length, const void* at, int size), {
  Module['host']['store'](UTF8ToString(key, length), HEAPU8.slice(at, at + size));
});
EM_JS(void, host_load, (const char* key, int length), { Module['host']['load'](UTF8ToString(key, length)); });
EM_JS(void, host_list, (const char* prefix, int length), { Module['host']['list'](UTF8ToString(prefix, length)); });
EM_JS(void, host_fetch, (const char* name, int length), { Module['host']['fetch'](UTF8ToString(name, length)); });
EM_JS(void, host_copy_text, (const char* text, int length), { Module['host']['copyText'](UTF8ToString(text, length)); });
EM_JS(void, host_wake, (), { Module['host']['wake'](); });
EM_JS(void, host_training, (int running), { Module['host']['training'](running !== 0); });
EM_JS(double, browser_tab, (), {
  try {
    let tab = Number(sessionStorage.getItem('atelier.tab'));
    if (!tab) {
      tab = 1 + Math.floor(Math.random() * 0xfffffffe);
      sessionStorage.setItem('atelier.tab', String(tab));
    }
    return tab;
  } catch (error) {
    return 0; // storage is forbidden here
  }
});
// clang-format on

namespace ui::platform {
namespace {

int length(std::string_view text) { return static_cast<int>(text.size()); }
int length(std::span<const std::byte> bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

void post(std::span<const std::byte> message) { host_post(message.data(), length(message)); }
void download(std::string_view name, std::span<const std::byte> bytes) {
  host_download(name.data(), length(name), bytes.data(), length(bytes));
}
void open_file(std::string_view accept) { host_open_file(accept.data(), length(accept)); }
void announce(std::string_view text, bool urgent) {
  host_announce(text.data(), length(text), urgent ? 1 : 0);
}
void store(std::string_view key, std::span<const std::byte> bytes) {
  host_store(key.data(), length(key), bytes.data(), length(bytes));
}
engine::u32 tab() { return static_cast<engine::u32>(browser_tab()); }
void load(std::string_view key) { host_load(key.data(), length(key)); }
void list(std::string_view prefix) { host_list(prefix.data(), length(prefix)); }
void fetch(std::string_view name) { host_fetch(name.data(), length(name)); }
void copy_text(std::string_view text) { host_copy_text(text.data(), length(text)); }
void wake() { host_wake(); }
void training(bool running) { host_training(running ? 1 : 0); }

}  // namespace ui::platform
