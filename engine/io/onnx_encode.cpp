// Field numbers are those of onnx.proto3.
#include "engine/io/onnx_graph.hpp"
#include "engine/io/protobuf.hpp"

namespace engine::io::onnx {
namespace {

constexpr int kFloat = 1;  // TensorProto.DataType

ProtoWriter encode_attribute(const Attribute& attribute) {
  ProtoWriter to;
  to.text(1, attribute.name);
  if (attribute.type == Type::real) to.real(2, attribute.real);
  if (attribute.type == Type::whole) to.whole(3, attribute.whole);
  for (std::int64_t value : attribute.wholes) to.whole(8, value);
  to.whole(20, std::int64_t(attribute.type));
  return to;
}

ProtoWriter encode_node(const Node& node) {
  ProtoWriter to;
  for (const std::string& input : node.inputs) to.text(1, input);
  for (const std::string& output : node.outputs) to.text(2, output);
  to.text(3, node.name);
  to.text(4, node.op);
  for (const Attribute& attribute : node.attributes) to.message(5, encode_attribute(attribute));
  return to;
}

ProtoWriter encode_tensor(const TensorData& tensor) {
  ProtoWriter to;
  for (u64 d : tensor.dims) to.whole(1, std::int64_t(d));
  to.whole(2, kFloat);
  to.text(8, tensor.name);
  to.raw(9, std::as_bytes(std::span(tensor.values)));
  return to;
}

ProtoWriter encode_value(const Value& value) {
  ProtoWriter shape, batch;
  batch.text(2, "N");
  shape.message(1, batch);
  for (int d : value.dims) {
    ProtoWriter dim;
    dim.whole(1, d);
    shape.message(1, dim);
  }
  ProtoWriter tensor, type, to;
  tensor.whole(1, kFloat);
  tensor.message(2, shape);
  type.message(1, tensor);
  to.text(1, value.name);
  to.message(2, type);
  return to;
}

}  // namespace

std::vector<std::byte> encode(const Model& model) {
  ProtoWriter graph, opset, to;
  for (const Node& node : model.nodes) graph.message(1, encode_node(node));
  graph.text(2, model.name);
  for (const TensorData& tensor : model.initializers) graph.message(5, encode_tensor(tensor));
  graph.message(11, encode_value(model.input));
  graph.message(12, encode_value(model.output));
  to.whole(1, kIrVersion);
  to.text(2, "atelier");
  to.message(7, graph);
  opset.text(1, "");
  opset.whole(2, model.opset);
  to.message(8, opset);
  for (const auto& [key, value] : model.metadata) {
    ProtoWriter entry;
    entry.text(1, key);
    entry.text(2, value);
    to.message(14, entry);
  }
  return to.take();
}

}  // namespace engine::io::onnx
