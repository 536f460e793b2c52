#include "engine/io/crc32.hpp"

#include <array>

namespace engine::io {
namespace {

constexpr std::array<u32, 256> make_table() {
  std::array<u32, 256> table{};
  for (u32 i = 0; i < 256; ++i) {
    u32 value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320u : 0u);
    table[i] = value;
  }
  return table;
}

constexpr std::array<u32, 256> kTable = make_table();

}  // namespace

u32 crc32(std::span<const std::byte> bytes) {
  u32 value = ~u32{0};
  for (std::byte b : bytes) value = value >> 8 ^ kTable[(value ^ u32(b)) & 0xFF];
  return ~value;
}

}  // namespace engine::io
