#include "engine/sketch/draft.hpp"

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"

namespace engine::sketch {
namespace {

constexpr int kBend = 7;  // pieces of a curve
constexpr f32 kTurn = 6.28318531f;

}  // namespace

Draft::Draft() {
  points_.reserve(4096);
  items_.reserve(256);
}

void Draft::clear() {
  points_.clear();
  items_.clear();
  first_ = 0;
  mirrored_ = false;
}

Draft& Draft::at(f32 x, f32 y) {
  ENSURE(points_.size() == first_, "a path that was not ended");
  points_.push_back(place(x, y));
  return *this;
}

Draft& Draft::to(f32 x, f32 y) {
  points_.push_back(place(x, y));
  return *this;
}

Draft& Draft::via(f32 control_x, f32 control_y, f32 x, f32 y) {
  ENSURE(points_.size() > first_, "a path begins with at()");
  const Point a = points_.back(), c = place(control_x, control_y), b = place(x, y);
  for (int i = 1; i <= kBend; ++i) {
    const f32 t = f32(i) * (1.0f / kBend), s = 1.0f - t;
    points_.push_back({a.x * (s * s) + c.x * (2.0f * s * t) + b.x * (t * t),
                       a.y * (s * s) + c.y * (2.0f * s * t) + b.y * (t * t)});
  }
  return *this;
}

Draft& Draft::unfold() {
  for (std::size_t i = points_.size(); i > first_; --i) {
    const Point p = points_[i - 1];
    points_.push_back({1.0f - p.x, p.y});
  }
  return *this;
}

void Draft::rectangle(f32 left, f32 top, f32 right, f32 bottom, Role role) {
  at(left, top).to(right, top).to(right, bottom).to(left, bottom).end(role);
}

void Draft::ellipse(f32 x, f32 y, f32 radius_x, f32 radius_y, Role role, f32 width) {
  constexpr int kPieces = 14;
  const bool open = role == Role::line || role == Role::band;
  at(x + radius_x, y);
  for (int i = 1; i < kPieces + (open ? 1 : 0); ++i) {
    const f32 angle = f32(i) * (kTurn / kPieces);
    to(x + radius_x * math::cos(angle), y + radius_y * math::sin(angle));
  }
  end(role, width);
}

void Draft::end(Role role, f32 width) {
  if (points_.size() >= first_ + 2) {
    items_.push_back({role, first_, u32(points_.size()), width});
  } else {
    points_.resize(first_);
  }
  first_ = u32(points_.size());
}

}  // namespace engine::sketch
