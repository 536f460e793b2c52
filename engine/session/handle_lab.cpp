// Commands of the lab's part 1, for sessions that have one.
#include "engine/session/state.hpp"

namespace engine::session {

bool Session::State::refuse_without_lab(u32 id) {
  if (lab) return false;
  fail(id, Code::wrong_state, "This session has no lab. Ask the worker's.");
  return true;
}

void Session::State::handle(u32 id, const protocol::LabStart& command, Tail) {
  if (!refuse_without_lab(id)) lab->start(id, command);
}

void Session::State::handle(u32 id, const protocol::LabStop&, Tail) {
  if (!refuse_without_lab(id)) lab->stop(id);
}

}  // namespace engine::session
