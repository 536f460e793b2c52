#include "tests/support/talk.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/toy_digits.hpp"

namespace test {

using namespace engine;

Talk::Talk()
    : session_(
          [this](std::span<const std::byte> bytes) {
            auto event = protocol::decode<protocol::Event>(bytes);
            REQUIRE(event.ok());
            events_.push_back(std::move(event).value());
          },
          toy_lab()) {}

std::vector<Event> Talk::take() { return std::exchange(events_, {}); }

std::vector<Event> Talk::send(const protocol::Command& head, std::vector<std::byte> tail) {
  session_.receive(
      protocol::encode(protocol::Message<protocol::Command>{++id_, head, std::move(tail)}));
  return take();
}

std::vector<Event> Talk::send(const protocol::Command& head, const std::string& tail) {
  const auto bytes = std::as_bytes(std::span(tail.data(), tail.size()));
  return send(head, std::vector<std::byte>(bytes.begin(), bytes.end()));
}

std::vector<Event> Talk::finish() {
  while (session_.tick(0)) {
  }
  return take();
}

std::vector<Event> Talk::work() {
  session_.tick(0);
  return take();
}

Code refusal(const std::vector<Event>& events) {
  const auto failed = only<protocol::Failed>(events);
  if (failed.empty()) return Code::none;
  REQUIRE(failed.size() == 1);
  CHECK_FALSE(failed[0].tail.empty());
  return Code(as<protocol::Failed>(failed[0]).code);
}

std::string text(const Event& event) {
  return {reinterpret_cast<const char*>(event.tail.data()), event.tail.size()};
}

void load(Talk& talk, const data::Dataset& dataset, const data::Cut& how) {
  for (const data::Chunk& chunk : data::cut(dataset, how))
    REQUIRE(refusal(talk.send(protocol::AddData{0}, data::write_chunk(chunk))) == Code::none);
}

}  // namespace test
