#include "engine/nn/loss.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/kernels/reduce.hpp"
#include "engine/kernels/softmax.hpp"

namespace engine::nn {
namespace {

// PyTorch's BCELoss: the clamp of its logarithms, and the least denominator of its gradient.
constexpr f32 kLowestLog = -100.0f;
constexpr f32 kLeastVariance = 1e-12f;

using Row = std::span<const f32>;

// What one row should be. A plain target (one label, no smoothing) gives exactly 0 and 1.
struct Target {
  std::size_t label, other;
  f32 share;      // of `label`; the rest is of `other`
  f32 keep, low;  // 1 - smoothing, and what smoothing gives to each class

  f32 mixed(f32 at_label, f32 at_other) const {
    return share == 1 ? at_label : share * at_label + (1 - share) * at_other;
  }
  f32 at(Row y, std::size_t k) const {
    const f32 hard =
        y.size() == 1 ? mixed(f32(label), f32(other)) : mixed(f32(k == label), f32(k == other));
    return keep * hard + low;
  }
};

// term(0) + ... in the lanes of reduce.hpp.
template <class Term>
f32 row_sum(std::size_t n, const Term& term) {
  f32 lane[16] = {};
  for (std::size_t k = 0; k < n; ++k) lane[k % 16] += term(k);
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
  }
  return lane[0];
}

// log(sum exp(x)) - m of a row with the maximum m: the bits of log_softmax_rows.
f32 log_sum(Row x, f32 m) {
  return math::log(row_sum(x.size(), [&](std::size_t k) { return math::exp(x[k] - m); }));
}

// -(t . log_probability) of a target whose entries sum to 1.
template <class LogProbability>
f32 surprise(Row y, const Target& t, const LogProbability& log_probability) {
  const f32 hard = -t.mixed(log_probability(t.label), log_probability(t.other));
  return t.low == 0 ? hard : t.keep * hard - t.low * row_sum(y.size(), log_probability);
}

// Each of these gives the loss of one row and, unless dy is null, its gradient before the mean.

f32 nll_row(Row y, const Target& t, f32* dy) {
  if (dy) {
    for (std::size_t k = 0; k < y.size(); ++k) dy[k] = 0 - t.at(y, k);
  }
  return surprise(y, t, [&](std::size_t k) { return y[k]; });
}

f32 cross_entropy_row(Row y, const Target& t, f32* dy) {
  if (dy) {
    kernels::softmax_rows(y.data(), dy, 1, y.size());
    for (std::size_t k = 0; k < y.size(); ++k) dy[k] -= t.at(y, k);
  }
  const f32 m = kernels::maximum(y.data(), y.size());
  const f32 sum = log_sum(y, m);
  return surprise(y, t, [&](std::size_t k) { return (y[k] - m) - sum; });
}

f32 mse_row(Row y, const Target& target, f32* dy) {
  f32 sum = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const f32 error = y[k] - target.at(y, k);
    if (dy) dy[k] = 2 * error;
    sum += error * error;
  }
  return sum;
}

f32 clamped_log(f32 x) {
  const f32 l = math::log(x);
  return l < kLowestLog ? kLowestLog : l;  // NaN stays NaN
}

f32 binary_cross_entropy_row(Row y, const Target& target, f32* dy) {
  f32 sum = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const f32 t = target.at(y, k);
    if (dy) dy[k] = (y[k] - t) / std::max((1 - y[k]) * y[k], kLeastVariance);
    sum += (t - 1) * clamped_log(1 - y[k]) - t * clamped_log(y[k]);
  }
  return sum;
}

struct Rule {
  f32 (*row)(Row y, const Target& t, f32* dy);
  bool needs_class;  // the label is an index into the row
  bool mean_of_row;  // the mean runs over K too
};

Rule rule_of(spec::Loss kind) {
  switch (kind) {
    case spec::Loss::nll:
      return {nll_row, true, false};
    case spec::Loss::cross_entropy:
      return {cross_entropy_row, true, false};
    case spec::Loss::mse:
      return {mse_row, false, true};
    case spec::Loss::binary_cross_entropy:
      return {binary_cross_entropy_row, false, true};
  }
  ENSURE(false, "a loss outside its enumeration");
  return {};
}

template <class T>
bool ends_with(const spec::Network& network) {
  return !network.layers.empty() && std::holds_alternative<T>(network.layers.back().layer);
}

}  // namespace

Status check_loss(const spec::Network& network, int outputs, spec::Loss kind) {
  const bool log_softmax = ends_with<spec::LogSoftmax>(network);
  const bool sigmoid = ends_with<spec::Sigmoid>(network);
  const bool softmax = ends_with<spec::Softmax>(network);
  const auto refuse = [](const char* sentence) { return Problem{Code::bad_config, sentence}; };
  if (rule_of(kind).needs_class && outputs < 2) {
    return refuse(
        "This loss compares classes, but the network has one output. Use mse or "
        "binary_cross_entropy.");
  }
  if (kind == spec::Loss::nll && softmax) {
    return refuse(
        "The loss nll expects logarithms of probabilities, but Softmax gives the probabilities "
        "themselves. Change the last layer to LogSoftmax, or use mse.");
  }
  if (kind == spec::Loss::nll && !log_softmax) {
    return refuse(
        "The loss nll expects log-probabilities. End the network with LogSoftmax, or use "
        "cross_entropy.");
  }
  if (kind == spec::Loss::cross_entropy && softmax) {
    return refuse(
        "The loss cross_entropy includes the softmax. Remove the last layer Softmax, or change it "
        "to LogSoftmax and use nll.");
  }
  if (kind == spec::Loss::cross_entropy && (log_softmax || sigmoid)) {
    return refuse(
        "The loss cross_entropy includes the softmax. Remove the last layer, or use another loss: "
        "nll after "
        "LogSoftmax, binary_cross_entropy after Sigmoid.");
  }
  if (kind == spec::Loss::binary_cross_entropy && !sigmoid) {
    return refuse(
        "The loss binary_cross_entropy expects a probability for each output by itself. End the "
        "network with Sigmoid.");
  }
  return Done{};
}

LossValue loss(spec::Loss kind, BatchIn y, const Targets& targets, BatchOut dy) {
  const Rule rule = rule_of(kind);
  const std::size_t k = y.shape.size(), rows = targets.labels.size();
  const std::size_t classes = rule.needs_class ? k : std::max<std::size_t>(k, 2);
  const bool mixed = !targets.others.empty();
  ENSURE(y.n >= 1 && rows == std::size_t(y.n), "a loss wants one label for each row");
  ENSURE(!mixed || (targets.others.size() == rows && targets.shares.size() == rows),
         "mixed targets want a second label and a share for each row");
  const f32 low = targets.smoothing / f32(std::max<std::size_t>(k, 2));
  LossValue value;
  for (std::size_t n = 0; n < rows; ++n) {
    const u8 label = targets.labels[n], other = mixed ? targets.others[n] : label;
    const bool none = label == kNoClass && !mixed;
    ENSURE(none || (label < classes && other < classes),
           "a label must name one of the network's classes");
    const Target target =
        none ? Target{0, 0, 1, 0, 1 / f32(std::max<std::size_t>(k, 2))}
             : Target{label, other, mixed ? targets.shares[n] : 1, 1 - targets.smoothing, low};
    const Row row{y.sample(int(n)), k};
    value.mean += rule.row(row, target, dy ? dy.sample(int(n)) : nullptr);
    value.correct += decide(row) == int(target.share < 0.5f ? other : label);  // never kNoClass
  }
  const f32 count = rule.mean_of_row ? f32(y.size()) : f32(y.n);
  value.mean /= count;
  if (dy) kernels::scale(dy.data, 1 / count, dy.size());
  return value;
}

LossValue loss(spec::Loss kind, BatchIn y, std::span<const u8> labels, BatchOut dy) {
  return loss(kind, y, Targets{.labels = labels}, dy);
}

int decide(std::span<const f32> row) {
  return row.size() == 1 ? int(row[0] >= 0.5f) : int(kernels::argmax(row.data(), row.size()));
}

void probabilities(const spec::Network& network, std::span<const f32> y, std::span<f32> p) {
  const std::size_t k = y.size();
  ENSURE(p.size() == k, "a row of probabilities is as long as the row of outputs");
  if (k == 1) {
    p[0] = y[0] < 0 ? 0.0f : y[0] > 1 ? 1.0f : y[0];
  } else if (ends_with<spec::LogSoftmax>(network)) {
    kernels::exp(y.data(), p.data(), k);
  } else if (ends_with<spec::Softmax>(network)) {
    for (std::size_t i = 0; i < k; ++i) p[i] = y[i];
  } else if (ends_with<spec::Sigmoid>(network)) {
    const f32 sum = kernels::sum(y.data(), k);
    for (std::size_t i = 0; i < k; ++i) p[i] = sum == 0 ? 1 / f32(k) : y[i] / sum;
  } else {
    kernels::softmax_rows(y.data(), p.data(), 1, k);
  }
}

}  // namespace engine::nn
