#include "engine/protocol/wire.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "engine/core/random.hpp"

using namespace engine;
using namespace engine::protocol;

namespace {

using Bytes = std::vector<std::byte>;

// Every alternative of V, its bytes counting up from `start`, with a tail.
template <class V>
std::vector<Message<V>> one_of_each(u32 start) {
  std::vector<Message<V>> all;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          std::variant_alternative_t<I, V> head;
          Bytes raw(sizeof head);
          for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = std::byte(u8(start + i));
          std::memcpy(&head, raw.data(), sizeof head);
          all.push_back({u32(I * 7 + start), head, Bytes(I * 3, std::byte{0x5a})});
        }(),
        ...);
  }(std::make_index_sequence<std::variant_size_v<V>>{});
  return all;
}

template <class V>
Bytes head_bytes(const V& head) {
  return std::visit(
      [](const auto& h) {
        Bytes raw(sizeof h);
        std::memcpy(raw.data(), &h, sizeof h);
        return raw;
      },
      head);
}

template <class V>
bool refused(std::span<const std::byte> bytes) {
  const auto message = decode<V>(bytes);
  return !message.ok() && message.problem().code == Code::bad_message &&
         !message.problem().sentence.empty();
}

}  // namespace

TEMPLATE_TEST_CASE("every message survives the wire, tail and id too", "[protocol]", Command,
                   Event) {
  for (const auto& message : one_of_each<TestType>(1)) {
    CAPTURE(message.head.index());
    const auto back = decode<TestType>(encode(message));
    REQUIRE(back.ok());
    CHECK(back->id == message.id);
    CHECK(back->head.index() == message.head.index());
    CHECK(head_bytes(back->head) == head_bytes(message.head));
    CHECK(back->tail == message.tail);
  }
}

TEMPLATE_TEST_CASE("a message cut anywhere, or a byte longer, is refused", "[protocol]", Command,
                   Event) {
  for (const auto& message : one_of_each<TestType>(9)) {
    Bytes bytes = encode(message);
    CAPTURE(message.head.index());
    for (std::size_t n = 0; n < bytes.size(); ++n)
      REQUIRE(refused<TestType>(std::span(bytes).first(n)));
    bytes.push_back({});
    CHECK(refused<TestType>(bytes));
  }
}

TEMPLATE_TEST_CASE("unknown kinds, stale partners and false sizes are refused", "[protocol]",
                   Command, Event) {
  const Bytes good = encode(one_of_each<TestType>(3).back());
  const auto with = [&](std::size_t offset, u32 value) {
    Bytes bytes = good;
    std::memcpy(bytes.data() + offset, &value, sizeof value);
    return bytes;
  };
  CHECK_FALSE(refused<TestType>(good));
  CHECK(refused<TestType>(with(0, 0)));                                   // magic
  CHECK(refused<TestType>(with(4, u32(std::variant_size_v<TestType>))));  // kind
  CHECK(refused<TestType>(with(4, 0xffffffff)));
  CHECK(refused<TestType>(with(12, 0)));  // size of the tail
  CHECK(refused<TestType>(with(12, 0xffffffff)));
  CHECK(refused<TestType>(with(12, kMaxTailBytes + 1)));
}

TEST_CASE("commands and events cannot be taken for each other", "[protocol]") {
  CHECK(refused<Event>(encode(one_of_each<Command>(1)[0])));
  CHECK(refused<Command>(encode(one_of_each<Event>(1)[0])));
}

TEST_CASE("random bytes are no message", "[protocol]") {
  Rng rng(4, Purpose::probe);
  for (int round = 0; round < 500; ++round) {
    Bytes bytes(rng.below(80));
    for (std::byte& b : bytes) b = std::byte(u8(rng.next()));
    CHECK(refused<Command>(bytes));
  }
}

TEST_CASE("the layout hash sees a struct that grew", "[protocol]") {
  struct One {
    u32 a;
  };
  struct Two {
    u32 a, b;
  };
  using Before = std::variant<One, Two>;
  using After = std::variant<Two, One>;
  CHECK(layout_hash(static_cast<const Before*>(nullptr)) !=
        layout_hash(static_cast<const After*>(nullptr)));
}
