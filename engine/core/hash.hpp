// XXH64 (Yann Collet's xxHash, 64 bits): the fingerprint of weights, data and files. Not for
// security.
#pragma once
#include <span>
#include <string>

#include "engine/core/types.hpp"

namespace engine {

u64 hash_bytes(std::span<const std::byte> bytes, u64 seed = 0);
u64 hash_floats(std::span<const f32> values);  // of their bits, NaN made canonical first
std::string hex(u64 value);                    // 16 lower-case digits

}  // namespace engine
