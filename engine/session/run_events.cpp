// What a run does between commands, and the events that nobody asked for.
#include "engine/session/card.hpp"
#include "engine/session/replay.hpp"
#include "engine/session/state.hpp"

namespace engine::session {

static_assert(u32(train::Ending::completed) == u32(protocol::Ending::completed) &&
              u32(train::Ending::stopped) == u32(protocol::Ending::stopped) &&
              u32(train::Ending::early) == u32(protocol::Ending::early) &&
              u32(train::Ending::diverged) == u32(protocol::Ending::diverged));

protocol::Phase Session::State::phase() const {
  if (!run) return protocol::Phase::idle;
  if (run->active()) return run->paused ? protocol::Phase::paused : protocol::Phase::running;
  return run->trainer->ending() == train::Ending::diverged ? protocol::Phase::failed
                                                           : protocol::Phase::finished;
}

void Session::State::work_on_run() {
  if (run->test) {
    if (!run->test->step()) report_finished();
    return;
  }
  using Did = train::Trainer::Did;
  const std::size_t epochs = run->trainer->history().size();
  const Did did =
      run->replaying ? replay_step(*run->replaying, *run->trainer) : run->trainer->step();
  const bool ended = did == Did::finished_run;
  if (run->trainer->history().size() > epochs) send_epoch();
  if (run->replaying && (ended || did == Did::finished_epoch) && judge_replay(ended))
    return begin_ending();
  if (ended) return begin_ending();
  const Clock::time_point now = Clock::now();
  if (did == Did::trained && run->metrics.due(now)) send_metrics();
  if (did == Did::trained && run->snapshots.due(now)) send_snapshot();
}

void Session::State::send_metrics() {
  train::Trainer& trainer = *run->trainer;
  const train::Mean mean = trainer.take_mean();
  send(0, protocol::Metrics{phase(), trainer.epoch(), trainer.config().epochs, trainer.steps_done(),
                            trainer.steps(), mean.loss(), mean.accuracy(),
                            trainer.samples_per_second(), trainer.eta_seconds()});
  run->metrics.mark(Clock::now());
}

void Session::State::send_epoch() {
  const train::EpochRecord& r = run->trainer->history().back();
  send(0, protocol::EpochDone{r.epoch, r.step, r.best_epoch, r.train_loss, r.train_accuracy,
                              r.validation_loss, r.validation_accuracy, r.learning_rate,
                              low32(r.weight_hash), high32(r.weight_hash)});
}

// Weights that are not finite cannot be saved; the run will notice by itself and end.
void Session::State::send_snapshot() {
  const nn::Network& now = run->trainer->network();
  Result<Bytes> file = io::save_model(now, card());
  run->snapshots.mark(Clock::now());
  if (!file.ok()) return;
  const u64 hash = now.weight_hash();
  send(0, protocol::Snapshot{run->trainer->steps_done(), low32(hash), high32(hash)},
       std::move(file).value());
}

void Session::State::begin_ending() {
  const train::Trainer& trainer = *run->trainer;
  if (dataset.test.count() > 0) {
    auto test = Scoring::create(trainer.network(), trainer.config().loss, dataset.test,
                                all_ids(dataset.test.count()), *pool, trainer.config().permute);
    if (test.ok()) {
      run->test = std::move(test).value();
      return;
    }
  }
  report_finished();  // no test images, or none that fit: the accuracy stays unknown
}

void Session::State::report_finished() {
  train::Trainer& trainer = *run->trainer;
  const bool measured = run->test && run->test->done();
  const f32 accuracy =
      measured ? f32(run->test->confusion().accuracy().value) : protocol::kNotMeasured;
  run->reported = true;
  run->test.reset();
  send_metrics();
  const u64 hash = trainer.network().weight_hash();
  send(0,
       protocol::Finished{protocol::Ending(trainer.ending()), u32(trainer.history().size()),
                          trainer.best_epoch(), trainer.steps_done(), trainer.best_accuracy(),
                          accuracy, trainer.seconds(), low32(hash), high32(hash)},
       bytes_of(trainer.sentence()));
}

}  // namespace engine::session
