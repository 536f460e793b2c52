// Any bytes as an ONNX file. A graph that decodes encodes to one that decodes the same; of files of
// even sizes, the network is read.
#include "engine/core/check.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/onnx_graph.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace engine::io;
  const auto bytes = std::as_bytes(std::span(data, size));
  if (size % 2 == 0) {
    const auto file = read_onnx(bytes);
    if (file.ok()) ENSURE(file->metadata.contains("atelier.spec"), "a network comes with its spec");
    return 0;
  }
  const auto model = onnx::decode(bytes);
  if (model.ok()) {
    const auto again = onnx::decode(onnx::encode(*model));
    ENSURE(again.ok(), "an encoded graph decodes");
    ENSURE(again->nodes.size() == model->nodes.size(), "with as many operators");
    ENSURE(again->initializers == model->initializers, "and the same weights");
  }
  return 0;
}
