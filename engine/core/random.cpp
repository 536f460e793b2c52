#include "engine/core/random.hpp"

#include "engine/core/check.hpp"
#include "engine/core/math.hpp"

namespace engine {

std::array<u32, 4> philox(std::array<u32, 4> c, std::array<u32, 2> key) {
  constexpr u32 kMultiplier0 = 0xD2511F53u,
                kMultiplier1 = 0xCD9E8D57u;  // Salmon et al. 2011, table 2
  constexpr u32 kWeyl0 = 0x9E3779B9u, kWeyl1 = 0xBB67AE85u;
  for (int round = 0; round < 10; ++round) {
    const u64 a = u64(kMultiplier0) * c[0], b = u64(kMultiplier1) * c[2];
    c = {u32(b >> 32) ^ c[1] ^ key[0], u32(b), u32(a >> 32) ^ c[3] ^ key[1], u32(a)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return c;
}

Rng::Rng(u64 seed, Purpose purpose, u32 epoch, u32 sample, u32 offset)
    : key_{u32(seed), u32(seed >> 32)}, counter_{0, sample, epoch, u32(purpose) + offset} {}

u32 Rng::next() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

f32 Rng::uniform() { return f32(next() >> 8) * 0x1p-24f; }

f32 Rng::uniform(f32 low, f32 high) { return low + (high - low) * uniform(); }

f32 Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const f32 u = f32((next() >> 8) + 1) * 0x1p-24f;  // (0, 1]: the logarithm is finite
  const f32 angle = 6.28318531f * uniform();
  const f32 radius = math::sqrt(-2.0f * math::log(u));
  spare_ = radius * math::sin(angle);
  has_spare_ = true;
  return radius * math::cos(angle);
}

u32 Rng::below(u32 n) {
  ENSURE(n > 0, "below(0) has no value to give");
  u64 product = u64(next()) * n;
  if (u32(product) < n) {
    const u32 threshold =
        (0u - n) % n;  // 2^32 mod n: so many low values would appear once too often
    while (u32(product) < threshold) product = u64(next()) * n;
  }
  return u32(product >> 32);
}

void shuffle(std::span<u32> values, Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i)
    std::swap(values[i - 1], values[rng.below(u32(i))]);
}

}  // namespace engine
