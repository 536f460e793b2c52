// The part of ONNX's ModelProto that networks of ours need, as plain data, and its bytes.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/weight_file.hpp"

namespace engine::io::onnx {

inline constexpr int kOpset = 17;
inline constexpr int kIrVersion = 8;  // the first that has opset 17

// As AttributeProto numbers them.
enum class Type : u32 { real = 1, whole = 2, wholes = 7, other = 0 };

struct Attribute {
  std::string name = {};
  Type type = Type::whole;
  f32 real = 0;
  std::int64_t whole = 0;
  std::vector<std::int64_t> wholes = {};
  bool operator==(const Attribute&) const = default;
};

struct Node {
  std::string op = {}, name = {};
  std::vector<std::string> inputs = {}, outputs = {};
  std::vector<Attribute> attributes = {};  // by their names' order
  bool operator==(const Node&) const = default;

  const Attribute* find(std::string_view attribute) const;
};

// A graph's input or output: f32, N samples of these dims.
struct Value {
  std::string name = {};
  std::vector<int> dims = {};  // without N
  bool operator==(const Value&) const = default;
};

struct Model {
  int opset = kOpset;
  std::string name = {};
  std::vector<Node> nodes = {};
  std::vector<TensorData> initializers = {};
  Value input = {}, output = {};
  std::map<std::string, std::string> metadata = {};
  bool operator==(const Model&) const = default;
};

std::vector<std::byte> encode(const Model& model);

// Any bytes give a model or Code::bad_file, too_large. External data, sparse and quantised tensors,
// subgraphs, functions, operators of other domains, several inputs or outputs are refused by name.
Result<Model> decode(std::span<const std::byte> bytes);

}  // namespace engine::io::onnx
