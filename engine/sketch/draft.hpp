// What is to be drawn, without saying how: shapes, patches and lines in the order of painting, each
// hiding what lies below it. Places are in units of the sheet, from 0 to 1.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"
#include "engine/sketch/paper.hpp"

namespace engine::sketch {

enum class Role : u32 {
  shape,  // a closed part of the thing itself
  patch,  // a closed part of another tone that lies on it: pocket, print, sole
  line,   // a seam, a lace, a crease: open
  band,   // a strap, a handle: open, as wide as `width`
  hole    // a closed part where the ground is seen
};

struct Item {
  Role role = Role::shape;
  u32 first = 0, end = 0;  // of its points
  f32 width = 0;           // of a band, in units of the sheet
};

class Draft {
 public:
  Draft();
  void clear();

  // A path: at() begins it, to() and via() lead on, one of the others ends it.
  Draft& at(f32 x, f32 y);
  Draft& to(f32 x, f32 y);
  Draft& via(f32 control_x, f32 control_y, f32 x, f32 y);  // a quadratic Bezier curve
  void shape() { end(Role::shape); }
  void patch() { end(Role::patch); }
  void hole() { end(Role::hole); }
  void line() { end(Role::line); }
  void band(f32 width) { end(Role::band, width); }
  // The path so far and its mirror image (about x = 0.5) backwards: half a garment becomes a whole.
  Draft& unfold();
  // Everything that f draws, and its mirror image.
  template <class F>
  void both(const F& f) {
    f();
    mirrored_ = !mirrored_;
    f();
    mirrored_ = !mirrored_;
  }
  void rectangle(f32 left, f32 top, f32 right, f32 bottom, Role role);
  void ellipse(f32 x, f32 y, f32 radius_x, f32 radius_y, Role role, f32 width = 0);

  std::span<const Item> items() const { return items_; }
  std::span<const Point> points(const Item& item) const {
    return std::span(points_).subspan(item.first, item.end - item.first);
  }
  std::span<Point> points() { return points_; }

 private:
  void end(Role role, f32 width = 0);
  Point place(f32 x, f32 y) const { return {mirrored_ ? 1.0f - x : x, y}; }

  std::vector<Point> points_;
  std::vector<Item> items_;
  u32 first_ = 0;
  bool mirrored_ = false;
};

}  // namespace engine::sketch
