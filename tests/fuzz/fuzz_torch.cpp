// Any bytes as a file of PyTorch, and as the pickle in one. What is read can be written, and then
// reads the same.
#include "engine/core/check.hpp"
#include "engine/io/load.hpp"
#include "engine/io/pickle.hpp"
#include "engine/io/torch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace engine::io;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto file = read_torch(bytes);
  if (file.ok()) {
    const auto again = write_torch(*file);
    if (again.ok()) ENSURE(read_torch(*again).value() == *file, "a state_dict's round trip");
  }
  const auto tensors = read_state_dict(bytes);
  if (tensors.ok()) ENSURE(tensors->size() <= kMaxWeightTensors, "the cap of tensors");
  const auto model = load_any(bytes);
  ENSURE(model.ok() || model.problem().sentence.size() > 10, "a model or a sentence");
  return 0;
}
