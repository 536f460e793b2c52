// What the user asked for, layer by layer: plain data with defaults, comparable, free of weights.
// The editor edits it, files and messages carry it, nn/factory.cpp builds the behaviour from it.
// `in` and `channels` of 0 mean "whatever arrives". The catalogue says what each field means and
// its limits, nn/ the formulas.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "engine/core/view.hpp"

namespace engine::spec {

struct Linear {
  int in = 0, out = 10;
  bool bias = true;
  bool operator==(const Linear&) const = default;
};
struct Conv2d {
  int in = 0, out = 32, kernel = 3, stride = 1, padding = 1, groups = 1;
  bool bias = true;
  bool operator==(const Conv2d&) const = default;
};
struct MaxPool2d {
  int kernel = 2, stride = 2, padding = 0;
  bool operator==(const MaxPool2d&) const = default;
};
struct BatchNorm2d {
  int channels = 0;
  f32 momentum = 0.1f, eps = 1e-5f;
  bool operator==(const BatchNorm2d&) const = default;
};
struct Dropout {
  f32 p = 0.5f;
  bool operator==(const Dropout&) const = default;
};
struct ReLU {
  bool operator==(const ReLU&) const = default;
};
struct Sigmoid {
  bool operator==(const Sigmoid&) const = default;
};
struct Tanh {
  bool operator==(const Tanh&) const = default;
};
struct Flatten {
  bool operator==(const Flatten&) const = default;
};
struct LogSoftmax {
  bool operator==(const LogSoftmax&) const = default;
};
struct Add {
  bool operator==(const Add&) const = default;
};
struct Concat {
  bool operator==(const Concat&) const = default;
};
struct LeakyReLU {
  f32 negative_slope = 0.01f;
  bool operator==(const LeakyReLU&) const = default;
};
struct GELU {
  bool operator==(const GELU&) const = default;
};
struct SiLU {
  bool operator==(const SiLU&) const = default;
};
struct Softmax {
  bool operator==(const Softmax&) const = default;
};
struct BatchNorm1d {
  int channels = 0;
  f32 momentum = 0.1f, eps = 1e-5f;
  bool operator==(const BatchNorm1d&) const = default;
};
struct AvgPool2d {
  int kernel = 2, stride = 2, padding = 0;
  bool operator==(const AvgPool2d&) const = default;
};
struct GlobalAvgPool {
  bool operator==(const GlobalAvgPool&) const = default;
};

// Append only: the index is the layer's kind in messages.
using Layer = std::variant<Linear, Conv2d, MaxPool2d, BatchNorm2d, Dropout, ReLU, Sigmoid, Tanh,
                           Flatten, LogSoftmax, Add, Concat, LeakyReLU, GELU, SiLU, Softmax,
                           BatchNorm1d, AvgPool2d, GlobalAvgPool>;

// Layers that read two or more outputs; all others read one.
inline bool joins(const Layer& layer) {
  return std::holds_alternative<Add>(layer) || std::holds_alternative<Concat>(layer);
}

// A layer under its PyTorch name ("conv1", "fc"): unique, letters, digits and underscores.
struct NamedLayer {
  std::string name;
  Layer layer;
  // What it reads: names of layers before it, or kInputName. Empty: the layer just before it.
  std::vector<std::string> from{};
  bool operator==(const NamedLayer&) const = default;
};

inline constexpr std::size_t kMaxSources = 8;  // outputs that one layer reads
inline constexpr const char* kInputName = "input";

// A network: an acyclic graph, its layers in an order in which they can be computed; the last one's
// output is the network's. (N, 1, 28, 28) in; (N, classes) out.
struct Network {
  std::string name;
  Shape input{1, 28, 28};
  std::vector<NamedLayer> layers;
  bool operator==(const Network&) const = default;
};

}  // namespace engine::spec
