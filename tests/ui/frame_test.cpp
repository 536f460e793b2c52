// The renderer's lists, checked by painting them without a graphics card.
#include "ui/platform/frame.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/core/random.hpp"
#include "imgui_internal.h"

using engine::u32;
using ui::platform::Area;
using ui::platform::difference;
using ui::platform::flatten;
using ui::platform::Frame;

namespace {

constexpr int kWidth = 300, kHeight = 200;

struct Box {
  ImVec2 low, high;
  ImU32 colour;
};

// A frame of boxes as ImGui would hand it over.
Frame frame_of(std::span<const Box> boxes, ImTextureID texture = nullptr,
               ImVec4 clip = {0, 0, kWidth, kHeight}) {
  ImDrawListSharedData shared;
  ImDrawList list(&shared);
  list._ResetForNewFrame();
  list.PushClipRect({clip.x, clip.y}, {clip.z, clip.w});
  list.PushTextureID(texture);
  for (const Box& box : boxes) list.AddRectFilled(box.low, box.high, box.colour | IM_COL32_A_MASK);
  list.PopTextureID();
  list.PopClipRect();
  ImDrawData data;
  data.DisplaySize = {kWidth, kHeight};
  data.FramebufferScale = {1, 1};
  data.CmdLists.push_back(&list);
  Frame frame;
  flatten(data, frame);
  return frame;
}

// Paints the triangles of axis-parallel boxes inside the area: each fills its box.
void paint(const Frame& frame, const Area& area, std::vector<u32>& pixels) {
  for (int y = area.top; y < area.bottom; ++y) {
    for (int x = area.left; x < area.right; ++x) pixels[std::size_t(y * kWidth + x)] = 0;
  }
  for (const auto& command : frame.commands) {
    for (std::size_t i = command.first; i < command.first + command.count; ++i) {
      const Area box = overlap(frame.triangles[i].box, overlap(area, command.clip));
      for (int y = box.top; y < box.bottom; ++y) {
        for (int x = box.left; x < box.right; ++x)
          pixels[std::size_t(y * kWidth + x)] = frame.vertices[frame.triangles[i].corners[0]].col;
      }
    }
  }
}

std::vector<Box> scene(engine::Rng& rng, int count) {
  std::vector<Box> boxes;
  for (int i = 0; i < count; ++i) {
    const float x = float(rng.below(kWidth)), y = float(rng.below(kHeight));
    boxes.push_back({{x, y},
                     {x + 1 + float(rng.below(60)), y + 1 + float(rng.below(40))},
                     1 + rng.below(1u << 30)});
  }
  return boxes;
}

}  // namespace

TEST_CASE("painting only the difference gives what painting everything gives", "[ui][frame]") {
  for (u32 seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    engine::Rng rng(seed, engine::Purpose::probe);
    std::vector<Box> boxes = scene(rng, 1 + int(rng.below(40)));
    Frame before = frame_of(boxes);
    std::vector<u32> kept(kWidth * kHeight, 0xdeadbeef), whole = kept;
    paint(before, {0, 0, kWidth, kHeight}, kept);
    for (u32 change = rng.below(4); change < 4; ++change) {  // replaced, removed or added
      const auto at = boxes.begin() + std::ptrdiff_t(rng.below(u32(boxes.size())));
      if (rng.below(3) == 0)
        boxes.insert(at, scene(rng, 1).front());
      else if (boxes.size() > 1 && rng.below(2) == 0)
        boxes.erase(at);
      else
        *at = scene(rng, 1).front();
    }
    const Frame now = frame_of(boxes);
    for (const Area& area : difference(before, now)) paint(now, area, kept);
    paint(now, {0, 0, kWidth, kHeight}, whole);
    CHECK(kept == whole);
    CHECK(whole != std::vector<u32>(kWidth * kHeight));
  }
}

TEST_CASE("equal frames need no paint, a change needs little", "[ui][frame]") {
  std::vector<Box> boxes{
      {{0, 0}, {kWidth, kHeight}, 1}, {{40, 40}, {50, 50}, 2}, {{200, 100}, {210, 110}, 3}};
  const Frame before = frame_of(boxes);
  CHECK(difference(before, frame_of(boxes)).empty());
  boxes[1].colour = 9;
  const auto areas = difference(before, frame_of(boxes));
  REQUIRE(areas.size() == 1);
  CHECK(areas[0] == Area{32, 32, 64, 64});
  CHECK(difference(Frame{}, before) == std::vector<Area>{{0, 0, kWidth, kHeight}});
}

TEST_CASE("another picture in the same place is a change", "[ui][frame]") {
  const std::vector<Box> boxes{{{40, 40}, {50, 50}, 2}};
  const auto id = [](std::uintptr_t value) { return reinterpret_cast<ImTextureID>(value); };
  CHECK_FALSE(difference(frame_of(boxes, id(1)), frame_of(boxes, id(0x10001))).empty());
}

TEST_CASE("what is outside its clip is not painted", "[ui][frame]") {
  const std::vector<Box> boxes{{{40, 40}, {50, 50}, 2}, {{-10, 0}, {5, 5}, 2}};
  CHECK(frame_of(boxes, nullptr, {100, 100, 200, 200}).commands.empty());
  const Frame cut = frame_of(boxes, nullptr, {0, 0, 45, 45});
  REQUIRE(cut.triangles.size() == 4);
  CHECK(cut.triangles[0].box == Area{40, 40, 45, 45});
  CHECK(cut.triangles[3].box == Area{0, 0, 5, 5});
}
