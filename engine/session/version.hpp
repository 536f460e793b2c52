// The engine's version, as About and files show it. Raised by hand.
#pragma once

namespace engine::session {

inline constexpr const char* kVersion = "1.0.0";

}  // namespace engine::session
