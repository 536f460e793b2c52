// The layers of a network in the order in which they are computed, as exporters need them. Each
// exporter is a visitor with one overload for each kind of layer (onnx_write.cpp, code_*.cpp; and a
// line in the table of check_export.py): a kind without one does not compile.
#pragma once
#include <string>
#include <vector>

#include "engine/spec/layers.hpp"

namespace engine::io {

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
