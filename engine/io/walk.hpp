// The layers of a network in the order in which they are computed, as exporters need them.
#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/spec/layers.hpp"

namespace engine::io {

// The layers that every exporter can write. Each has one overload in each exporter's visitor
// (onnx_write.cpp, code_*.cpp) and one line in the table of check_export.py.
template <class L>
concept Exported = (std::same_as<L, spec::Linear> || std::same_as<L, spec::Conv2d> ||
                    std::same_as<L, spec::MaxPool2d> || std::same_as<L, spec::BatchNorm2d> ||
                    std::same_as<L, spec::Dropout> || std::same_as<L, spec::ReLU> ||
                    std::same_as<L, spec::Sigmoid> || std::same_as<L, spec::Tanh> ||
                    std::same_as<L, spec::Flatten> || std::same_as<L, spec::LogSoftmax> ||
                    std::same_as<L, spec::Add> || std::same_as<L, spec::Concat>);

// The sentence for a network with another layer. Exporters may be given only networks that pass.
std::optional<Problem> check_exportable(const spec::Network& spec);

// Calls visitor(layer) for a layer that can be exported.
template <class Visitor>
auto visit_exported(Visitor visitor, const spec::Layer& layer) {
  using Answer = decltype(visitor(spec::ReLU{}));
  return std::visit(
      [&]<class L>(const L& l) -> Answer {
        if constexpr (Exported<L>) {
          return visitor(l);
        } else {
          return Answer();
        }
      },
      layer);
}

struct Step {
  int index = 0;
  const spec::NamedLayer* layer = nullptr;  // of the spec, which must outlive the step
  std::vector<int> from = {};               // the layers whose outputs it takes; -1: the images
  Shape in, out;
  bool flat_in = false, flat = false;  // (N, C) in PyTorch, else (N, C, H, W)

  const std::string& name() const { return layer->name; }
};

// `spec` is accepted by infer().
std::vector<Step> walk(const spec::Network& spec);

// The variables that hold the outputs in generated code: "x" for all of a chain, where each output
// replaces the one before it; else "x_conv1" for conv1's.
class Variables {
 public:
  explicit Variables(const std::vector<Step>& steps);
  std::string of(int index) const;  // -1: the images
  std::vector<std::string> inputs(const Step& step) const;
  bool one() const { return chain_; }

 private:
  const std::vector<Step>& steps_;
  bool chain_ = true;
};

// "a, b" of {"a", "b"}.
std::string joined(const std::vector<std::string>& parts, const char* between);

}  // namespace engine::io
