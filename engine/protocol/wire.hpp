// Messages to bytes and back: a header {magic, kind, id, tail bytes}, the struct, the tail.
// decode() takes any bytes and gives exactly one whole message of this build or Code::bad_message;
// decode_in_place() does so without a copy of the tail, which may be as large as what is left.
#pragma once
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/protocol/messages.hpp"

namespace engine::protocol {

template <class V>
struct Message {
  u32 id = 0;
  V head;
  std::vector<std::byte> tail;
};

template <class V>
struct Received {
  u32 id = 0;
  V head;
  std::span<const std::byte> tail;  // where it lies in what was decoded
};

inline constexpr u32 kMaxTailBytes = 256u << 20;

// A 64-bit number (a hash, a seed) travels as two of 32 bits.
constexpr u32 low32(u64 value) { return u32(value); }
constexpr u32 high32(u64 value) { return u32(value >> 32); }
constexpr u64 joined(u32 low, u32 high) { return u64(high) << 32 | low; }

struct Header {
  u32 magic, kind, id, tail_bytes;
};

// FNV-1a over the sizes of all alternatives, in order, and a version to be raised by hand when
// fields change their meaning but not their size.
template <class... T>
constexpr u32 layout_hash(const std::variant<T...>*) {
  static_assert(((std::is_trivially_copyable_v<T> && alignof(T) == 4) && ...));
  constexpr u32 kVersion = 1;
  u32 hash = 2166136261u ^ kVersion;
  ((hash = (hash ^ u32(sizeof(T))) * 16777619u), ...);
  return hash;
}

template <class V>
std::vector<std::byte> encode(const Message<V>& message) {
  return std::visit(
      [&](const auto& head) {
        const Header header{layout_hash(static_cast<const V*>(nullptr)), u32(message.head.index()),
                            message.id, u32(message.tail.size())};
        std::vector<std::byte> bytes(sizeof header + sizeof head + message.tail.size());
        std::memcpy(bytes.data(), &header, sizeof header);
        std::memcpy(bytes.data() + sizeof header, &head, sizeof head);
        if (!message.tail.empty()) {
          std::memcpy(bytes.data() + sizeof header + sizeof head, message.tail.data(),
                      message.tail.size());
        }
        return bytes;
      },
      message.head);
}

template <class V>
Result<Received<V>> decode_in_place(std::span<const std::byte> bytes) {
  const Problem refused{Code::bad_message,
                        "The page and the engine are of different versions. Reload the page."};
  Header header;
  if (bytes.size() < sizeof header) return refused;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != layout_hash(static_cast<const V*>(nullptr)) ||
      header.tail_bytes > kMaxTailBytes)
    return refused;
  Received<V> message;
  bool whole = false;
  const auto try_kind = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using Head = std::variant_alternative_t<I, V>;
    if (header.kind != I || bytes.size() != sizeof header + sizeof(Head) + header.tail_bytes)
      return;
    Head head;
    std::memcpy(&head, bytes.data() + sizeof header, sizeof head);
    message = {header.id, head, bytes.subspan(sizeof header + sizeof head)};
    whole = true;
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (try_kind(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<std::variant_size_v<V>>{});
  if (!whole) return refused;
  return message;
}

template <class V>
Result<Message<V>> decode(std::span<const std::byte> bytes) {
  const Result<Received<V>> message = decode_in_place<V>(bytes);
  if (!message.ok()) return message.problem();
  return Message<V>{message->id, message->head, {message->tail.begin(), message->tail.end()}};
}

}  // namespace engine::protocol
