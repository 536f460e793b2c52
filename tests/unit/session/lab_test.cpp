// The two-digit task through messages, as the worker runs it.
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "engine/protocol/wire.hpp"
#include "engine/session/session.hpp"
#include "tests/support/talk.hpp"
#include "tests/support/toy_digits.hpp"

using namespace engine;
using test::as;
using test::only;

namespace {

protocol::LabStart start(u32 first = 4, u32 second = 9, u32 epochs = 4) {
  return {first, second, 0, epochs, 8, {8, 0, 0, 0}, 0.1f, 1, 0};
}

}  // namespace

TEST_CASE("session lab: a run tells its errors, then gives pictures and program",
          "[session][lab]") {
  test::Talk talk;
  CHECK(test::is<protocol::Accepted>(talk.send(start()).at(0)));
  const auto events = talk.finish();
  const auto progress = only<protocol::LabProgress>(events);
  REQUIRE_FALSE(progress.empty());
  CHECK(as<protocol::LabProgress>(progress.back()).epochs_done == 4);
  CHECK(as<protocol::LabProgress>(progress.back()).progress == 1);
  CHECK(progress.back().tail.size() == 4 * 2 * sizeof(f32));
  const auto done = only<protocol::LabDone>(events);
  REQUIRE(done.size() == 1);
  const auto head = as<protocol::LabDone>(done[0]);
  CHECK(head.wrong == 0);
  CHECK(head.total == 20);
  const u64 pixels = u64(head.training_width) * head.training_height +
                     u64(head.classification_width) * head.classification_height;
  CHECK(done[0].tail.size() ==
        head.training_bytes + head.classification_bytes + head.program_bytes + 3 * pixels);
  const char png[] = {'P', 'N', 'G'};
  CHECK(std::memcmp(done[0].tail.data() + 1, png, 3) == 0);
  CHECK(std::memcmp(done[0].tail.data() + head.training_bytes + 1, png, 3) == 0);
  // The rate that was meant, not its nearest float.
  CHECK(test::text(done[0]).find(", 8, 0.1, 1") != std::string::npos);
}

TEST_CASE("session lab: stop ends with a result", "[session][lab]") {
  test::Talk talk;
  talk.send(start(4, 9, 1000));
  talk.work();
  CHECK(test::is<protocol::Accepted>(talk.send(protocol::LabStop{0}).at(0)));
  CHECK(only<protocol::LabDone>(talk.finish()).size() == 1);
  CHECK(test::refusal(talk.send(protocol::LabStop{0})) == Code::wrong_state);
}

TEST_CASE("session lab: what cannot be trained is refused", "[session][lab]") {
  test::Talk talk;
  CHECK(test::refusal(talk.send(start(4, 4))) == Code::bad_config);
  CHECK(test::refusal(talk.send(start(4, 4'000'000'000u))) == Code::bad_config);
  talk.send(start());
  CHECK(test::refusal(talk.send(start())) == Code::wrong_state);
}

TEST_CASE("session lab: images that cannot be had end the run with the reason", "[session][lab]") {
  std::vector<test::Event> events;
  u32 asked = 0;
  session::Session session(
      [&](std::span<const std::byte> bytes) {
        auto event = protocol::decode<protocol::Event>(bytes);
        REQUIRE(event.ok());
        events.push_back(std::move(event).value());
      },
      session::make_lab([&](u32) { ++asked; }));
  const auto send = [&](const protocol::Command& head) {
    session.receive(protocol::encode(protocol::Message<protocol::Command>{1, head, {}}));
  };
  send(start());
  CHECK(asked == 2);
  session.lab()->digits_failed("Nobody is there.");
  REQUIRE(only<protocol::LabFailed>(events).size() == 1);
  CHECK(test::text(only<protocol::LabFailed>(events)[0]) == "Nobody is there.");
  events.clear();
  send(start());
  const std::byte rubbish[] = {std::byte{1}, std::byte{2}};
  session.lab()->add_digit(rubbish);
  CHECK(only<protocol::LabFailed>(events).size() == 1);
  events.clear();
  send(start());
  session.lab()->add_digit(test::digit_chunk(4, 40, 10));
  CHECK_FALSE(session.tick(0));
  session.lab()->add_digit(test::digit_chunk(9, 40, 10));
  CHECK(session.tick(0));
}

TEST_CASE("session lab: a session without a lab says so", "[session][lab]") {
  Code code = Code::none;
  session::Session session([&](std::span<const std::byte> bytes) {
    const auto event = protocol::decode<protocol::Event>(bytes);
    REQUIRE(event.ok());
    if (test::is<protocol::Failed>(*event)) code = Code(as<protocol::Failed>(*event).code);
  });
  session.receive(protocol::encode(protocol::Message<protocol::Command>{1, start(), {}}));
  CHECK(code == Code::wrong_state);
}
