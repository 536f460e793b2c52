#include <GLES3/gl3.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "ui/platform/renderer.hpp"
#include "ui/platform/texture.hpp"

namespace ui::platform {
namespace {

constexpr const char* kVertexShader = R"(#version 300 es
uniform vec4 to_clip;  // scale, offset
layout(location = 0) in vec2 position;
layout(location = 1) in vec2 uv;
layout(location = 2) in vec4 colour;
out vec2 at;
out vec4 tint;
void main() {
  at = uv;
  tint = colour;
  gl_Position = vec4(position * to_clip.xy + to_clip.zw, 0, 1);
})";

constexpr const char* kFragmentShader = R"(#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 at;
in vec4 tint;
out vec4 colour;
void main() { colour = tint * texture(picture, at); })";

GLuint compiled(GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  return shader;
}

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

template <class T>
void upload(GLenum target, const std::vector<T>& values) {
  glBufferData(target, static_cast<GLsizeiptr>(values.size() * sizeof(T)), values.data(),
               GL_STREAM_DRAW);
}

}  // namespace

bool Renderer::start() {
  forget();
  program_ = glCreateProgram();
  glAttachShader(program_, compiled(GL_VERTEX_SHADER, kVertexShader));
  glAttachShader(program_, compiled(GL_FRAGMENT_SHADER, kFragmentShader));
  glLinkProgram(program_);
  GLint linked = 0;
  glGetProgramiv(program_, GL_LINK_STATUS, &linked);
  to_clip_ = glGetUniformLocation(program_, "to_clip");
  GLuint names[2] = {};
  glGenBuffers(2, names);
  vertices_ = names[0];
  elements_ = names[1];
  glUseProgram(program_);
  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glEnable(GL_SCISSOR_TEST);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, elements_);
  for (const GLuint place : {0u, 1u, 2u}) glEnableVertexAttribArray(place);
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, pos)));
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, uv)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride,
                        offset(offsetof(ImDrawVert, col)));
  return linked != 0;
}

void Renderer::load_fonts() {
  unsigned char* rgba = nullptr;
  int width = 0, height = 0;
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.GetTexDataAsRGBA32(&rgba, &width, &height);
  if (fonts_ == 0) glGenTextures(1, &fonts_);
  glBindTexture(GL_TEXTURE_2D, fonts_);
  for (const GLenum key : {GLenum{GL_TEXTURE_MIN_FILTER}, GLenum{GL_TEXTURE_MAG_FILTER}})
    glTexParameteri(GL_TEXTURE_2D, key, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
  atlas.SetTexID(texture_id(fonts_, 0));
  repaint();
}

// The triangles that touch the area, cut off at its edges.
void Renderer::add_area(const Area& area) {
  for (const Command& command : now_.commands) {
    const Area scissor = overlap(area, command.clip);
    if (scissor.empty()) continue;
    Batch batch{command.texture, scissor, indices_.size(), 0};
    for (std::size_t i = command.first; i < command.first + command.count; ++i) {
      const Triangle& t = now_.triangles[i];
      if (!overlap(t.box, scissor).empty())
        indices_.insert(indices_.end(), std::begin(t.corners), std::end(t.corners));
    }
    batch.count = indices_.size() - batch.first;
    if (batch.count > 0) batches_.push_back(batch);
  }
}

void Renderer::paint(const ImDrawData& data, ImU32 ground) {
  std::swap(before_, now_);
  flatten(data, now_);
  const std::vector<Area> areas = difference(before_, now_);
  if (areas.empty()) return;
  const auto scissor = [&](const Area& a) {
    glScissor(a.left, now_.height - a.bottom, a.right - a.left, a.bottom - a.top);
  };
  glViewport(0, 0, now_.width, now_.height);
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ground);
  glClearColor(colour.x, colour.y, colour.z, 1);
  indices_.clear();
  batches_.clear();
  for (const Area& area : areas) {
    scissor(area);
    glClear(GL_COLOR_BUFFER_BIT);
    add_area(area);
  }
  upload(GL_ARRAY_BUFFER, now_.vertices);
  upload(GL_ELEMENT_ARRAY_BUFFER, indices_);
  const ImVec2 size = data.DisplaySize, low = data.DisplayPos;
  glUniform4f(to_clip_, 2 / size.x, -2 / size.y, -1 - 2 * low.x / size.x, 1 + 2 * low.y / size.y);
  for (const Batch& batch : batches_) {
    scissor(batch.scissor);
    glBindTexture(GL_TEXTURE_2D, texture_name(batch.texture));
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(batch.count), GL_UNSIGNED_INT,
                   offset(batch.first * sizeof(engine::u32)));
  }
}

void Renderer::forget() {
  program_ = vertices_ = elements_ = fonts_ = 0;
  repaint();
}

}  // namespace ui::platform
