// Damages bytes for tests of parsers: every truncation, and seeded random edits.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "engine/core/random.hpp"

namespace test {

// A copy of `bytes` with one to eight edits: a bit flipped, a byte set, bytes removed, doubled or
// inserted. The same seed gives the same damage. May by chance undo itself; most results differ.
inline std::vector<std::byte> damaged(std::span<const std::byte> bytes, engine::u32 seed) {
  engine::Rng rng(seed, engine::Purpose::probe);
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  const engine::u32 edits = 1 + rng.below(8);
  for (engine::u32 e = 0; e < edits && !copy.empty(); ++e) {
    const auto at = copy.begin() + std::ptrdiff_t(rng.below(engine::u32(copy.size())));
    const auto length = std::ptrdiff_t(1 + rng.below(9));
    const auto end = copy.end() - at < length ? copy.end() : at + length;
    switch (rng.below(6)) {
      case 0:
        *at ^= std::byte(1u << rng.below(8));
        break;
      case 1:
        *at = std::byte(rng.below(256));
        break;
      case 2:
        *at = rng.below(2) == 0 ? std::byte{0} : std::byte{0xFF};
        break;
      case 3:
        copy.erase(at, end);
        break;
      case 4: {
        const std::vector<std::byte> twice(at, end);
        copy.insert(at, twice.begin(), twice.end());
        break;
      }
      default:
        copy.insert(
            at,
            std::byte("0123456789-.e[]{}\",: "[rng.below(21)]));  // what text formats are made of
    }
  }
  return copy;
}

// Calls f(shorter) for every beginning of `bytes` but the whole.
template <class F>
void for_each_truncation(std::span<const std::byte> bytes, F f) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> shorter(
        bytes.begin(), bytes.begin() + std::ptrdiff_t(size));  // ASan sees its end
    f(std::span<const std::byte>(shorter));
  }
}

}  // namespace test
