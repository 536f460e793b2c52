// Speaks with a session as the page does, in encoded messages, and collects its events.
#pragma once
#include <string>
#include <vector>

#include "engine/data/packed.hpp"
#include "engine/protocol/wire.hpp"
#include "engine/session/session.hpp"

namespace test {

using Event = engine::protocol::Message<engine::protocol::Event>;

class Talk {
 public:
  Talk();

  // Sends a command and returns the events that came at once. Ids count up from 1.
  std::vector<Event> send(const engine::protocol::Command& head, std::vector<std::byte> tail = {});
  std::vector<Event> send(const engine::protocol::Command& head, const std::string& tail);
  // Works until the session has no more to do; the events that came.
  std::vector<Event> finish();
  // One call of tick() that does one piece of work; the events that came.
  std::vector<Event> work();

  engine::u32 last_id() const { return id_; }
  engine::session::Session& session() { return session_; }

 private:
  std::vector<Event> take();

  std::vector<Event> events_;
  engine::session::Session session_;
  engine::u32 id_ = 0;
};

// Whether it is an event of this kind; and its head, which must be.
template <class Head>
bool is(const Event& event) {
  return std::holds_alternative<Head>(event.head);
}
template <class Head>
const Head& as(const Event& event) {
  return std::get<Head>(event.head);
}

// The events of one kind, in order.
template <class Head>
std::vector<Event> only(const std::vector<Event>& events) {
  std::vector<Event> some;
  for (const Event& event : events) {
    if (is<Head>(event)) some.push_back(event);
  }
  return some;
}

// The code of a refusal; Code::none for any other event.
engine::Code refusal(const std::vector<Event>& events);

std::string text(const Event& event);  // its tail

// Gives the session a data set, in the chunks of `how`, each of which must be accepted.
void load(Talk& talk, const engine::data::Dataset& dataset,
          const engine::data::Cut& how = {.first_train = 10, .first_test = 5, .more = 1});

}  // namespace test
