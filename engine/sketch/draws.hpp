// Random draws by name. Two draws never stand in one call or product: their order would be the
// compiler's.
#pragma once
#include "engine/core/random.hpp"

namespace engine::sketch {

inline bool chance(Rng& rng, f32 probability) { return rng.uniform() < probability; }

// 0..1, small more often than large.
inline f32 mostly_small(Rng& rng) {
  const f32 a = rng.uniform(), b = rng.uniform();
  return a * b;
}

// The same with a sign.
inline f32 mostly_near_zero(Rng& rng) {
  const f32 sign = chance(rng, 0.5f) ? -1.0f : 1.0f;
  return sign * mostly_small(rng);
}

}  // namespace engine::sketch
