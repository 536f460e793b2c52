// Any sequence of commands to a session that has a few images: each is answered by one event,
// nothing breaks. The input is cut into commands, so that the fuzzer need not find their headers:
// kind, then the head, then the length of the tail in two bytes, then the tail. Kind 255 takes the
// rest as one message with its header.
//
// The images are tiny and Hello gets one thread: making threads under the sanitizers took most of
// the time, and no byte of a message decides what they do.
#include <algorithm>
#include <cstring>

#include "engine/core/check.hpp"
#include "engine/data/packed.hpp"
#include "engine/protocol/wire.hpp"
#include "engine/session/session.hpp"
#include "tests/support/toy_images.hpp"

namespace {

using namespace engine;
using Bytes = std::vector<std::byte>;

struct Input {
  std::span<const std::byte> rest;

  Bytes take(std::size_t count) {
    Bytes bytes(count);
    count = std::min(count, rest.size());
    std::copy_n(rest.begin(), count, bytes.begin());
    rest = rest.subspan(count);
    return bytes;
  }
  u32 number(std::size_t width) {
    u32 value = 0;
    std::memcpy(&value, take(width).data(), width);
    return value;
  }
};

template <std::size_t... I>
protocol::Command command_of(Input& input, u32 kind, std::index_sequence<I...>) {
  protocol::Command command;
  const auto fill = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
    if (K != kind) return;
    using Head = std::variant_alternative_t<K, protocol::Command>;
    Head head;
    std::memcpy(&head, input.take(sizeof head).data(), sizeof head);
    if constexpr (std::is_same_v<Head, protocol::Hello>) head.threads = 1;
    command = head;
  };
  (fill(std::integral_constant<std::size_t, I>{}), ...);
  return command;
}

const Bytes& chunk() {
  constexpr int kSide = 4, kClasses = 4;
  static const Bytes bytes =
      data::write_chunk({.total_train = 12,
                         .total_test = 4,
                         .train = test::toy_images(12, kSide, kSide, kClasses, 1),
                         .test = test::toy_images(4, kSide, kSide, kClasses, 2)});
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  constexpr std::size_t kKinds = std::variant_size_v<protocol::Command>;
  u32 answers = 0, asked = 0;
  session::Session* self = nullptr;
  session::Session session(
      [&](std::span<const std::byte> bytes) {
        const auto event = protocol::decode<protocol::Event>(bytes);
        ENSURE(event.ok(), "an event can be read");
        answers += event->id != 0;
      },
      session::make_lab([&](u32) { self->lab()->digits_failed("There are no digits here."); }));
  self = &session;
  session.use_exporter(session::export_file);
  session.add_data(chunk());
  Input input{std::as_bytes(std::span(data, size))};
  while (!input.rest.empty() && asked < 24) {
    const u32 kind = input.number(1);
    if (kind == 255) {
      const auto message = protocol::decode<protocol::Command>(input.rest);
      if (!message.ok() || !std::holds_alternative<protocol::Hello>(message->head))
        session.receive(input.rest);
      break;
    }
    const protocol::Command command =
        command_of(input, u32(kind % kKinds), std::make_index_sequence<kKinds>{});
    session.receive(protocol::encode(
        protocol::Message<protocol::Command>{++asked, command, input.take(input.number(2))}));
    session.tick(0);
  }
  ENSURE(answers <= asked + 1, "one answer to a command");
  return 0;
}
