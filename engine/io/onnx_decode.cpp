// Field numbers are those of onnx.proto3. Fields that only describe (doc strings, value_info, ...)
// are skipped; fields that change what a graph computes are understood or refused.
#include <algorithm>

#include "engine/io/bad_file.hpp"
#include "engine/io/half.hpp"
#include "engine/io/onnx_graph.hpp"
#include "engine/io/protobuf.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io::onnx {
namespace {

using spec::shown;

constexpr std::size_t kMaxNodes = 1024;
constexpr std::size_t kMaxListed = 64;  // inputs, outputs, attributes of one node
constexpr std::size_t kMaxNotes = 256;
constexpr u64 kBool = 9;  // TensorProto.DataType

Problem damaged() { return bad_file("The ONNX file is damaged or truncated. Export it again."); }

// Repeated numbers come one by one or packed.
bool read_wholes(const ProtoField& field, std::vector<std::int64_t>& to, std::size_t limit) {
  if (field.kind == 0) {
    to.push_back(field.whole());
  } else {
    ProtoReader packed(field.bytes);
    while (!packed.at_end() && packed.ok() && to.size() <= limit)
      to.push_back(std::int64_t(packed.varint()));
    if (!packed.ok()) return false;
  }
  return to.size() <= limit;
}

Result<Attribute> read_attribute(std::span<const std::byte> bytes) {
  Attribute attribute;
  i32 type = 0;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.number == 1) attribute.name = shown(field.text());
    if (field.number == 2) attribute.real = field.real();
    if (field.number == 3) attribute.whole = field.whole();
    if (field.number == 8 && !read_wholes(field, attribute.wholes, kMaxListed)) return damaged();
    if (field.number == 20) type = i32(field.value & 0xFF);
  }
  if (!reader.ok()) return damaged();
  attribute.type = type == 1   ? Type::real
                   : type == 2 ? Type::whole
                   : type == 7 ? Type::wholes
                               : Type::other;
  return attribute;
}

Result<Node> read_node(std::span<const std::byte> bytes) {
  Node node;
  std::string domain;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.number == 1) node.inputs.emplace_back(field.text());
    if (field.number == 2) node.outputs.emplace_back(field.text());
    if (field.number == 3) node.name = field.text();
    if (field.number == 4) node.op = shown(field.text());
    if (field.number == 7) domain = shown(field.text());
    if (field.number == 5) {
      Result<Attribute> attribute = read_attribute(field.bytes);
      if (!attribute.ok()) return attribute.problem();
      node.attributes.push_back(std::move(*attribute));
    }
    if (std::max({node.inputs.size(), node.outputs.size(), node.attributes.size()}) > kMaxListed)
      return damaged();
  }
  if (!reader.ok()) return damaged();
  if (!domain.empty() && domain != "ai.onnx") {
    return bad_file("The ONNX file uses the operator " + node.op + " of " + domain +
                    ", which is not read here. Only standard operators are.");
  }
  std::ranges::stable_sort(node.attributes, {}, &Attribute::name);
  return node;
}

// What a TensorProto says before its values are looked at.
struct Raw {
  std::string name;
  std::vector<std::int64_t> dims;
  u64 type = 0;
  std::span<const std::byte> raw;
  std::span<const std::byte> floats;  // packed float_data
  bool has_raw = false;
  u64 whole = 0;  // the first of int32_data
};

Result<Raw> read_raw(std::span<const std::byte> bytes) {
  Raw tensor;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    const bool is_bytes = field.kind == 2;
    if (field.number == 1 && !read_wholes(field, tensor.dims, kMaxTensorDims)) return damaged();
    if (field.number == 2) tensor.type = field.value;
    if (field.number == 4 && is_bytes) tensor.floats = field.bytes;
    if (field.number == 5)
      tensor.whole = is_bytes ? ProtoReader(field.bytes).varint() : field.value;
    if (field.number == 8) tensor.name = field.text();
    if (field.number == 9 && is_bytes) tensor.raw = field.bytes, tensor.has_raw = true;
    if (field.number == 13 || (field.number == 14 && field.value != 0)) {
      return bad_file("The ONNX file keeps the values of " + shown(tensor.name) +
                      " in another file. Export it as one file, without external data.");
    }
  }
  if (!reader.ok()) return damaged();
  return tensor;
}

Result<TensorData> read_tensor(std::span<const std::byte> bytes) {
  const Result<Raw> raw = read_raw(bytes);
  if (!raw.ok()) return raw.problem();
  TensorData tensor{raw->name, {}, {}};
  for (std::int64_t d : raw->dims) tensor.dims.push_back(u64(d));
  const Result<u64> count = count_values(tensor.name, tensor.dims);
  if (!count.ok()) return count.problem();
  if (raw->type == kBool && *count == 1) {  // a flag, such as Dropout's training_mode: 0 or 1
    const bool off =
        raw->has_raw ? raw->raw.size() == 1 && raw->raw[0] == std::byte{0} : raw->whole == 0;
    tensor.values = {off ? 0.0f : 1.0f};
    return tensor;
  }
  const u64 size = raw->type == 1                       ? 4
                   : raw->type == 10 || raw->type == 16 ? 2
                   : raw->type == 11                    ? 8
                                                        : 0;
  const std::span<const std::byte> values = raw->has_raw || raw->type != 1 ? raw->raw : raw->floats;
  if (size == 0) {
    return bad_file("The tensor " + shown(tensor.name) +
                    " in the ONNX file does not hold real numbers (float32, float16, bfloat16 or "
                    "float64), so it is no weight of a network here.");
  }
  if (values.size() != *count * size) {
    return bad_file("The tensor " + shown(tensor.name) + " in the ONNX file should have " +
                    spec::grouped(*count) + " values but has " + spec::grouped(values.size()) +
                    " bytes.");
  }
  Reader reader(values);
  tensor.values.resize(std::size_t(*count));
  for (f32& value : tensor.values) {
    value = raw->type == 1    ? reader.number<f32>()
            : raw->type == 10 ? from_half(reader.number<u16>())
            : raw->type == 16 ? from_bfloat16(reader.number<u16>())
                              : f32(reader.number<double>());
  }
  if (auto problem = check_finite(tensor)) return *problem;
  return tensor;
}

// The field `number` of a message, as bytes; empty when it is not there.
std::span<const std::byte> inside(std::span<const std::byte> bytes, u32 number) {
  std::span<const std::byte> found;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.number == number) found = field.bytes;
  }
  return found;
}

// A ValueInfoProto: its name, and the dims after the first, which is N whatever it says. Sizes that
// are not known are 0.
Result<Value> read_value(std::span<const std::byte> bytes) {
  Value value;
  const std::span<const std::byte> name = inside(bytes, 1);
  value.name = std::string(reinterpret_cast<const char*>(name.data()), name.size());
  ProtoReader shape(inside(inside(inside(bytes, 2), 1), 2));
  bool first = true;
  for (ProtoField field; shape.next(field);) {
    if (field.number != 1) continue;
    int size = 0;
    ProtoReader dim(field.bytes);
    for (ProtoField part; dim.next(part);) {
      if (part.number == 1) size = part.value <= 1 << 24 ? int(part.value) : 0;
    }
    if (!first) value.dims.push_back(size);
    first = false;
    if (value.dims.size() > kMaxTensorDims || !dim.ok()) return damaged();
  }
  if (!shape.ok()) return damaged();
  return value;
}

struct Graph {
  Model model;
  std::vector<Value> inputs, outputs;
  u64 values = 0;
};

// With another name than its own, if one is given.
std::optional<Problem> read_initializer(std::span<const std::byte> bytes, Graph& graph,
                                        std::string_view name = {}) {
  Result<TensorData> tensor = read_tensor(bytes);
  if (!tensor.ok()) return tensor.problem();
  if (!name.empty()) tensor->name = std::string(name);
  graph.values += tensor->values.size();
  graph.model.initializers.push_back(std::move(*tensor));
  if (graph.values > kMaxWeightValues || graph.model.initializers.size() > kMaxWeightTensors)
    return Problem{Code::too_large, "The ONNX file has too many tensors or values."};
  return {};
}

// The operator Constant: a tensor that stands among the operators, called by its output.
struct Constant {
  std::string_view name;
  std::span<const std::byte> tensor;
};

std::optional<Constant> constant_of(std::span<const std::byte> bytes) {
  Constant constant;
  std::string_view op, domain;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.number == 2) constant.name = field.text();
    if (field.number == 4) op = field.text();
    if (field.number == 7) domain = field.text();
    if (field.number == 5 && std::ranges::equal(inside(field.bytes, 1), bytes_of("value")))
      constant.tensor = inside(field.bytes, 5);
  }
  const bool whole = reader.ok() && !constant.name.empty() && !constant.tensor.empty();
  const bool standard = op == "Constant" && (domain.empty() || domain == "ai.onnx");
  return whole && standard ? std::optional(constant) : std::nullopt;
}

std::optional<Problem> read_graph_field(const ProtoField& field, Graph& graph) {
  switch (field.number) {
    case 1: {
      if (const auto constant = constant_of(field.bytes))
        return read_initializer(constant->tensor, graph, constant->name);
      Result<Node> node = read_node(field.bytes);
      if (!node.ok()) return node.problem();
      graph.model.nodes.push_back(std::move(*node));
      if (graph.model.nodes.size() > kMaxNodes)
        return Problem{Code::too_large, "The ONNX file has more than 1,024 operators."};
      return {};
    }
    case 2:
      graph.model.name = field.text();
      return {};
    case 5:
      return read_initializer(field.bytes, graph);
    case 11:
    case 12: {
      Result<Value> value = read_value(field.bytes);
      if (!value.ok()) return value.problem();
      std::vector<Value>& to = field.number == 11 ? graph.inputs : graph.outputs;
      to.push_back(std::move(*value));
      if (to.size() > kMaxWeightTensors) return damaged();
      return {};
    }
    case 14:
    case 15:
      return bad_file("The ONNX file has quantised or sparse tensors, which are not read here.");
    default:
      return {};
  }
}

std::optional<Problem> read_graph(std::span<const std::byte> bytes, Model& model) {
  Graph graph;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (auto problem = read_graph_field(field, graph)) return problem;
  }
  if (!reader.ok()) return damaged();
  // Old files list their weights among the inputs.
  std::erase_if(graph.inputs, [&](const Value& value) {
    return std::ranges::any_of(graph.model.initializers,
                               [&](const TensorData& t) { return t.name == value.name; });
  });
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1) {
    return bad_file("The ONNX file has " + std::to_string(graph.inputs.size()) + " inputs and " +
                    std::to_string(graph.outputs.size()) +
                    " outputs; networks here have one of each.");
  }
  graph.model.input = std::move(graph.inputs[0]);
  graph.model.output = std::move(graph.outputs[0]);
  graph.model.opset = model.opset;
  graph.model.metadata = std::move(model.metadata);
  model = std::move(graph.model);
  return {};
}

std::optional<Problem> read_opset(const ProtoField& field, Model& model) {
  std::string domain;
  int version = 0;
  ProtoReader reader(field.bytes);
  for (ProtoField part; reader.next(part);) {
    if (part.number == 1) domain = part.text();
    if (part.number == 2) version = part.value <= 1000 ? int(part.value) : 1000;
  }
  if (!reader.ok()) return damaged();
  if (domain.empty() || domain == "ai.onnx") model.opset = version;
  return {};
}

std::optional<Problem> read_note(const ProtoField& field, Model& model) {
  std::string key, value;
  ProtoReader reader(field.bytes);
  for (ProtoField part; reader.next(part);) {
    if (part.number == 1) key = part.text();
    if (part.number == 2) value = part.text();
  }
  if (!reader.ok() || model.metadata.size() >= kMaxNotes) return damaged();
  model.metadata[key] = std::move(value);
  return {};
}

}  // namespace

const Attribute* Node::find(std::string_view attribute) const {
  const auto at = std::ranges::find(attributes, attribute, &Attribute::name);
  return at == attributes.end() ? nullptr : &*at;
}

Result<Model> decode(std::span<const std::byte> bytes) {
  Model model;
  model.opset = 0;
  std::span<const std::byte> graph;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    std::optional<Problem> problem;
    if (field.number == 7) graph = field.bytes;
    if (field.number == 8) problem = read_opset(field, model);
    if (field.number == 14) problem = read_note(field, model);
    if (field.number == 25)
      problem = bad_file("The ONNX file defines functions, which are not read.");
    if (problem) return *problem;
  }
  if (!reader.ok() || graph.empty()) return damaged();
  if (model.opset < 9 || model.opset > 23) {
    return bad_file("The ONNX file is of opset " + std::to_string(model.opset) +
                    ". Export it with opset 17.");
  }
  if (auto problem = read_graph(graph, model)) return *problem;
  return model;
}

}  // namespace engine::io::onnx
