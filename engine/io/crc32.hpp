// CRC-32 as zip, gzip and PNG use it (polynomial 0xEDB88320).
#pragma once
#include <span>

#include "engine/core/types.hpp"

namespace engine::io {

u32 crc32(std::span<const std::byte> bytes);

}  // namespace engine::io
