// A plot of curves with readable axes, a legend and a read-out under the pointer. It keeps no
// state: what is shown is a function of the arguments. The choice of ticks and the thinning of
// curves are plain functions, tested as such.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/types.hpp"
#include "imgui.h"

namespace ui {

// Points somewhere in memory, x ascending: a view into structs of any kind, made by series(). A y
// that is not finite (or not positive on a log axis) is left out and breaks the curve.
struct Series {
  const char* name = "";
  ImU32 colour = 0;
  bool dashed = false, markers = false;
  const char* x = nullptr;  // of the first point
  const char* y = nullptr;
  std::size_t count = 0, stride = 0;  // bytes from one point to the next

  engine::f32 x_at(std::size_t i) const {
    return *reinterpret_cast<const engine::f32*>(x + i * stride);
  }
  engine::f32 y_at(std::size_t i) const {
    return *reinterpret_cast<const engine::f32*>(y + i * stride);
  }
};

template <class T>
Series series(const char* name, ImU32 colour, std::span<const T> points, engine::f32 T::* x,
              engine::f32 T::* y) {
  Series out{.name = name, .colour = colour, .count = points.size(), .stride = sizeof(T)};
  if (points.empty()) return out;
  out.x = reinterpret_cast<const char*>(&(points.front().*x));
  out.y = reinterpret_cast<const char*>(&(points.front().*y));
  return out;
}

struct PlotLook {
  const char* x_name = "";  // under the axis, at its end
  float x_low = 0, x_high = 1;
  bool whole_x = false;  // ticks at whole numbers only
  bool log_y = false;
  bool percent = false;  // y is 0..1 and shown as per cent; the axis never leaves 0..1
  float marked_x = -1;   // a vertical line with a name, e.g. the best epoch; < x_low: none
  const char* marked_name = "";
  const char* empty = "";  // the sentence when no series has a point
};

// `label` names the item for tests and screen readers; its value is each series' last point.
void plot(const char* label, ImVec2 size, std::span<const Series> curves, const PlotLook& look);

// Round numbers inside [low, high]: neighbours differ by 1, 2 or 5 times a power of ten; at most
// `most` (>= 2) of them, and no fewer than needed. Low must be below high; otherwise there is one,
// `low`.
std::vector<double> choose_ticks(double low, double high, int most);
// Powers of ten inside [low, high], thinned to at most `most`; also 2 and 5 times them while there
// is room. Where not two fit (the range is narrow), choose_ticks(). Needs 0 < low < high, else
// nothing.
std::vector<double> choose_log_ticks(double low, double high, int most);
// With as few decimals as tell neighbours `step` apart: (0.5, 0.25) -> "0.50"; tiny and huge ones
// as 1e-05.
std::string tick_text(double value, double step);

// The points of a curve whose x lies in [low, high] (and one beyond each end), at most four for
// each of `columns` equal columns: first, lowest, highest, last, in their order. So no extreme is
// lost. Breaks are points with a NaN y.
struct PlotPoint {
  float x = 0, y = 0;
  bool operator==(const PlotPoint&) const = default;
};
std::vector<PlotPoint> decimate(const Series& curve, float low, float high, int columns);

// The index of the point nearest to x; count when there is none.
std::size_t nearest(const Series& curve, float x);

}  // namespace ui
