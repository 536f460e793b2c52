// The number types of the engine. All arithmetic on data is f32; sizes of buffers are std::size_t.
#pragma once
#include <cstddef>
#include <cstdint>

namespace engine {

using f32 = float;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;

}  // namespace engine
