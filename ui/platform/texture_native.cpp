// Without a graphics context (tests): nothing is drawn.
#include "ui/platform/texture.hpp"

namespace ui::platform {

Texture::~Texture() = default;

void Texture::show(std::span<const engine::u8>, int width, int height) {
  width_ = width;
  height_ = height;
  ++version_;
}

void Texture::show_rgb(std::span<const engine::u8>, int width, int height) {
  width_ = width;
  height_ = height;
  ++version_;
}

void Texture::forget() {
  id_ = nullptr;
  width_ = height_ = 0;
}

}  // namespace ui::platform
