// Losses on a batch of outputs y (N, K), each with its gradient, as PyTorch's with reduction
// 'mean'.
//
//   nll                   y are log-probabilities:  L = mean over N of -y[label]
//   cross_entropy         y are logits:             nll of their log-softmax
//   mse                   L = mean over N and K of (y - t)^2
//   binary_cross_entropy  y are probabilities:
//                         L = mean over N and K of -(t log y + (1 - t) log(1 - y)), logarithms
//                         clamped at -100 and the gradient's denominator y (1 - y) at 1e-12
//
// The target t is one-hot; for K = 1 it is the label itself, 0 or 1 (two classes, one output).
// Softer targets: of two labels, s t + (1 - s) t' (mixup); then with smoothing e, (1 - e) t + e / K
// (e / 2 for K = 1) [Szegedy et al. 2016]; nll and cross_entropy are the sum over K of -t log(p),
// as PyTorch's CrossEntropyLoss(label_smoothing=e) has it. A row that shows none of the classes
// (kNoClass) should find them all alike: t = 1 / K [outlier exposure, Hendrycks et al. 2019].
#pragma once
#include <span>

#include "engine/core/result.hpp"
#include "engine/core/view.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace engine::nn {

// Whether this loss can train this network: nll wants LogSoftmax as the last layer and
// binary_cross_entropy Sigmoid; cross_entropy wants neither, nor Softmax; nll and cross_entropy
// want K >= 2. Code::bad_config otherwise.
Status check_loss(const spec::Network& network, int outputs, spec::Loss kind);

// A label that is none of the classes.
inline constexpr u8 kNoClass = 255;

struct LossValue {
  f32 mean = 0;     // L
  int correct = 0;  // rows whose decide() is the label; of two labels the one with more share
};

// What the rows of a batch should answer.
struct Targets {
  std::span<const u8> labels;
  std::span<const u8> others{};   // second labels, none of them kNoClass; empty: none
  std::span<const f32> shares{};  // of the first labels, 0..1; as many as others
  f32 smoothing = 0;              // 0..1
};

// The value for the batch and, unless dy.data is null, dy = dL/dy (assigned). One label for each
// row, below max(K, 2), and below K for nll and cross_entropy, or kNoClass. Rows are summed in
// order in f32, by the caller's thread: N K is small. Allocates nothing.
LossValue loss(spec::Loss kind, BatchIn y, const Targets& targets, BatchOut dy);
LossValue loss(spec::Loss kind, BatchIn y, std::span<const u8> labels, BatchOut dy);

// The class that a row of outputs stands for: the index of its largest value (the first of equals,
// a NaN being the largest); for K = 1, whether the value is at least 0.5.
int decide(std::span<const f32> row);

// Class probabilities from one row of a network's output: exp after LogSoftmax; the output itself
// after Softmax; after Sigmoid divided by their sum (uniform if all are 0), otherwise softmax. For
// K = 1 it is the probability of class 1: the output itself, clamped to 0..1. y and p hold K values
// and may be the same memory.
void probabilities(const spec::Network& network, std::span<const f32> y, std::span<f32> p);

}  // namespace engine::nn
