// Floats for kernel tests: random ones, and buffers whose surroundings tell when a kernel reads or
// writes past an end.
#pragma once
#include <span>
#include <vector>

#include "engine/core/types.hpp"

namespace test {

// Uniform in [low, high); every seed and size gives its own numbers.
std::vector<engine::f32> random_floats(std::size_t n, engine::u64 seed, engine::f32 low = -1,
                                       engine::f32 high = 1);

// n floats with NaN on both sides, `offset` floats away from alignment. A kernel that uses a
// neighbour gives NaN; one that writes to a neighbour leaves untouched() false.
class Padded {
 public:
  Padded(std::span<const engine::f32> values, std::size_t offset);
  Padded(std::size_t n, std::size_t offset, engine::u64 seed);  // random_floats

  engine::f32* data() { return all_.data() + begin_; }
  std::span<engine::f32> span() { return {data(), n_}; }
  std::span<const engine::f32> span() const { return {all_.data() + begin_, n_}; }
  bool untouched() const;

 private:
  std::size_t n_, begin_;
  std::vector<engine::f32> all_;
};

}  // namespace test
