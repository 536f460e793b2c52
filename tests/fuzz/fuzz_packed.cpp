// Any bytes as a chunk of a data set, under a hash that is made right, so that the rest is reached.
#include <cstring>
#include <vector>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/data/packed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  constexpr std::size_t kHashAt = 56;
  std::vector<std::byte> bytes(size);
  if (size > 0) std::memcpy(bytes.data(), data, size);
  if (size >= kHashAt + 8) {
    const std::span<const std::byte> all(bytes);
    const engine::u64 hash =
        engine::hash_bytes(all.subspan(kHashAt + 8), engine::hash_bytes(all.first(kHashAt)));
    std::memcpy(bytes.data() + kHashAt, &hash, 8);
  }
  const auto chunk = engine::data::read_chunk(bytes);
  if (chunk.ok())
    ENSURE(*engine::data::read_chunk(engine::data::write_chunk(*chunk)) == *chunk, "round trip");
  return 0;
}
