// The engine's version, as About, files and capsules show it. Raised by hand, and always when a run
// of the same seed gives other bits; drawings have a version of their own (sketch/studio.hpp).
#pragma once

namespace engine::session {

inline constexpr const char* kVersion = "1.1.0";

}  // namespace engine::session
