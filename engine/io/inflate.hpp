// Deflate streams (RFC 1951), as in zip entries that other programs compressed. Our own, so that
// the page reads them too without a further library; it is total, and slow but enough for weights.
#pragma once
#include <span>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::io {

// The stream must give exactly `size` bytes and end with the last of `bytes`; Code::bad_file
// otherwise. A size that so few bytes cannot give, and the first byte above `size`, end it at once:
// memory is at most `size`, and about a thousand times `bytes`.
Result<std::vector<std::byte>> inflate(std::span<const std::byte> bytes, u64 size);

}  // namespace engine::io
