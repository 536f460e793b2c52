#include "ui/platform/bridge_native.hpp"

#include "ui/platform/bridge.hpp"

namespace ui::platform {
namespace {

Asked remembered;

}  // namespace

Asked& asked() { return remembered; }

void post(std::span<const std::byte> message) {
  remembered.posted.emplace_back(message.begin(), message.end());
}
void download(std::string_view name, std::span<const std::byte> bytes) {
  remembered.downloads[std::string(name)].assign(bytes.begin(), bytes.end());
}
void open_file(std::string_view) { ++remembered.open_file; }
void announce(std::string_view text, bool urgent) {
  (urgent ? remembered.urgent : remembered.announced).emplace_back(text);
}
void store(std::string_view key, std::span<const std::byte> bytes) {
  remembered.stored[std::string(key)].assign(bytes.begin(), bytes.end());
}
engine::u32 tab() { return remembered.tab; }
void load(std::string_view key) { remembered.loads.emplace_back(key); }
void list(std::string_view prefix) { remembered.lists.emplace_back(prefix); }
void fetch(std::string_view name) { remembered.fetched.emplace_back(name); }
void copy_text(std::string_view text) { remembered.copied.emplace_back(text); }
void wake() { ++remembered.wakes; }
void training(bool running) { remembered.training = running; }

}  // namespace ui::platform
