#include "engine/core/hash.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string_view>
#include <vector>

using namespace engine;

namespace {

u64 hash_text(std::string_view text) {
  return hash_bytes(std::as_bytes(std::span(text.data(), text.size())));
}

// The buffer of xxHash's own sanity check (xxhsum.c).
std::vector<std::byte> sanity_buffer(std::size_t n) {
  u64 generator = 2654435761u;
  std::vector<std::byte> bytes(n);
  for (std::byte& b : bytes) {
    b = std::byte(generator >> 56);
    generator *= 11400714785074694797u;
  }
  return bytes;
}

}  // namespace

TEST_CASE("XXH64 gives the published values", "[core]") {
  CHECK(hash_text("") == 0xef46db3751d8e999u);
  CHECK(hash_text("a") == 0xd24ec4f1a98c6e5bu);
  CHECK(hash_text("abc") == 0x44bc2cf5ad770999u);
  CHECK(hash_text("Nobody inspects the spammish repetition") == 0xfbcea83c8a378bf1u);
  constexpr u64 kSeed = 2654435761u;
  CHECK(hash_bytes({}, kSeed) == 0xAC75FDA2929B17EFu);
  CHECK(hash_bytes(sanity_buffer(1)) == 0xE934A84ADB052768u);
  CHECK(hash_bytes(sanity_buffer(1), kSeed) == 0x5014607643A9B4C3u);
  CHECK(hash_bytes(sanity_buffer(14)) == 0x8282DCC4994E35C8u);
  CHECK(hash_bytes(sanity_buffer(14), kSeed) == 0xC3BD6BF63DEB6DF0u);
  CHECK(hash_bytes(sanity_buffer(222)) == 0xB641AE8CB691C174u);
  CHECK(hash_bytes(sanity_buffer(222), kSeed) == 0x20CB8AB7AE10C14Au);
}

TEST_CASE("floats hash as their bytes, whatever the length", "[core]") {
  for (std::size_t n = 0; n < 1100; n += n < 20 ? 1 : 61) {
    CAPTURE(n);
    std::vector<f32> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = f32(i) * 0.5f - 3;
    CHECK(hash_floats(values) == hash_bytes(std::as_bytes(std::span(values))));
  }
}

TEST_CASE("all NaN hash alike, but 0 and -0 do not", "[core]") {
  const std::vector<f32> a = {1, std::bit_cast<f32>(0xffc12345u)},
                         b = {1, std::numeric_limits<f32>::quiet_NaN()};
  CHECK(hash_floats(a) == hash_floats(b));
  CHECK(hash_floats(std::vector<f32>{0.0f}) != hash_floats(std::vector<f32>{-0.0f}));
}

TEST_CASE("hex has sixteen digits", "[core]") {
  CHECK(hex(0) == "0000000000000000");
  CHECK(hex(0xef46db3751d8e999u) == "ef46db3751d8e999");
  CHECK(hex(0xa) == "000000000000000a");
}
