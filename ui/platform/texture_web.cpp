#include <GLES3/gl3.h>

#include <vector>

#include "ui/platform/texture.hpp"

namespace ui::platform {
Texture::~Texture() {
  const GLuint name = texture_name(id_);
  if (name) glDeleteTextures(1, &name);
}

void Texture::show(std::span<const engine::u8> grey, int width, int height) {
  if (width <= 0 || height <= 0 || grey.size() != std::size_t(width) * std::size_t(height)) return;
  GLuint name = texture_name(id_);
  if (!name) {
    glGenTextures(1, &name);
    width_ = height_ = 0;
  }
  // WebGL has no swizzle: the grey value goes into all three channels.
  std::vector<std::uint32_t> rgba(grey.size());
  for (std::size_t i = 0; i < grey.size(); ++i) rgba[i] = grey[i] * 0x010101u | 0xff000000u;
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
  id_ = texture_id(name, ++version_);
}

void Texture::show_rgb(std::span<const engine::u8> rgb, int width, int height) {
  if (width <= 0 || height <= 0 || rgb.size() != std::size_t(width) * std::size_t(height) * 3)
    return;
  GLuint name = texture_name(id_);
  if (!name) glGenTextures(1, &name);
  glBindTexture(GL_TEXTURE_2D, name);
  for (const GLenum key : {GLenum{GL_TEXTURE_WRAP_S}, GLenum{GL_TEXTURE_WRAP_T}})
    glTexParameteri(GL_TEXTURE_2D, key, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB, width, height, 0, GL_RGB, GL_UNSIGNED_BYTE, rgb.data());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glGenerateMipmap(GL_TEXTURE_2D);
  width_ = height_ = 0;  // a grey picture after it is made anew
  id_ = texture_id(name, ++version_);
}

void Texture::forget() {
  id_ = nullptr;
  width_ = height_ = 0;
}

}  // namespace ui::platform
