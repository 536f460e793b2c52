// A connection to one session: encoded commands go out through a function, encoded events come in
// to a queue. What the function does is all that differs between the links: `local` calls the
// session in this thread (its events are in the queue when send() returns), `post` gives the bytes
// to the page's worker (its events arrive later, by arrived()).
#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace ui {

class Link {
 public:
  using Send = std::function<void(std::span<const std::byte>)>;

  explicit Link(Send send = {}) : send_(std::move(send)) {}
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void connect(Send send) { send_ = std::move(send); }
  void send(std::span<const std::byte> command) {
    if (send_) send_(command);
  }

  // One event of the session; the bytes are copied.
  void arrived(std::span<const std::byte> event) {
    events_.emplace_back(event.begin(), event.end());
  }

  // The oldest event into `out`; false when there is none.
  bool poll(std::vector<std::byte>& out) {
    if (events_.empty()) return false;
    out = std::move(events_.front());
    events_.pop_front();
    return true;
  }
  bool idle() const { return events_.empty(); }

 private:
  Send send_;
  std::deque<std::vector<std::byte>> events_;
};

}  // namespace ui
