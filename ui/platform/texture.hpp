// One picture on the graphics card, for what is too fine for draw lists: the paper, the lab's.
// After the context was lost forget() and show() make it again; the pixels stay the owner's.
#pragma once
#include <cstdint>
#include <span>

#include "engine/core/types.hpp"
#include "imgui.h"

namespace ui::platform {

// A texture's number in the context, with a version, so that a frame with other pixels differs
// (frame.hpp).
inline ImTextureID texture_id(engine::u32 name, engine::u32 version) {
  return reinterpret_cast<ImTextureID>(std::uintptr_t{name | version << 16});
}
inline engine::u32 texture_name(ImTextureID id) {
  return static_cast<engine::u32>(reinterpret_cast<std::uintptr_t>(id)) & 0xffffu;
}

class Texture {
 public:
  Texture() = default;
  ~Texture();
  Texture(const Texture&) = delete;
  Texture& operator=(const Texture&) = delete;

  void show(std::span<const engine::u8> grey, int width, int height);  // width * height values
  // RGB, width * height * 3 values; smooth at smaller sizes too.
  void show_rgb(std::span<const engine::u8> rgb, int width, int height);
  ImTextureID id() const { return id_; }  // null until show()
  void forget();                          // the context is gone, and the texture with it

 private:
  ImTextureID id_ = nullptr;
  int width_ = 0, height_ = 0;
  engine::u32 version_ = 0;
};

}  // namespace ui::platform
