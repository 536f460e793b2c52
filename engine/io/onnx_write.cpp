#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/io/onnx.hpp"
#include "engine/io/onnx_lower.hpp"
#include "engine/io/walk.hpp"

namespace engine::io {
namespace onnx {
namespace {

Attribute whole(const char* name, std::int64_t value) {
  return {.name = name, .type = Type::whole, .whole = value};
}
Attribute real(const char* name, f32 value) {
  return {.name = name, .type = Type::real, .real = value};
}
Attribute wholes(const char* name, std::vector<std::int64_t> values) {
  return {.name = name, .type = Type::wholes, .wholes = std::move(values)};
}
Attribute both(const char* name, int value) { return wholes(name, {value, value}); }
Attribute sides(const char* name, int value) { return wholes(name, {value, value, value, value}); }

// One overload for each kind of layer: a kind without one does not compile.
struct Lower {
  const Step& step;
  Lowered& to;
  std::vector<std::string> inputs;  // the values that arrive
  std::string output;

  void node(const char* op, const std::vector<std::string>& parameters = {},
            std::vector<Attribute> attributes = {}) {
    std::vector<std::string> all = inputs;
    for (const std::string& p : parameters) all.push_back(step.name() + "." + p);
    std::ranges::stable_sort(attributes, {}, &Attribute::name);
    to.nodes.push_back({op, step.name(), std::move(all), {output}, std::move(attributes)});
  }
  std::string constant(const char* name, f32 value) {
    to.constants.push_back({step.name() + "." + name, {}, {value}});
    return step.name() + "." + name;
  }
  // A step of a layer that takes several operators; gives its output.
  std::string part(const char* op, std::vector<std::string> from, const char* name) {
    const std::string given = step.name() + "." + name;
    to.nodes.push_back({op, given, std::move(from), {given}, {}});
    return given;
  }
  void last(const char* op, std::vector<std::string> from) {
    to.nodes.push_back({op, step.name(), std::move(from), {output}, {}});
  }
  template <class L>
  void pool(const char* op, const L& l, std::vector<Attribute> attributes = {}) {
    attributes.push_back(both("kernel_shape", l.kernel));
    attributes.push_back(sides("pads", l.padding));
    attributes.push_back(both("strides", l.stride));
    node(op, {}, std::move(attributes));
  }
  template <class L>
  void norm(const L& l) {
    node("BatchNormalization", {"weight", "bias", "running_mean", "running_var"},
         {real("epsilon", l.eps), real("momentum", 1 - l.momentum)});
  }
  static std::vector<std::string> with_bias(bool bias) {
    return bias ? std::vector<std::string>{"weight", "bias"} : std::vector<std::string>{"weight"};
  }

  void operator()(const spec::Linear& l) {
    node("Gemm", with_bias(l.bias), {real("alpha", 1), real("beta", 1), whole("transB", 1)});
  }
  void operator()(const spec::Conv2d& l) {
    node("Conv", with_bias(l.bias),
         {both("dilations", 1), whole("group", l.groups), both("kernel_shape", l.kernel),
          sides("pads", l.padding), both("strides", l.stride)});
  }
  void operator()(const spec::MaxPool2d& l) { pool("MaxPool", l); }
  void operator()(const spec::BatchNorm2d& l) { norm(l); }
  void operator()(const spec::Dropout& l) {  // the identity: nobody asks for training
    constant("ratio", l.p);
    node("Dropout", {"ratio"});
  }
  void operator()(const spec::ReLU&) { node("Relu"); }
  void operator()(const spec::Sigmoid&) { node("Sigmoid"); }
  void operator()(const spec::Tanh&) { node("Tanh"); }
  void operator()(const spec::Flatten&) { node("Flatten", {}, {whole("axis", 1)}); }
  void operator()(const spec::LogSoftmax&) { node("LogSoftmax", {}, {whole("axis", 1)}); }
  void operator()(const spec::LeakyReLU& l) {
    node("LeakyRelu", {}, {real("alpha", l.negative_slope)});
  }
  void operator()(const spec::GELU&) {  // an operator of its own only from opset 20 on
    const std::string& x = inputs[0];
    const std::string scaled = part("Div", {x, constant("root", 1.41421356f)}, "scaled");
    const std::string erf = part("Erf", {scaled}, "erf");
    const std::string weight = part("Add", {erf, constant("one", 1)}, "weighing");
    const std::string twice = part("Mul", {x, weight}, "twice");
    last("Mul", {twice, constant("half", 0.5f)});
  }
  void operator()(const spec::SiLU&) {
    last("Mul", {inputs[0], part("Sigmoid", {inputs[0]}, "sigmoid")});
  }
  void operator()(const spec::Softmax&) { node("Softmax", {}, {whole("axis", 1)}); }
  void operator()(const spec::BatchNorm1d& l) { norm(l); }
  void operator()(const spec::AvgPool2d& l) {
    pool("AveragePool", l, {whole("count_include_pad", 1)});
  }
  void operator()(const spec::GlobalAvgPool&) { node("GlobalAveragePool"); }
  void operator()(const spec::Add&) { node(inputs.size() == 2 ? "Add" : "Sum"); }
  void operator()(const spec::Concat&) { node("Concat", {}, {whole("axis", 1)}); }
};

std::vector<int> dims_of(Shape shape, bool flat) {
  return flat ? std::vector<int>{int(shape.size())} : std::vector<int>{shape.c, shape.h, shape.w};
}

}  // namespace

Lowered lower(const spec::Network& spec) {
  Lowered lowered;
  const std::vector<Step> steps = walk(spec);
  const auto value_of = [&](int index) {
    return index < 0                        ? std::string(kInput)
           : index + 1 == int(steps.size()) ? std::string(kOutput)
                                            : steps[std::size_t(index)].name() + ".out";
  };
  for (const Step& step : steps) {
    std::vector<std::string> inputs;
    for (int from : step.from) inputs.push_back(value_of(from));
    std::visit(Lower{step, lowered, std::move(inputs), value_of(step.index)}, step.layer->layer);
  }
  return lowered;
}

}  // namespace onnx

Result<std::vector<std::byte>> write_onnx(const spec::Network& spec, const WeightFile& file,
                                          const std::map<std::string, std::string>& notes) {
  if (auto problem = check_writable(file, Precision::full)) return *problem;
  const std::vector<Step> steps = walk(spec);
  onnx::Lowered lowered = onnx::lower(spec);
  onnx::Model model{.opset = onnx::kOpset,
                    .name = spec.name,
                    .nodes = std::move(lowered.nodes),
                    .initializers = file.tensors,
                    .metadata = file.metadata};
  std::ranges::move(lowered.constants, std::back_inserter(model.initializers));
  model.input = {onnx::kInput, onnx::dims_of(spec.input, spec.input.flat())};
  model.output = {onnx::kOutput, onnx::dims_of(steps.back().out, steps.back().flat)};
  model.metadata.insert(notes.begin(), notes.end());
  return onnx::encode(model);
}

}  // namespace engine::io
