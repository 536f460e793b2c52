// The arithmetic of plots: ticks, thinning, nearest point. The drawing is in plot.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ui/widgets/format.hpp"
#include "ui/widgets/plot.hpp"

namespace ui {
namespace {

constexpr std::array<double, 3> kSteps = {1, 2, 5};

int exponent_of(double value) { return int(std::floor(std::log10(value))); }

std::vector<double> multiples(double step, double low, double high) {
  std::vector<double> out;
  const double slack = step * 1e-9;
  const double first = std::ceil((low - slack) / step), last = std::floor((high + slack) / step);
  for (double k = first; k <= last; ++k) out.push_back(k == 0 ? 0 : k * step);
  return out;
}

}  // namespace

std::vector<double> choose_ticks(double low, double high, int most) {
  if (!(low < high) || !std::isfinite(high - low)) return {low};
  most = std::max(most, 2);
  const double rough = (high - low) / most;
  for (int exponent = exponent_of(rough);; ++exponent) {
    for (const double step : kSteps) {
      const double size = step * std::pow(10.0, exponent);
      if ((high - low) / size > most + 1) continue;
      std::vector<double> ticks = multiples(size, low, high);
      if (int(ticks.size()) <= most) return ticks;
    }
  }
}

std::vector<double> choose_log_ticks(double low, double high, int most) {
  if (!(low > 0) || !(low < high) || !std::isfinite(high)) return {};
  const auto collect = [&](std::span<const double> factors, int every) {
    std::vector<double> out;
    for (int exponent = exponent_of(low); exponent <= exponent_of(high); ++exponent) {
      if (exponent % every != 0) continue;
      for (const double factor : factors) {
        const double value = factor * std::pow(10.0, exponent);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) out.push_back(value);
      }
    }
    return out;
  };
  most = std::max(most, 2);
  std::vector<double> fine = collect(kSteps, 1);
  if (fine.size() < 2) return choose_ticks(low, high, most);
  if (int(fine.size()) <= most) return fine;
  for (int every = 1;; ++every) {
    std::vector<double> decades = collect(std::span(kSteps).first(1), every);
    if (int(decades.size()) <= most)
      return decades.size() < 2 ? choose_ticks(low, high, most) : decades;
  }
}

std::string tick_text(double value, double step) {
  const double size = std::max(std::fabs(value), step);
  if (!(step > 0) || size >= 1e6 || size < 1e-4) return print("%.3g", value);
  for (int decimals = 0; decimals < 6; ++decimals) {
    const double scaled = step * std::pow(10.0, decimals);
    if (std::fabs(scaled - std::round(scaled)) < 1e-6 * scaled)
      return print("%.*f", decimals, value);
  }
  return print("%.3g", value);
}

std::vector<PlotPoint> decimate(const Series& curve, float low, float high, int columns) {
  std::vector<PlotPoint> out;
  if (curve.count == 0 || columns < 1 || !(low < high)) return out;
  std::size_t begin = 0, end = curve.count;
  while (begin + 1 < end && curve.x_at(begin + 1) < low) ++begin;
  while (end > begin + 1 && curve.x_at(end - 2) > high) --end;
  const auto column_of = [&](std::size_t i) {
    return std::floor((curve.x_at(i) - low) / (high - low) * float(columns));
  };
  std::size_t i = begin;
  while (i < end) {
    if (!std::isfinite(curve.y_at(i))) {
      out.push_back({curve.x_at(i), std::numeric_limits<float>::quiet_NaN()});
      ++i;
      continue;
    }
    std::array<std::size_t, 4> kept{i, i, i, i};  // first, lowest, highest, last
    const float column = column_of(i);
    for (; i < end && column_of(i) == column && std::isfinite(curve.y_at(i)); ++i) {
      if (curve.y_at(i) < curve.y_at(kept[1])) kept[1] = i;
      if (curve.y_at(i) > curve.y_at(kept[2])) kept[2] = i;
      kept[3] = i;
    }
    std::sort(kept.begin(), kept.end());
    for (std::size_t k = 0; k < kept.size(); ++k) {
      if (k == 0 || kept[k] != kept[k - 1])
        out.push_back({curve.x_at(kept[k]), curve.y_at(kept[k])});
    }
  }
  return out;
}

std::size_t nearest(const Series& curve, float x) {
  std::size_t best = curve.count;
  for (std::size_t i = 0; i < curve.count; ++i) {
    if (!std::isfinite(curve.y_at(i))) continue;
    if (best == curve.count || std::fabs(curve.x_at(i) - x) < std::fabs(curve.x_at(best) - x))
      best = i;
  }
  return best;
}

}  // namespace ui
