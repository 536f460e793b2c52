// A frame as flat lists of triangles, and what of the window differs between two frames. Only that
// is painted again (renderer.hpp): where no graphics card helps, filling pixels costs far more than
// anything else here, and it takes the processors from the training.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"
#include "imgui.h"

namespace ui::platform {

// Pixels of the frame buffer from the top left corner; right and bottom are not part of it.
struct Area {
  int left = 0, top = 0, right = 0, bottom = 0;

  bool empty() const { return left >= right || top >= bottom; }
  bool operator==(const Area&) const = default;
};

Area overlap(const Area& a, const Area& b);

struct Triangle {
  engine::u32 corners[3];  // into Frame::vertices
  engine::u64 hash;        // of everything that its pixels depend on
  Area box;                // what it may touch, inside the clip of its command
};

struct Command {  // triangles that share a texture and a clip
  ImTextureID texture;
  Area clip;
  std::size_t first, count;  // in Frame::triangles
};

struct Frame {
  int width = 0, height = 0;  // pixels
  std::vector<ImDrawVert> vertices;
  std::vector<Triangle> triangles;  // in the order of painting
  std::vector<Command> commands;
};

// Overwrites `frame`, whose memory is used again. Triangles outside their clip are left out.
void flatten(const ImDrawData& data, Frame& frame);

// Disjoint areas, at most kMostAreas, outside of which both frames show the same. All of the window
// when its size has changed.
inline constexpr std::size_t kMostAreas = 24;
std::vector<Area> difference(const Frame& before, const Frame& now);

}  // namespace ui::platform
