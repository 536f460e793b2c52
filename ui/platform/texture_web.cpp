#include <GLES3/gl3.h>

#include <cstdint>
#include <vector>

#include "ui/platform/texture.hpp"

namespace ui::platform {
namespace {

GLuint name_of(ImTextureID id) { return static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(id)); }

}  // namespace

Texture::~Texture() {
  const GLuint name = name_of(id_);
  if (name) glDeleteTextures(1, &name);
}

void Texture::show(std::span<const engine::u8> grey, int width, int height) {
  if (width <= 0 || height <= 0 || grey.size() != std::size_t(width) * std::size_t(height)) return;
  GLuint name = name_of(id_);
  if (!name) {
    glGenTextures(1, &name);
    id_ = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(name));
    width_ = height_ = 0;
  }
  // WebGL has no swizzle: the grey value goes into all three channels.
  std::vector<std::uint32_t> rgba(grey.size());
  for (std::size_t i = 0; i < grey.size(); ++i) rgba[i] = grey[i] * 0x010101u | 0xff000000u;
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glBindTexture(GL_TEXTURE_2D, name);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  if (width != width_ || height != height_) {
    for (const GLenum key : {GLenum{GL_TEXTURE_WRAP_S}, GLenum{GL_TEXTURE_WRAP_T}})
      glTexParameteri(GL_TEXTURE_2D, key, GL_CLAMP_TO_EDGE);
    for (const GLenum key : {GLenum{GL_TEXTURE_MIN_FILTER}, GLenum{GL_TEXTURE_MAG_FILTER}})
      glTexParameteri(GL_TEXTURE_2D, key, GL_LINEAR);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 rgba.data());
    width_ = width;
    height_ = height;
  } else {
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  }
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

void Texture::forget() {
  id_ = nullptr;
  width_ = height_ = 0;
}

}  // namespace ui::platform
