#include "engine/lab/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/core/check.hpp"

namespace engine::lab {
namespace {

constexpr int kScale = 2;  // sharp on fine screens and on paper
constexpr Colour kText{31, 36, 44}, kMuted{98, 106, 118}, kAxis{150, 156, 166},
    kGrid{232, 235, 239}, kTrain{31, 105, 186}, kValidation{214, 95, 14}, kBad{190, 30, 38},
    kBadGround{253, 232, 231}, kGround{246, 247, 249};

std::string print(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string settings_text(const TwoDigits& s) {
  std::string shape = "784";
  for (const int units : s.hidden) shape += "–" + std::to_string(units);
  shape += "–1";
  const std::string activation = s.hidden.empty()                   ? ""
                                 : s.activation == Activation::relu ? ", ReLU"
                                                                    : ", sigmoid";
  return shape + activation + "  ·  batch size " + std::to_string(s.batch) + "  ·  learning rate " +
         print("%g", s.rate) + "  ·  seed " + std::to_string(s.seed);
}

// Where the curves are drawn, and what its corners stand for.
struct Axes {
  double left = 82, top = 92, right = 776, bottom = 496;
  double x_low = 1, x_high = 2, y_high = 1;
  double x(double epoch) const {
    return left + 14 + (epoch - x_low) / (x_high - x_low) * (right - left - 28);
  }
  double y(double error) const { return bottom - error / y_high * (bottom - top); }
};

// Decimals that tell neighbouring ticks apart.
int decimals(double step) {
  int digits = 0;
  while (digits < 8 &&
         std::fabs(step * std::pow(10, digits) - std::round(step * std::pow(10, digits))) > 1e-6)
    ++digits;
  return digits;
}

void draw_axes(Canvas& canvas, const Axes& axes, const std::vector<double>& ticks, int epochs) {
  const int digits = ticks.size() > 1 ? decimals(ticks[1] - ticks[0]) : 0;
  for (const double tick : ticks) {
    const double y = axes.y(tick);
    const Point line[] = {{axes.left, y}, {axes.right, y}};
    if (tick > 0) canvas.line(line, 1, kGrid);
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, tick);
    canvas.text({axes.left - 10, y + 4.5}, text,
                {.size = 13, .colour = kMuted, .align = Align::right});
  }
  const Point frame[] = {
      {axes.left, axes.top}, {axes.left, axes.bottom}, {axes.right, axes.bottom}};
  canvas.line(frame, 1.2, kAxis);
  const std::vector<double> steps = ticks_to(std::max(4, epochs));
  const int step = std::max(1, int(std::lround(steps[1] - steps[0])));
  for (int epoch = step == 1 ? 1 : step; epoch <= epochs; epoch += step) {
    const double x = axes.x(epoch);
    const Point mark[] = {{x, axes.bottom}, {x, axes.bottom + 5}};
    canvas.line(mark, 1.2, kAxis);
    canvas.text({x, axes.bottom + 22}, std::to_string(epoch),
                {.size = 13, .colour = kMuted, .align = Align::centre});
  }
  if (step > 1) {
    const Point mark[] = {{axes.x(1), axes.bottom}, {axes.x(1), axes.bottom + 5}};
    canvas.line(mark, 1.2, kAxis);
    canvas.text({axes.x(1), axes.bottom + 22}, "1",
                {.size = 13, .colour = kMuted, .align = Align::centre});
  }
  canvas.text({(axes.left + axes.right) / 2, axes.bottom + 48}, "Epoch",
              {.size = 14, .colour = kText, .align = Align::centre});
  canvas.text({28, (axes.top + axes.bottom) / 2}, "Mean squared error",
              {.size = 14, .colour = kText, .align = Align::centre, .upwards = true});
}

void draw_curve(Canvas& canvas, const Axes& axes, const std::vector<double>& errors, Colour colour,
                bool dashed) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (std::isfinite(errors[i])) points.push_back({axes.x(double(i) + 1), axes.y(errors[i])});
  }
  if (dashed)
    canvas.dashes(points, 2.2, 7, 4.5, colour);
  else
    canvas.line(points, 2.2, colour);
  const bool few = points.size() <= 40;
  for (const Point& point : points) {
    if (few) canvas.disc(point, 3.1, colour);
  }
}

void draw_legend(Canvas& canvas, const Axes& axes) {
  const struct {
    const char* name;
    Colour colour;
    bool dashed;
  } rows[] = {{"Training", kTrain, false}, {"Validation", kValidation, true}};
  double right = axes.right;
  for (int i = 1; i >= 0; --i) {
    const double width = Canvas::text_width(rows[i].name, 14, Weight::regular);
    const double y = axes.top - 37, x = right - width;
    canvas.text({x, y + 5}, rows[i].name, {.size = 14, .colour = kText});
    const Point sample[] = {{x - 40, y}, {x - 9, y}};
    if (rows[i].dashed)
      canvas.dashes(sample, 2.2, 7, 4.5, rows[i].colour);
    else
      canvas.line(sample, 2.2, rows[i].colour);
    canvas.disc({x - 24.5, y}, 3.1, rows[i].colour);
    right = x - 62;
  }
}

void draw_best(Canvas& canvas, const Axes& axes, const TwoDigitRun& run) {
  if (run.best_epoch() < 0) return;
  const double error = run.validation_errors()[std::size_t(run.best_epoch())];
  const double x = axes.x(run.best_epoch() + 1), y = axes.y(error);
  const Point guide[] = {{x, axes.bottom}, {x, axes.top + 30}};
  canvas.dashes(guide, 1, 2.5, 3.5, kAxis);
  canvas.disc({x, y}, 6.2, kValidation);
  canvas.disc({x, y}, 3.6, {255, 255, 255});
  const std::string text =
      "Best epoch " + std::to_string(run.best_epoch() + 1) + ": " + print("%.4f", error);
  const double width = Canvas::text_width(text, 13, Weight::semibold);
  const bool beside = x + 10 + width > axes.right;
  canvas.text({beside ? x - 8 : x + 8, axes.top + 40}, text,
              {.size = 13,
               .colour = kValidation,
               .weight = Weight::semibold,
               .align = beside ? Align::right : Align::left});
}

// One predicted digit: which test images, the wrong ones first.
struct Montage {
  int digit = 0;
  std::vector<int> wrong, right;
  int count() const { return int(wrong.size() + right.size()); }
};

Montage montage_of(const TwoDigitRun& run, bool second) {
  Montage montage{second ? run.settings().second : run.settings().first, {}, {}};
  for (int i = 0; i < run.test_count(); ++i) {
    const bool taken = run.test_outputs()[std::size_t(i)] > 0.5, is = i >= run.test_firsts();
    if (taken == second) (is == taken ? montage.right : montage.wrong).push_back(i);
  }
  return montage;
}

constexpr int kColumns = 16, kCell = 30, kMostRows = 40;

int rows_of(const Montage& montage) {
  return std::clamp((montage.count() + kColumns - 1) / kColumns, 1, kMostRows);
}

void draw_montage(Canvas& canvas, const TwoDigitRun& run, const Montage& montage, Point at) {
  canvas.text(at, "Predicted " + std::to_string(montage.digit),
              {.size = 16, .colour = kText, .weight = Weight::semibold});
  std::string note =
      std::to_string(montage.count()) + (montage.count() == 1 ? " image" : " images");
  if (montage.wrong.empty())
    note += ", all correct";
  else
    note += ", " + std::to_string(montage.wrong.size()) + " wrong";
  if (montage.count() == 0) note = "none";
  canvas.text({at.x + kColumns * kCell - 2, at.y}, note,
              {.size = 14, .colour = montage.wrong.empty() ? kMuted : kBad, .align = Align::right});
  std::vector<int> all = montage.wrong;
  all.insert(all.end(), montage.right.begin(), montage.right.end());
  const std::size_t most = std::size_t(kColumns) * kMostRows;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) {
    const bool wrong = i < montage.wrong.size();
    const int column = int(i) % kColumns, row = int(i) / kColumns;
    const Point low{at.x + column * kCell, at.y + 14 + row * kCell};
    const auto pixels =
        std::span(run.test_pixels()).subspan(std::size_t(all[i]) * kPixels, std::size_t(kPixels));
    canvas.image(low, kCell - 2, pixels, kSide, wrong ? kBadGround : kGround, wrong ? kBad : kText);
  }
}

}  // namespace

std::vector<double> ticks_to(double high) {
  ENSURE(high > 0 && std::isfinite(high), "an axis of positive length");
  double step = std::pow(10, std::floor(std::log10(high)) - 1);
  const double factors[] = {2, 2.5, 2};  // 1, 2, 5, 10, ...
  for (int i = 0; high / step > 7; ++i) step *= factors[i % 3];
  std::vector<double> ticks;
  for (int i = 0; ticks.empty() || ticks.back() < high - step * 1e-9; ++i)
    ticks.push_back(i * step);
  return ticks;
}

std::string error_title(const TwoDigitRun& run) {
  char text[96];
  std::snprintf(text, sizeof text, "Test error %.2f %% (%d of %d images)", 100 * run.test_error(),
                run.test_wrong(), run.test_count());
  return text;
}

Canvas draw_training(const TwoDigitRun& run) {
  ENSURE(run.done(), "pictures show a run that is done");
  Canvas canvas(800, 568, kScale);
  double high = 0;
  for (const auto* errors : {&run.train_errors(), &run.validation_errors()}) {
    for (const double error : *errors) {
      if (std::isfinite(error)) high = std::max(high, error);
    }
  }
  const std::vector<double> ticks = ticks_to(high > 0 ? high : 1);
  const int epochs = int(run.validation_errors().size());
  Axes axes;
  axes.x_high = std::max(2, epochs);
  axes.y_high = ticks.back();
  const TwoDigits& s = run.settings();
  canvas.text({24, 36},
              std::to_string(s.first) + " against " + std::to_string(s.second) + ": training",
              {.size = 20, .colour = kText, .weight = Weight::semibold});
  canvas.text({24, 60}, settings_text(s), {.size = 13, .colour = kMuted});
  draw_axes(canvas, axes, ticks, epochs);
  draw_curve(canvas, axes, run.train_errors(), kTrain, false);
  draw_curve(canvas, axes, run.validation_errors(), kValidation, true);
  draw_best(canvas, axes, run);
  draw_legend(canvas, axes);
  return canvas;
}

Canvas draw_classification(const TwoDigitRun& run) {
  ENSURE(run.done(), "pictures show a run that is done");
  const Montage first = montage_of(run, false), second = montage_of(run, true);
  constexpr int kWide = kColumns * kCell, kMargin = 24, kBetween = 36, kTop = 106;
  const int rows = std::max(rows_of(first), rows_of(second));
  Canvas canvas(2 * kMargin + 2 * kWide + kBetween, kTop + 14 + rows * kCell + kMargin, kScale);
  canvas.text({kMargin, 36}, error_title(run),
              {.size = 20, .colour = kText, .weight = Weight::semibold});
  const TwoDigits& s = run.settings();
  canvas.text(
      {kMargin, 60},
      std::to_string(s.first) + " against " + std::to_string(s.second) + "  ·  " + settings_text(s),
      {.size = 13, .colour = kMuted});
  draw_montage(canvas, run, first, {kMargin, kTop});
  draw_montage(canvas, run, second, {kMargin + kWide + kBetween, kTop});
  return canvas;
}

Pictures draw_pictures(const TwoDigitRun& run) {
  return {png(draw_training(run)), png(draw_classification(run))};
}

}  // namespace engine::lab
