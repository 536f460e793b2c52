#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "engine/io/bad_file.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/onnx_lower.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/json.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::io {
namespace {

using onnx::Attribute;
using onnx::Model;
using onnx::Node;
using spec::shown;

constexpr const char* kSpec = "atelier.spec";

const TensorData* find(const Model& model, const std::string& name) {
  const auto at = std::ranges::find(model.initializers, name, &TensorData::name);
  return at == model.initializers.end() ? nullptr : &*at;
}

// --- files of ours: the notes say which network it is, and the graph is exactly that network's

std::optional<WeightFile> read_ours(const Model& model) {
  const auto text = model.metadata.find(kSpec);
  if (text == model.metadata.end()) return {};
  const Result<spec::Network> spec = spec::network_from_json(text->second);
  if (!spec.ok()) return {};
  const onnx::Lowered lowered = onnx::lower(*spec);
  if (lowered.nodes != model.nodes) return {};
  WeightFile file{model.metadata, {}};
  std::vector<TensorData> constants;
  for (const TensorData& tensor : model.initializers) {
    const bool constant = std::ranges::any_of(lowered.constants,
                                              [&](const auto& c) { return c.name == tensor.name; });
    (constant ? constants : file.tensors).push_back(tensor);
  }
  if (constants != lowered.constants) return {};
  return file;
}

// --- files of other programs: each operator becomes a layer

void append(spec::Network& network, const std::string& name, const spec::Layer& layer,
            const std::vector<std::string>& from) {
  const std::string& last = network.layers.empty() ? spec::kInputName : network.layers.back().name;
  const bool next = from == std::vector<std::string>{last};  // of a chain: it says so by nothing
  network.layers.push_back({name, layer, next ? std::vector<std::string>{} : from});
}

// Several operators that are one layer.
struct Whole {
  std::size_t count = 0;
  spec::Layer layer;
};

// The layers that ONNX 17 has no operator for, as write_onnx() and PyTorch write them: x sigmoid(x)
// and x (erf(x / sqrt(2)) + 1) / 2, the factors of each product in either order. Nothing else may
// read what the operators between give; read_foreign() then knows no such value.
class Wholes {
 public:
  explicit Wholes(const Model& model) : model_(model) {}

  // The one that begins with operator `at`, if there is one.
  std::optional<Whole> at(std::size_t at) const {
    const auto nodes = std::span(model_.nodes).subspan(at);
    const auto begins = [&](std::initializer_list<const char*> ops) {
      return nodes.size() >= ops.size() &&
             std::equal(ops.begin(), ops.end(), nodes.begin(),
                        [](const char* op, const Node& node) { return node.op == op; });
    };
    if (nodes[0].inputs.empty()) return {};
    const std::string& x = nodes[0].inputs[0];
    if (begins({"Sigmoid", "Mul"}) && takes(nodes[1], x, nodes[0])) return Whole{2, spec::SiLU{}};
    if (begins({"Div", "Erf", "Add", "Mul", "Mul"}) && nodes[0].inputs.size() == 2 &&
        is(nodes[0].inputs[1], 1.41421356f) && nodes[1].inputs == nodes[0].outputs &&
        scales(nodes[2], nodes[1], 1) && takes(nodes[3], x, nodes[2]) &&
        scales(nodes[4], nodes[3], 0.5f))
      return Whole{5, spec::GELU{}};
    return {};
  }

 private:
  bool is(const std::string& name, f32 value) const {
    const TensorData* tensor = find(model_, name);
    return tensor != nullptr && tensor->values.size() == 1 &&
           std::fabs(tensor->values[0] - value) <= 1e-6f;
  }
  // Whether a node takes `a` and what `b` gives, and nothing else.
  static bool takes(const Node& node, const std::string& a, const Node& b) {
    if (b.outputs.size() != 1 || b.outputs[0] == a) return false;
    const std::string& given = b.outputs[0];
    return node.inputs == std::vector{a, given} || node.inputs == std::vector{given, a};
  }
  // Whether it takes what `b` gives and a constant of this value.
  bool scales(const Node& node, const Node& b, f32 value) const {
    return std::ranges::any_of(node.inputs, [&](const std::string& input) {
      return is(input, value) && takes(node, input, b);
    });
  }

  const Model& model_;
};

// One operator as a layer; the first thing that is not possible becomes the problem.
class Lift {
 public:
  // `flat`: what arrives is (N, C).
  Lift(const Model& model, const Node& node, bool flat) : model_(model), node_(node), flat_(flat) {}

  // Adds the layer; gives its name.
  Result<std::string> run(const std::vector<std::string>& from, spec::Network& network,
                          WeightFile& file);

 private:
  std::optional<spec::Layer> layer();
  std::optional<spec::Layer> conv();
  std::optional<spec::Layer> gemm();
  std::optional<spec::Layer> pool();
  std::optional<spec::Layer> norm();
  std::optional<spec::Layer> along_classes(spec::Layer layer);
  std::optional<spec::Layer> dropout();
  std::optional<spec::Layer> flatten();

  std::nullopt_t refuse(const std::string& what) {
    if (!problem_)
      problem_ = bad_file("The operator " + node_.op + " " + shown(node_.name) + " " + what +
                          ", which is not possible here.");
    return std::nullopt;
  }
  std::int64_t whole(const char* name, std::int64_t usual) const {
    const Attribute* a = node_.find(name);
    return a == nullptr ? usual : a->type == onnx::Type::whole ? a->whole : -1;
  }
  f32 real(const char* name, f32 usual) const {  // NaN, which no layer takes, for another type
    const Attribute* a = node_.find(name);
    return a == nullptr                  ? usual
           : a->type == onnx::Type::real ? a->real
                                         : std::numeric_limits<f32>::quiet_NaN();
  }
  // A list whose values are all the same, or -1.
  int same(const char* name, int usual) const {
    const Attribute* a = node_.find(name);
    if (a == nullptr) return usual;
    const auto& list = a->wholes;
    const bool good = !list.empty() && list[0] >= 0 && list[0] <= 1 << 20 &&
                      std::ranges::count(list, list[0]) == std::ssize(list);
    return good ? int(list[0]) : -1;
  }
  // Input `index` as a tensor of the network called `part` ("weight").
  const TensorData* parameter(std::size_t index, const char* part) {
    if (index >= node_.inputs.size() || node_.inputs[index].empty()) return nullptr;
    const TensorData* tensor = find(model_, node_.inputs[index]);
    if (tensor == nullptr) {
      refuse("computes its weights");
      return nullptr;
    }
    parameters_.push_back({part, tensor->dims, tensor->values});
    return tensor;
  }
  bool slides() {
    return same("dilations", 1) == 1 && whole("ceil_mode", 0) == 0 &&
           whole("storage_order", 0) == 0 && node_.find("auto_pad") == nullptr;
  }
  // "conv1" of the weight "conv1.weight", so that a round trip keeps names.
  std::string name_for(const spec::Network& network, const spec::Layer& layer) const;

  const Model& model_;
  const Node& node_;
  bool flat_;
  std::vector<TensorData> parameters_;
  std::optional<Problem> problem_;
};

std::optional<spec::Layer> Lift::conv() {
  const TensorData* weight = parameter(1, "weight");
  const bool bias = parameter(2, "bias") != nullptr;
  const int kernel = weight != nullptr && weight->dims.size() == 4 ? int(weight->dims[2]) : -1;
  if (kernel < 1 || weight->dims[3] != weight->dims[2] || same("kernel_shape", kernel) != kernel)
    return refuse("has no square kernel of two dimensions");
  const int stride = same("strides", 1), padding = same("pads", 0);
  const std::int64_t groups = whole("group", 1);
  if (!slides() || stride < 1 || padding < 0)
    return refuse("has dilations, or strides or paddings that differ by side");
  if (groups < 1 || groups > 1 << 14) return refuse("has too many groups");
  return spec::Conv2d{.in = int(weight->dims[1] * u64(groups)),
                      .out = int(weight->dims[0]),
                      .kernel = kernel,
                      .stride = stride,
                      .padding = padding,
                      .groups = int(groups),
                      .bias = bias};
}

std::optional<spec::Layer> Lift::gemm() {
  const TensorData* weight = parameter(1, "weight");
  const bool bias = parameter(2, "bias") != nullptr;
  if (weight == nullptr || weight->dims.size() != 2) return refuse("has no weight matrix");
  if (real("alpha", 1) != 1 || (bias && real("beta", 1) != 1) || whole("transA", 0) != 0)
    return refuse("scales or transposes what it multiplies");
  if (whole("transB", 0) == 0) {  // (in, out): ours is (out, in)
    TensorData& w = parameters_[0];
    const std::size_t rows = std::size_t(w.dims[0]), columns = std::size_t(w.dims[1]);
    std::vector<f32> turned(w.values.size());
    for (std::size_t i = 0; i < turned.size(); ++i)
      turned[i % columns * rows + i / columns] = w.values[i];
    w.values = std::move(turned);
    std::swap(w.dims[0], w.dims[1]);
  }
  return spec::Linear{
      .in = int(parameters_[0].dims[1]), .out = int(parameters_[0].dims[0]), .bias = bias};
}

std::optional<spec::Layer> Lift::pool() {
  const int kernel = same("kernel_shape", -1), stride = same("strides", 1);
  const int padding = same("pads", 0);
  if (!slides() || kernel < 1 || stride < 1 || padding < 0)
    return refuse("has kernels, strides or paddings that differ by side, or dilations");
  if (node_.op == "MaxPool")
    return spec::MaxPool2d{.kernel = kernel, .stride = stride, .padding = padding};
  if (padding != 0 && whole("count_include_pad", 0) != 1)
    return refuse("leaves its padding out of its averages");
  return spec::AvgPool2d{.kernel = kernel, .stride = stride, .padding = padding};
}

std::optional<spec::Layer> Lift::norm() {
  const char* parts[] = {"weight", "bias", "running_mean", "running_var"};
  for (std::size_t i = 0; i < 4; ++i) {
    if (parameter(i + 1, parts[i]) == nullptr) return refuse("lacks its statistics");
  }
  if (whole("training_mode", 0) != 0) return refuse("is in training mode");
  const f32 momentum = 1 - real("momentum", 0.9f), eps = real("epsilon", 1e-5f);
  if (flat_) return spec::BatchNorm1d{.momentum = momentum, .eps = eps};
  return spec::BatchNorm2d{.momentum = momentum, .eps = eps};
}

std::optional<spec::Layer> Lift::along_classes(spec::Layer layer) {
  const std::int64_t axis = whole("axis", model_.opset < 13 ? 1 : -1);
  const Attribute* given = node_.find("axis");
  const bool last = given != nullptr && given->whole == -1;
  if (axis != 1 && !last && given != nullptr) return refuse("works along another axis than 1");
  return layer;
}

std::optional<spec::Layer> Lift::dropout() {
  const auto given = [&](std::size_t index) {
    return index < node_.inputs.size() && !node_.inputs[index].empty();
  };
  const TensorData* ratio = given(1) ? find(model_, node_.inputs[1]) : nullptr;
  const TensorData* training = given(2) ? find(model_, node_.inputs[2]) : nullptr;
  if (given(2) && (training == nullptr || training->values != std::vector<f32>{0}))
    return refuse("is in training mode, or computes whether it is");
  const f32 usual = real("ratio", 0.5f);  // an attribute up to opset 11
  const f32 p = ratio != nullptr && ratio->values.size() == 1 ? ratio->values[0] : usual;
  return spec::Dropout{.p = p};
}

std::optional<spec::Layer> Lift::flatten() {
  if (whole("axis", 1) != 1) return refuse("keeps another axis than the first");
  return spec::Flatten{};
}

std::optional<spec::Layer> Lift::layer() {
  const std::string& op = node_.op;
  if (op == "Conv") return conv();
  if (op == "Gemm") return gemm();
  if (op == "MaxPool" || op == "AveragePool") return pool();
  if (op == "GlobalAveragePool") return spec::GlobalAvgPool{};
  if (op == "LeakyRelu") return spec::LeakyReLU{.negative_slope = real("alpha", 0.01f)};
  if (op == "Softmax") return along_classes(spec::Softmax{});
  if (op == "BatchNormalization") return norm();
  if (op == "Relu") return spec::ReLU{};
  if (op == "Sigmoid") return spec::Sigmoid{};
  if (op == "Tanh") return spec::Tanh{};
  if (op == "Flatten") return flatten();
  if (op == "LogSoftmax") return along_classes(spec::LogSoftmax{});
  if (op == "Add" || op == "Sum") return spec::Add{};
  if (op == "Concat")
    return whole("axis", 0) == 1 ? std::optional<spec::Layer>(spec::Concat{})
                                 : refuse("joins along another axis than 1");
  if (op == "Dropout") return dropout();
  problem_ = bad_file("The ONNX file uses the operator " + op +
                      ", for which there is no layer here. Export a network of other layers.");
  return std::nullopt;
}

std::string Lift::name_for(const spec::Network& network, const spec::Layer& layer) const {
  if (!parameters_.empty()) {
    const std::string& given = node_.inputs[1];
    const std::size_t dot = given.rfind(".weight");
    const std::string stem =
        dot != std::string::npos && dot + 7 == given.size() ? given.substr(0, dot) : std::string();
    const bool plain =
        !stem.empty() && stem.size() <= 32 && stem[0] > '9' &&
        stem.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
            std::string::npos &&
        std::ranges::find(network.layers, stem, &spec::NamedLayer::name) == network.layers.end();
    if (plain) return stem;
  }
  return spec::unused_name(network, layer);
}

Result<std::string> Lift::run(const std::vector<std::string>& from, spec::Network& network,
                              WeightFile& file) {
  const std::optional<spec::Layer> made = layer();
  if (problem_) return *problem_;
  if (!made) return bad_file("The operator " + node_.op + " is not read here.");
  const std::string name = name_for(network, *made);
  append(network, name, *made, from);
  for (TensorData& tensor : parameters_) {
    tensor.name = name + "." + tensor.name;
    file.tensors.push_back(std::move(tensor));
  }
  return name;
}

// The names of the layers whose outputs an operator takes; nothing when one is not known.
std::vector<std::string> sources(const Node& node,
                                 const std::map<std::string, std::string>& makers) {
  const bool join = node.op == "Add" || node.op == "Sum" || node.op == "Concat";
  std::vector<std::string> from;
  for (const std::string& input : node.inputs) {
    const auto maker = makers.find(input);
    if (maker == makers.end()) return {};
    from.push_back(maker->second);
    if (!join) break;  // weights follow
  }
  return from;
}

Result<WeightFile> read_foreign(const Model& model) {
  WeightFile file{model.metadata, {}};
  spec::Network network{.name = "onnx", .input = {}, .layers = {}};
  const std::vector<int>& dims = model.input.dims;
  if (dims.size() != 1 && dims.size() != 3)
    return bad_file("The ONNX file's input is not (N, C, H, W) or (N, C). Export it so.");
  network.input = dims.size() == 1 ? Shape{dims[0], 1, 1} : Shape{dims[0], dims[1], dims[2]};
  std::map<std::string, std::string> makers{{model.input.name, spec::kInputName}};  // of values
  std::set<std::string> flats;  // the layers that give (N, C)
  if (network.input.flat()) flats.insert(spec::kInputName);
  const Wholes wholes(model);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const Node& node = model.nodes[i];
    const std::vector<std::string> from = sources(node, makers);
    if (from.empty() || node.outputs.empty()) {
      return bad_file("The operator " + node.op + " " + shown(node.name) +
                      " takes what no operator before it gives, which is not read here.");
    }
    const bool flat = flats.count(from[0]) != 0;
    if (const auto whole = wholes.at(i)) {
      const std::string name = spec::unused_name(network, whole->layer);
      append(network, name, whole->layer, from);
      i += whole->count - 1;
      if (model.nodes[i].outputs.size() == 1) makers[model.nodes[i].outputs[0]] = name;
      if (flat) flats.insert(name);
      continue;
    }
    std::string& maker = makers[node.outputs[0]];
    if (node.op == "Identity") {
      maker = from[0];
      continue;
    }
    const Result<std::string> name = Lift(model, node, flat).run(from, network, file);
    if (!name.ok()) return name.problem();
    maker = *name;
    if (flat || node.op == "Flatten" || node.op == "Gemm") flats.insert(maker);
  }
  if (network.layers.empty() || makers[model.output.name] != network.layers.back().name)
    return bad_file("The ONNX file's output is not what its last operator gives.");
  const auto facts = spec::infer(network);
  if (!facts.ok())
    return bad_file("The file's network cannot be built: " + facts.problem().sentence);
  file.metadata[kSpec] = spec::to_json(network);
  return file;
}

}  // namespace

Result<WeightFile> read_onnx(std::span<const std::byte> bytes) {
  const Result<Model> model = onnx::decode(bytes);
  if (!model.ok()) return model.problem();
  if (auto file = read_ours(*model)) return std::move(*file);
  return read_foreign(*model);
}

}  // namespace engine::io
