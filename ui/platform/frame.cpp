#include "ui/platform/frame.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace ui::platform {
namespace {

using engine::u32;
using engine::u64;

constexpr int kTile = 32;  // pixels; areas are made of such squares

u64 mixed(u64 hash, u64 value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

u64 pair_of(float low, float high) {
  return u64(std::bit_cast<u32>(low)) | u64(std::bit_cast<u32>(high)) << 32;
}

u64 hash_of(const ImDrawVert& v, u64 hash) {
  return mixed(mixed(mixed(hash, pair_of(v.pos.x, v.pos.y)), pair_of(v.uv.x, v.uv.y)), v.col);
}

u64 hash_of(const Area& a, ImTextureID texture) {
  const auto id = reinterpret_cast<std::uintptr_t>(texture);
  return mixed(mixed(mixed(1, id), u64(u32(a.left)) | u64(u32(a.top)) << 32),
               u64(u32(a.right)) | u64(u32(a.bottom)) << 32);
}

// From ImGui's units to whole pixels, outwards.
struct ToPixels {
  ImVec2 origin, scale;
  Area window;

  Area operator()(float left, float top, float right, float bottom) const {
    return overlap(
        {int(std::floor((left - origin.x) * scale.x)), int(std::floor((top - origin.y) * scale.y)),
         int(std::ceil((right - origin.x) * scale.x)),
         int(std::ceil((bottom - origin.y) * scale.y))},
        window);
  }
};

void add_triangles(const ImDrawList& list, const ImDrawCmd& cmd, u32 base, const ToPixels& pixels,
                   Frame& frame) {
  const ImVec4 c = cmd.ClipRect;
  const Area clip = pixels(c.x, c.y, c.z, c.w);
  Command command{cmd.GetTexID(), clip, frame.triangles.size(), 0};
  const u64 seed = hash_of(clip, command.texture);
  const ImDrawIdx* index = list.IdxBuffer.Data + cmd.IdxOffset;
  for (u32 i = 0; i + 2 < cmd.ElemCount; i += 3) {
    Triangle t{{}, seed, {}};
    ImVec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
    for (u32 k = 0; k < 3; ++k) {
      t.corners[k] = base + cmd.VtxOffset + index[i + k];
      const ImDrawVert& v = frame.vertices[t.corners[k]];
      low = {std::min(low.x, v.pos.x), std::min(low.y, v.pos.y)};
      high = {std::max(high.x, v.pos.x), std::max(high.y, v.pos.y)};
      t.hash = hash_of(v, t.hash);
    }
    t.box = overlap(pixels(low.x, low.y, high.x, high.y), clip);
    if (!t.box.empty()) frame.triangles.push_back(t);
  }
  command.count = frame.triangles.size() - command.first;
  if (command.count > 0) frame.commands.push_back(command);
}

class Tiles {
 public:
  Tiles(int width, int height)
      : width_(width),
        height_(height),
        columns_((width + kTile - 1) / kTile),
        dirty_(std::size_t(columns_) * std::size_t((height + kTile - 1) / kTile)) {}

  void mark(const Area& box) {
    for (int y = box.top / kTile; y <= (box.bottom - 1) / kTile; ++y) {
      for (int x = box.left / kTile; x <= (box.right - 1) / kTile; ++x)
        dirty_[std::size_t(y * columns_ + x)] = true;
    }
  }

  // Runs of each row, put together with an equal run of the row above.
  std::vector<Area> areas() const {
    std::vector<Area> areas;
    const int rows = int(dirty_.size()) / std::max(columns_, 1);
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < columns_; ++x) {
        if (!at(x, y)) continue;
        const int first = x;
        while (x < columns_ && at(x, y)) ++x;
        add_run({first * kTile, y * kTile, std::min(x * kTile, width_),
                 std::min((y + 1) * kTile, height_)},
                areas);
      }
    }
    if (areas.size() <= kMostAreas) return areas;
    Area all = areas.front();
    for (const Area& a : areas) {
      all = {std::min(all.left, a.left), std::min(all.top, a.top), std::max(all.right, a.right),
             std::max(all.bottom, a.bottom)};
    }
    return {all};
  }

 private:
  bool at(int x, int y) const { return dirty_[std::size_t(y * columns_ + x)]; }

  static void add_run(const Area& run, std::vector<Area>& areas) {
    for (Area& a : areas) {
      if (a.bottom != run.top || a.left != run.left || a.right != run.right) continue;
      a.bottom = run.bottom;
      return;
    }
    areas.push_back(run);
  }

  int width_, height_, columns_;
  std::vector<bool> dirty_;
};

std::vector<const Triangle*> sorted(std::span<const Triangle> triangles) {
  std::vector<const Triangle*> order;
  order.reserve(triangles.size());
  for (const Triangle& t : triangles) order.push_back(&t);
  std::ranges::sort(order, {}, [](const Triangle* t) { return t->hash; });
  return order;
}

// Marks what only one of the lists holds. What both hold is taken to be painted in the same order.
void mark_others(std::span<const Triangle> before, std::span<const Triangle> now, Tiles& tiles) {
  const auto left = sorted(before), right = sorted(now);
  std::size_t i = 0, j = 0;
  while (i < left.size() || j < right.size()) {
    const bool first = j == right.size() || (i < left.size() && left[i]->hash < right[j]->hash);
    const bool second = i == left.size() || (j < right.size() && right[j]->hash < left[i]->hash);
    if (first) tiles.mark(left[i]->box);
    if (second) tiles.mark(right[j]->box);
    i += !second;
    j += !first;
  }
}

}  // namespace

Area overlap(const Area& a, const Area& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

void flatten(const ImDrawData& data, Frame& frame) {
  const ImVec2 scale = data.FramebufferScale;
  frame.width = int(data.DisplaySize.x * scale.x);
  frame.height = int(data.DisplaySize.y * scale.y);
  frame.vertices.clear();
  frame.triangles.clear();
  frame.commands.clear();
  const ToPixels pixels{data.DisplayPos, scale, {0, 0, frame.width, frame.height}};
  for (const ImDrawList* list : data.CmdLists) {
    const auto base = u32(frame.vertices.size());
    frame.vertices.insert(frame.vertices.end(), list->VtxBuffer.begin(), list->VtxBuffer.end());
    for (const ImDrawCmd& cmd : list->CmdBuffer) {
      if (!cmd.UserCallback) add_triangles(*list, cmd, base, pixels, frame);
    }
  }
}

std::vector<Area> difference(const Frame& before, const Frame& now) {
  const Area window{0, 0, now.width, now.height};
  if (before.width != now.width || before.height != now.height) return {window};
  std::span<const Triangle> a = before.triangles, b = now.triangles;
  const auto same = [](const Triangle& x, const Triangle& y) { return x.hash == y.hash; };
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same);
  a = a.subspan(std::size_t(left - a.begin()));
  b = b.subspan(std::size_t(right - b.begin()));
  while (!a.empty() && !b.empty() && same(a.back(), b.back())) {
    a = a.first(a.size() - 1);
    b = b.first(b.size() - 1);
  }
  Tiles tiles(now.width, now.height);
  mark_others(a, b, tiles);
  return tiles.areas();
}

}  // namespace ui::platform
