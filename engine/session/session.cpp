#include "engine/session/session.hpp"

#include "engine/session/state.hpp"

namespace engine::session {

Session::Session(Sink out, std::unique_ptr<Lab> lab)
    : state_(std::make_unique<State>(std::move(out))) {
  if (!lab) return;
  lab->connect([this](u32 id, const protocol::Event& head, Bytes tail) {
    state_->out(protocol::encode(protocol::Message<protocol::Event>{id, head, std::move(tail)}));
  });
  state_->lab = std::move(lab);
}

Lab* Session::lab() { return state_->lab.get(); }

Session::~Session() = default;

void Session::receive(std::span<const std::byte> bytes) {
  const auto message = protocol::decode_in_place<protocol::Command>(bytes);
  if (!message.ok()) {
    // Even of a broken message the id is worth echoing: somebody waits for its answer.
    protocol::Header header{};
    if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
    state_->fail(header.id, message.problem());
    return;
  }
  std::visit([&](const auto& command) { state_->handle(message->id, command, message->tail); },
             message->head);
}

void Session::add_data(std::span<const std::byte> chunk) {
  state_->handle(0, protocol::AddData{0}, chunk);
}

const data::Dataset& Session::dataset() const { return state_->dataset; }

bool Session::tick(f32 milliseconds) {
  const Clock::time_point start = Clock::now();
  while (state_->has_work()) {
    state_->work_once();
    if (std::chrono::duration<f32, std::milli>(Clock::now() - start).count() >= milliseconds) break;
  }
  return state_->has_work();
}

void Session::State::fail(u32 id, const Problem& problem) {
  send(id, protocol::Failed{u32(problem.code)}, bytes_of(problem.sentence));
}

nn::Network* Session::State::current() {
  if (run) return &run->trainer->network();
  return network ? &*network : nullptr;
}

bool Session::State::refuse_during_run(u32 id) {
  if (!run_active()) return false;
  fail(id, Code::wrong_state, "A training run is going on. Stop it first.");
  return true;
}

bool Session::State::has_other_work() const {
  return !evaluating.empty() || (run_active() && !run->paused);
}

bool Session::State::has_work() const { return has_other_work() || (lab && lab->has_work()); }

void Session::State::work_once() {
  const bool lab_works = lab && lab->has_work();
  if (lab_works && (lab_next || !has_other_work())) {
    lab_next = false;
    return lab->work_once();
  }
  lab_next = true;
  const bool can_train = run_active() && !run->paused;
  if (!evaluating.empty() && (evaluation_next || !can_train)) {
    work_on_evaluation();
    evaluation_next = false;
  } else if (can_train) {
    work_on_run();
    evaluation_next = true;
  }
}

}  // namespace engine::session
