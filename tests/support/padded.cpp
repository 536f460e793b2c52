#include "tests/support/padded.hpp"

#include <algorithm>
#include <bit>

#include "engine/core/random.hpp"

namespace test {

using engine::f32;
using engine::u32;

namespace {

constexpr std::size_t kBorder = 64;
constexpr u32 kBorderBits = 0x7fc0beefu;  // a NaN that no arithmetic gives

}  // namespace

std::vector<f32> random_floats(std::size_t n, engine::u64 seed, f32 low, f32 high) {
  engine::Rng rng(seed, engine::Purpose::probe, 0, u32(n));
  std::vector<f32> values(n);
  for (f32& v : values) v = rng.uniform(low, high);
  return values;
}

Padded::Padded(std::span<const f32> values, std::size_t offset)
    : n_(values.size()),
      begin_(kBorder + offset),
      all_(begin_ + n_ + kBorder, std::bit_cast<f32>(kBorderBits)) {
  std::copy(values.begin(), values.end(), data());
}

Padded::Padded(std::size_t n, std::size_t offset, engine::u64 seed)
    : Padded(random_floats(n, seed), offset) {}

bool Padded::untouched() const {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const bool border = i < begin_ || i >= begin_ + n_;
    if (border && std::bit_cast<u32>(all_[i]) != kBorderBits) return false;
  }
  return true;
}

}  // namespace test
