// Any text as a network's spec. One that is accepted comes back as it was.
#include "engine/core/check.hpp"
#include "engine/spec/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto network = engine::spec::network_from_json({reinterpret_cast<const char*>(data), size});
  if (network.ok())
    ENSURE(*engine::spec::network_from_json(engine::spec::to_json(*network)) == *network,
           "round trip");
  return 0;
}
