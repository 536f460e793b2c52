// Any bytes as a message, in both directions: refused, or the very bytes that encode() would send.
// A second look puts a right header before the input, which a fuzzer seldom finds by itself.
#include <algorithm>
#include <cstring>

#include "engine/core/check.hpp"
#include "engine/protocol/wire.hpp"

namespace {

using namespace engine;
using namespace engine::protocol;

template <class V>
bool read(std::span<const std::byte> bytes) {
  const auto message = decode<V>(bytes);
  if (!message.ok()) {
    ENSURE(message.problem().sentence.size() > 10, "a sentence");
    return false;
  }
  ENSURE(std::ranges::equal(encode(*message), bytes), "a message's round trip");
  return true;
}

template <class V, std::size_t... I>
std::size_t size_of(u32 kind, std::index_sequence<I...>) {
  std::size_t size = 0;
  ((I == kind ? void(size = sizeof(std::variant_alternative_t<I, V>)) : void()), ...);
  return size;
}

// `kind` one too high: a message that does not exist.
template <class V>
void read_with_header(u32 kind, std::span<const std::byte> rest) {
  constexpr std::size_t kKinds = std::variant_size_v<V>;
  kind %= kKinds + 1;
  const std::size_t head = size_of<V>(kind, std::make_index_sequence<kKinds>{});
  const Header header{layout_hash(static_cast<const V*>(nullptr)), kind, 7,
                      u32(rest.size() - std::min(head, rest.size()))};
  std::vector<std::byte> bytes(sizeof header + rest.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  std::ranges::copy(rest, bytes.begin() + sizeof header);
  ENSURE(read<V>(bytes) == (kind < kKinds && rest.size() >= head), "whole messages are read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  read<Command>(bytes);
  read<Event>(bytes);
  if (bytes.empty()) return 0;
  read_with_header<Command>(data[0], bytes.subspan(1));
  read_with_header<Event>(data[0], bytes.subspan(1));
  return 0;
}
