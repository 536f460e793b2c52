// Any text as training settings. Those that are accepted come back as they were.
#include "engine/core/check.hpp"
#include "engine/spec/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto train = engine::spec::train_from_json({reinterpret_cast<const char*>(data), size});
  if (train.ok())
    ENSURE(*engine::spec::train_from_json(engine::spec::to_json(*train)) == *train, "round trip");
  return 0;
}
