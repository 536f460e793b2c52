// Any bytes as a weight file: as safetensors alone, or, of even sizes, with the network in its
// metadata. What was read can be written and read again.
#include "engine/core/check.hpp"
#include "engine/io/model_file.hpp"
#include "engine/io/safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (size % 2 == 0) {
    const auto model = engine::io::load_model(bytes);
    if (model.ok())
      ENSURE(engine::io::save_model(model->network, model->card).ok(),
             "a loaded model can be saved");
    return 0;
  }
  const auto file = engine::io::read_safetensors(bytes);
  if (file.ok())
    ENSURE(engine::io::read_safetensors(*engine::io::write_safetensors(*file)).ok(), "round trip");
  return 0;
}
