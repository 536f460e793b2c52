// One aligned block of floats, zeroed when made. Networks plan their memory once and cut it into
// spans.
#pragma once
#include <span>

#include "engine/core/types.hpp"

namespace engine {

class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t floats);  // 64-byte aligned, all zeros
  ~Arena();
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;

  f32* data() { return data_; }
  const f32* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::span<f32> span() { return {data_, size_}; }
  std::span<const f32> span() const { return {data_, size_}; }

  // Rounds a count of floats up to whole 64-byte lines, so that neighbours in an arena never share
  // one.
  static constexpr std::size_t aligned(std::size_t floats) { return (floats + 15) / 16 * 16; }

 private:
  f32* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace engine
