// Little-endian bytes in and out, with bounds checked. For file formats; messages have their own
// (engine/protocol).
//
// A Reader never leaves its span: a read past the end gives zero (or an empty span) and turns ok()
// false for good, so a parser may read a whole header and ask once. Positions and sizes are 64-bit
// on every target, wasm included.
#pragma once
#include <bit>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/types.hpp"

namespace engine::io {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  u64 position() const { return position_; }
  u64 left() const { return bytes_.size() - position_; }

  // The next number: an integer or float type of 1, 2, 4 or 8 bytes.
  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    const std::span<const std::byte> from = take(sizeof(T));
    if (from.size() == sizeof(T)) std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }

  // The next `count` bytes, which stay the caller's; empty when there are not so many.
  std::span<const std::byte> take(u64 count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return {};
    }
    const std::span<const std::byte> taken =
        bytes_.subspan(std::size_t(position_), std::size_t(count));
    position_ += count;
    return taken;
  }

  // The next `count` bytes as text (any bytes: the caller judges them).
  std::string_view text(u64 count) {
    const std::span<const std::byte> taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  u64 position_ = 0;
  bool ok_ = true;
};

class Writer {
 public:
  template <class T>
  void number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    raw(std::as_bytes(std::span<const T, 1>(&value, 1)));
  }
  void raw(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void text(std::string_view text) { raw(bytes_of(text)); }
  // Repeats `fill` until size() is a multiple of `alignment` (> 0).
  void pad(std::size_t alignment, std::byte fill = std::byte{0}) {
    while (bytes_.size() % alignment != 0) bytes_.push_back(fill);
  }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace engine::io
