#include "ui/widgets/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imgui_internal.h"
#include "ui/app/items.hpp"
#include "ui/look/theme.hpp"
#include "ui/widgets/controls.hpp"
#include "ui/widgets/format.hpp"

namespace ui {
namespace {

constexpr float kLegendHeight = 24, kAxisHeight = 24, kTickGap = 8, kDash = 6, kDashGap = 4;

// From values to pixels.
struct Frame {
  ImVec2 low, high;  // the plotted area
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  bool log_y = false;

  float x(double value) const {
    return low.x + float((value - x_low) / (x_high - x_low)) * (high.x - low.x);
  }
  float y(double value) const {
    const double t =
        log_y ? (std::log(value) - std::log(y_low)) / (std::log(y_high) - std::log(y_low))
              : (value - y_low) / (y_high - y_low);
    return high.y - float(std::clamp(t, -0.5, 1.5)) * (high.y - low.y);
  }
  bool shows(float value) const { return std::isfinite(value) && (!log_y || value > 0); }
};

bool has_points(std::span<const Series> curves) {
  return std::any_of(curves.begin(), curves.end(), [](const Series& s) { return s.count > 0; });
}

void set_y_range(Frame& frame, std::span<const Series> curves, bool percent) {
  double low = INFINITY, high = -INFINITY;
  for (const Series& curve : curves) {
    for (std::size_t i = 0; i < curve.count; ++i) {
      if (!frame.shows(curve.y_at(i))) continue;
      low = std::min(low, double(curve.y_at(i)));
      high = std::max(high, double(curve.y_at(i)));
    }
  }
  if (!(low <= high)) low = frame.log_y ? 0.1 : 0, high = 1;
  if (frame.log_y) {
    const double pad = std::max(std::pow(high / low, 0.06), 1.02);
    frame.y_low = low / pad;
    frame.y_high = high * pad;
    return;
  }
  const double pad = std::max((high - low) * 0.06, std::max(std::fabs(high), 1e-6) * 0.01);
  frame.y_low = percent || low >= 0 ? std::max(low - pad, 0.0) : low - pad;
  frame.y_high = percent ? std::min(high + pad, 1.0) : high + pad;
}

std::string y_text(double value, double step, bool percent) {
  return percent ? tick_text(value * 100, step * 100) + " %" : tick_text(value, step);
}

std::string read_out(float value, bool percent) {
  if (!std::isfinite(value)) return "–";
  if (!percent && std::fabs(value) >= 1e5f) return print("%.3g", double(value));
  return percent ? ui::percent(value, 1) : print("%.*f", value < 0.1f ? 4 : 3, double(value));
}

std::vector<double> y_ticks(const Frame& frame, float height) {
  const int most = std::clamp(int(height / 32), 3, 8);
  return frame.log_y ? choose_log_ticks(frame.y_low, frame.y_high, most)
                     : choose_ticks(frame.y_low, frame.y_high, most);
}

double smallest_step(const std::vector<double>& ticks) {
  double step = INFINITY;
  for (std::size_t i = 1; i < ticks.size(); ++i) step = std::min(step, ticks[i] - ticks[i - 1]);
  return std::isfinite(step) ? step : (ticks.empty() ? 1 : std::max(std::fabs(ticks[0]), 1e-6));
}

// Draws grid and numbers of the y axis; narrows the frame by the widest number first.
void draw_y_axis(ImDrawList* list, Frame& frame, bool percent) {
  const look::Palette& colours = look::palette();
  ImFont* font = look::fonts().figures;
  const std::vector<double> ticks = y_ticks(frame, frame.high.y - frame.low.y);
  const double step = smallest_step(ticks);
  float widest = 0;
  for (const double tick : ticks) {
    // On a log axis each number has its own scale: 0.01 beside 10.
    widest = std::max(widest, measure(font, y_text(tick, frame.log_y ? tick : step, percent)).x);
  }
  frame.low.x += widest + kTickGap;
  for (const double tick : ticks) {
    const float y = std::round(frame.y(tick)) + 0.5f;
    const std::string text = y_text(tick, frame.log_y ? tick : step, percent);
    const ImVec2 extent = measure(font, text);
    list->AddLine({frame.low.x, y}, {frame.high.x, y}, look::with_alpha(colours.line, 0.7f),
                  look::kHairline);
    draw_text(list, font, {frame.low.x - kTickGap - extent.x, y - extent.y / 2}, colours.muted,
              text);
  }
}

void draw_x_axis(ImDrawList* list, const Frame& frame, const PlotLook& look) {
  const look::Palette& colours = look::palette();
  ImFont* font = look::fonts().figures;
  const int most = std::clamp(int((frame.high.x - frame.low.x) / 56), 2, 12);
  std::vector<double> ticks = choose_ticks(frame.x_low, frame.x_high, most);
  if (look.whole_x) std::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
  const double step = smallest_step(ticks);
  float free_until = frame.high.x + 4;
  for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
    // The last one carries the name of the axis: "epoch 5".
    const std::string figures = tick_text(*tick, step);
    const std::string text = tick == ticks.rbegin() ? look.x_name + (" " + figures) : figures;
    const float x = std::round(frame.x(*tick)) + 0.5f,
                right = std::min(x + measure(font, figures).x / 2, frame.high.x + 4);
    list->AddLine({x, frame.high.y}, {x, frame.high.y + 4}, colours.line, look::kHairline);
    if (right > free_until) continue;
    const float left = right - measure(font, text).x;
    draw_text(list, font, {left, frame.high.y + 6}, colours.muted, text);
    free_until = left - kTickGap;
  }
  list->AddLine({frame.low.x, frame.high.y + 0.5f}, {frame.high.x, frame.high.y + 0.5f},
                colours.line, look::kHairline);
}

void draw_dashed(ImDrawList* list, std::span<const ImVec2> points, ImU32 colour, float width) {
  float along = 0;  // position in the pattern, carried over the corners
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ImVec2 a = points[i - 1], b = points[i];
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    for (float at = 0; at < length;) {
      const float phase = std::fmod(along, kDash + kDashGap);
      const bool inked = phase < kDash;
      // At least a tenth of a pixel, so that rounding cannot stop the walk.
      const float part =
          std::max(std::min((inked ? kDash : kDash + kDashGap) - phase, length - at), 0.1f);
      const float t0 = at / length, t1 = std::min((at + part) / length, 1.0f);
      if (inked) list->AddLine(ImLerp(a, b, t0), ImLerp(a, b, t1), colour, width);
      at += part;
      along += part;
    }
  }
}

void draw_run(ImDrawList* list, const Series& curve, std::vector<ImVec2>& run) {
  constexpr float kWidth = 2;
  if (curve.dashed) {
    draw_dashed(list, run, curve.colour, kWidth);
  } else if (run.size() > 1) {
    list->AddPolyline(run.data(), int(run.size()), curve.colour, ImDrawFlags_None, kWidth);
  } else if (run.size() == 1) {
    list->AddCircleFilled(run[0], kWidth, curve.colour, 8);
  }
  if (curve.markers) {
    for (const ImVec2 at : run) {
      list->AddCircleFilled(at, 4, look::palette().surface, 12);
      list->AddCircle(at, 3.5f, curve.colour, 12, kWidth);
    }
  }
  run.clear();
}

void draw_curve(ImDrawList* list, const Frame& frame, const Series& curve) {
  const int columns = std::max(int((frame.high.x - frame.low.x) / 2), 1);
  std::vector<ImVec2> run;
  for (const PlotPoint& point : decimate(curve, float(frame.x_low), float(frame.x_high), columns)) {
    if (frame.shows(point.y)) {
      run.push_back({frame.x(double(point.x)), frame.y(double(point.y))});
    } else {
      draw_run(list, curve, run);
    }
  }
  draw_run(list, curve, run);
}

void draw_mark(ImDrawList* list, const Frame& frame, std::span<const Series> curves,
               const PlotLook& look) {
  if (look.marked_x < look.x_low || look.marked_x > look.x_high) return;
  const look::Palette& colours = look::palette();
  const float x = std::round(frame.x(double(look.marked_x))) + 0.5f;
  const std::array<ImVec2, 2> line{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}};
  draw_dashed(list, line, look::with_alpha(colours.muted, 0.7f), look::kHairline);
  const ImVec2 extent = measure(look::fonts().figures, look.marked_name);
  const bool left = x + 6 + extent.x > frame.high.x;
  // At the end of the line that is farther from the curves.
  float sum = 0, count = 0;
  for (const Series& curve : curves) {
    const std::size_t i = nearest(curve, look.marked_x);
    if (i < curve.count && frame.shows(curve.y_at(i)))
      sum += frame.y(double(curve.y_at(i))), ++count;
  }
  const bool below = count > 0 && sum / count < (frame.low.y + frame.high.y) / 2;
  const ImVec2 at{left ? x - 6 - extent.x : x + 6,
                  below ? frame.high.y - 4 - extent.y : frame.low.y};
  draw_text(list, look::fonts().figures, at, colours.muted, look.marked_name);
}

// Line sample, name and value of each curve: the value under the pointer, otherwise the last one.
std::string draw_legend(ImDrawList* list, ImVec2 at, std::span<const Series> curves, bool hovered,
                        float x, bool percent) {
  const look::Palette& colours = look::palette();
  std::string spoken;
  for (const Series& curve : curves) {
    if (curve.count == 0) continue;
    const std::size_t i = hovered ? nearest(curve, x) : curve.count - 1;
    const std::string value = i < curve.count ? read_out(curve.y_at(i), percent) : "–";
    const float middle = at.y + kLegendHeight / 2 - 2;
    const std::array<ImVec2, 2> sample{ImVec2{at.x, middle}, ImVec2{at.x + 16, middle}};
    if (curve.dashed) {
      draw_dashed(list, sample, curve.colour, 2);
    } else {
      list->AddLine(sample[0], sample[1], curve.colour, 2);
    }
    at.x += 22;
    const float half = measure(look::fonts().small, curve.name).y / 2;
    at.x +=
        draw_text(list, look::fonts().small, {at.x, middle - half}, colours.muted, curve.name).x +
        6;
    at.x +=
        draw_text(list, look::fonts().figures, {at.x, middle - half}, colours.text, value).x + 16;
    spoken += (spoken.empty() ? "" : ", ") + std::string(curve.name) + " " + value;
  }
  return spoken;
}

void draw_pointer(ImDrawList* list, const Frame& frame, std::span<const Series> curves,
                  const PlotLook& look, float x) {
  const look::Palette& colours = look::palette();
  const float at = frame.x(double(x));
  list->AddLine({at, frame.low.y}, {at, frame.high.y}, look::with_alpha(colours.text, 0.35f),
                look::kHairline);
  for (const Series& curve : curves) {
    const std::size_t i = nearest(curve, x);
    if (i == curve.count || !frame.shows(curve.y_at(i))) continue;
    const ImVec2 point{frame.x(double(curve.x_at(i))), frame.y(double(curve.y_at(i)))};
    list->AddCircleFilled(point, 5, colours.surface, 16);
    list->AddCircleFilled(point, 3.5f, curve.colour, 16);
  }
  const std::string text = print("%s %.2f", look.x_name, double(x));
  const ImVec2 extent = measure(look::fonts().figures, text);
  const float left =
      std::clamp(at - extent.x / 2, frame.low.x, std::max(frame.low.x, frame.high.x - extent.x));
  list->AddRectFilled({left - 6, frame.high.y + 4},
                      {left + extent.x + 6, frame.high.y + 8 + extent.y}, colours.raised, 4);
  draw_text(list, look::fonts().figures, {left, frame.high.y + 6}, colours.text, text);
}

void draw_empty(ImDrawList* list, ImVec2 low, ImVec2 high, const char* sentence) {
  const look::Palette& colours = look::palette();
  list->AddRect(low, high, colours.line, look::kRadius);
  ImFont* font = look::fonts().small;
  const float room = high.x - low.x - 2 * look::kPad, scale = ImGui::GetIO().FontGlobalScale;
  const float size = font->FontSize * scale;
  const ImVec2 extent = font->CalcTextSizeA(size, FLT_MAX, room, sentence);
  const ImVec2 at{(low.x + high.x - extent.x) / 2, (low.y + high.y - extent.y) / 2};
  list->AddText(font, size, at, colours.muted, sentence, nullptr, room);
}

}  // namespace

void plot(const char* label, ImVec2 size, std::span<const Series> curves, const PlotLook& look) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImVec2 low = window->DC.CursorPos, high{low.x + size.x, low.y + size.y};
  const ImRect box(low, high);
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, window->GetID(label), nullptr, ImGuiItemFlags_NoNav)) return;
  ImDrawList* list = window->DrawList;
  if (!has_points(curves) || !(look.x_low < look.x_high)) {
    draw_empty(list, low, high, look.empty);
    describe(label, "image", look.empty);
    return;
  }
  Frame frame{.low = {low.x, low.y + kLegendHeight + 6},
              .high = {high.x - 4, high.y - kAxisHeight}};
  frame.x_low = double(look.x_low);
  frame.x_high = double(look.x_high);
  frame.log_y = look.log_y;
  set_y_range(frame, curves, look.percent);
  draw_y_axis(list, frame, look.percent);
  draw_x_axis(list, frame, look);
  draw_mark(list, frame, curves, look);
  list->PushClipRect({frame.low.x, frame.low.y - 6}, {frame.high.x + 5, frame.high.y + 1}, true);
  for (const Series& curve : curves) draw_curve(list, frame, curve);
  list->PopClipRect();
  // Hovering claims no click, so that a finger on the plot still scrolls the page.
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const bool hovered = ImGui::IsItemHovered() && mouse.x >= frame.low.x && mouse.x <= frame.high.x;
  const double t = double((mouse.x - frame.low.x) / std::max(frame.high.x - frame.low.x, 1.0f));
  const float x = float(frame.x_low + t * (frame.x_high - frame.x_low));
  const std::string spoken = draw_legend(list, low, curves, hovered, x, look.percent);
  if (hovered) draw_pointer(list, frame, curves, look, x);
  describe(label, "image", spoken);
}

}  // namespace ui
