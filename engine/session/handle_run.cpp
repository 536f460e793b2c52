// Commands about the training run.
#include "engine/session/checkpoint.hpp"
#include "engine/session/state.hpp"
#include "engine/spec/json.hpp"
#include "engine/train/fit.hpp"

namespace engine::session {

void Session::State::start_run(u32 id, std::unique_ptr<train::Trainer> trainer, bool paused) {
  run = std::make_unique<Run>();
  run->trainer = std::move(trainer);
  run->paused = paused;
  accept(id);
  send_metrics();
}

bool Session::State::refuse_start(u32 id) {
  if (!run_active() || run->test) return false;
  fail(id, Code::wrong_state, "A training run is going on. Stop it first.");
  return true;
}

void Session::State::handle(u32 id, const protocol::Start& command, Tail tail) {
  if (refuse_start(id)) return;
  if (command.network_bytes > tail.size()) {
    return fail(id, Code::bad_message,
                "The message ends before its network does. Reload the page.");
  }
  const Result<spec::Network> network_spec =
      spec::network_from_json(text_of(tail.first(command.network_bytes)));
  if (!network_spec.ok()) return fail(id, network_spec.problem());
  const Result<spec::Train> config =
      spec::train_from_json(text_of(tail.subspan(command.network_bytes)));
  if (!config.ok()) return fail(id, config.problem());
  if (const auto fits = train::network_for(*network_spec, *config, dataset.train); !fits.ok())
    return fail(id, fits.problem());
  if (run_active()) report_finished();  // the old run's test, cut short
  run.reset();                          // there is no room for two
  auto trainer = train::Trainer::create(*network_spec, *config, dataset.train, *pool);
  if (!trainer.ok()) return fail(id, trainer.problem());
  start_run(id, std::move(trainer).value(), false);
}

void Session::State::handle(u32 id, const protocol::Pause&, Tail) {
  if (!run_active() || run->paused || run->test) {
    return fail(id, Code::wrong_state, "No training is running, so nothing can be paused.");
  }
  run->paused = true;
  accept(id);
  send_metrics();
}

void Session::State::handle(u32 id, const protocol::Resume&, Tail) {
  if (!run_active() || !run->paused) {
    return fail(id, Code::wrong_state, "No training is paused, so nothing can go on. Start a run.");
  }
  run->paused = false;
  accept(id);
  send_metrics();
}

void Session::State::handle(u32 id, const protocol::Stop&, Tail) {
  if (!run_active())
    return fail(id, Code::wrong_state, "No training is running, so nothing can be stopped.");
  accept(id);
  if (run->test) return report_finished();
  run->paused = false;
  run->replaying.reset();
  run->trainer->stop();
  if (run->trainer->phase() == train::Phase::finished) begin_ending();
}

void Session::State::handle(u32 id, const protocol::GetCheckpoint&, Tail) {
  if (!run) return fail(id, Code::wrong_state, "There is no run to save. Start one first.");
  const train::Trainer& trainer = *run->trainer;
  Bytes file = write_checkpoint(trainer.state());  // of a copy that is gone before the next one
  send(id, protocol::CheckpointFile{trainer.epoch(), trainer.steps_done()}, std::move(file));
}

void Session::State::handle(u32 id, const protocol::ResumeFrom& command, Tail tail) {
  if (refuse_during_run(id)) return;
  Result<train::RunState> state = read_checkpoint(tail);
  if (!state.ok()) return fail(id, state.problem());
  if (const auto fits = train::network_of(*state, dataset.train); !fits.ok())
    return fail(id, fits.problem());
  run.reset();  // there is no room for two
  auto trainer = train::Trainer::restore(std::move(state).value(), dataset.train, *pool);
  if (!trainer.ok()) return fail(id, trainer.problem());
  const bool finished = (*trainer)->phase() == train::Phase::finished;
  start_run(id, std::move(trainer).value(), command.paused != 0 && !finished);
  if (finished) begin_ending();
}

}  // namespace engine::session
