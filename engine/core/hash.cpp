#include "engine/core/hash.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace engine {
namespace {

static_assert(std::endian::native == std::endian::little,
              "hashes and files are of little-endian bytes");

constexpr u64 kPrime1 = 0x9E3779B185EBCA87u, kPrime2 = 0xC2B2AE3D27D4EB4Fu,
              kPrime3 = 0x165667B19E3779F9u, kPrime4 = 0x85EBCA77C2B2AE63u,
              kPrime5 = 0x27D4EB2F165667C5u;

u64 read64(const std::byte* p) {
  u64 v;
  std::memcpy(&v, p, 8);
  return v;
}

u64 read32(const std::byte* p) {
  u32 v;
  std::memcpy(&v, p, 4);
  return v;
}

u64 mix(u64 sum, u64 input) { return std::rotl(sum + input * kPrime2, 31) * kPrime1; }

// XXH64 over whole stripes of 32 bytes, then a tail of fewer: bytes may arrive in pieces of whole
// stripes.
class Xxh64 {
 public:
  explicit Xxh64(u64 seed)
      : seed_(seed), lane_{seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1} {}

  void stripes(const std::byte* p, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, p += 32) {
      for (int j = 0; j < 4; ++j) lane_[j] = mix(lane_[j], read64(p + 8 * j));
    }
    length_ += 32 * count;
  }

  u64 finish(const std::byte* p, std::size_t tail) const {
    u64 h = length_ == 0 ? seed_ + kPrime5 : merged();
    h += length_ + tail;
    for (; tail >= 8; tail -= 8, p += 8)
      h = std::rotl(h ^ mix(0, read64(p)), 27) * kPrime1 + kPrime4;
    if (tail >= 4) {
      h = std::rotl(h ^ (read32(p) * kPrime1), 23) * kPrime2 + kPrime3;
      tail -= 4;
      p += 4;
    }
    for (; tail > 0; --tail, ++p) h = std::rotl(h ^ (u64(*p) * kPrime5), 11) * kPrime1;
    h = (h ^ (h >> 33)) * kPrime2;
    h = (h ^ (h >> 29)) * kPrime3;
    return h ^ (h >> 32);
  }

 private:
  u64 merged() const {
    u64 h = std::rotl(lane_[0], 1) + std::rotl(lane_[1], 7) + std::rotl(lane_[2], 12) +
            std::rotl(lane_[3], 18);
    for (u64 lane : lane_) h = (h ^ mix(0, lane)) * kPrime1 + kPrime4;
    return h;
  }

  u64 seed_;
  u64 lane_[4];
  u64 length_ = 0;
};

}  // namespace

u64 hash_bytes(std::span<const std::byte> bytes, u64 seed) {
  Xxh64 hash(seed);
  hash.stripes(bytes.data(), bytes.size() / 32);
  return hash.finish(bytes.data() + bytes.size() / 32 * 32, bytes.size() % 32);
}

u64 hash_floats(std::span<const f32> values) {
  constexpr std::size_t kChunk = 256;  // a whole number of stripes
  Xxh64 hash(0);
  u32 bits[kChunk];
  const auto* bytes = reinterpret_cast<const std::byte*>(bits);
  for (std::size_t at = 0;; at += kChunk) {
    const std::size_t n = std::min(kChunk, values.size() - at);
    for (std::size_t i = 0; i < n; ++i) {
      const f32 v = values[at + i];
      bits[i] = v == v ? std::bit_cast<u32>(v) : 0x7fc00000u;
    }
    hash.stripes(bytes, n / 8);
    if (n < kChunk) return hash.finish(bytes + n / 8 * 32, n % 8 * 4);
  }
}

std::string hex(u64 value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace engine
