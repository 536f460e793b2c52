// Any text as a run's capsule. One that is accepted comes back as it was.
#include "engine/core/check.hpp"
#include "engine/session/capsule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto capsule =
      engine::session::capsule_from_json({reinterpret_cast<const char*>(data), size});
  if (capsule.ok()) {
    const auto again = engine::session::capsule_from_json(engine::session::to_json(*capsule));
    ENSURE(again.ok() && *again == *capsule, "round trip");
  }
  return 0;
}
