// What the page keeps across reloads, and how a run survives a reload, a dead worker and a second
// tab. Nothing is written before what was kept has been read.
//
// While it trains, the tab asks its worker for a checkpoint every kCheckpointEvery, when it is
// paused and when the tab is hidden, and stores the bytes under a key of this run alone, then a
// small pointer "checkpoint" to the newest one. A reloaded page follows the pointer, waits until
// the images are there, and brings the run back paused, as a run of its own: from then on it stores
// under a new key. Tabs share only the pointer, so whatever they do, no tab can damage the
// checkpoint of another; what nobody came back to goes after a day. A pointer that was written
// moments ago by another tab that did not say good-bye may belong to a tab that still trains: then
// the page looks again later and leaves the run alone if the pointer has moved.
#include <algorithm>
#include <ctime>
#include <deque>
#include <utility>

#include "ui/app/app.hpp"
#include "ui/look/words.hpp"
#include "ui/platform/bridge.hpp"

namespace ui {
namespace {

namespace protocol = engine::protocol;
using Phase = protocol::Phase;

constexpr f64 kFirstCheckpoint = 3'000, kCheckpointEvery = 20'000;  // milliseconds
constexpr u32 kStillAlive = 25;                                     // seconds
constexpr u32 kMostFatal = 2;    // engines; the first may have died of something else
constexpr f64 kKeepAfter = 800;  // milliseconds without a further change
constexpr std::time_t kYear2020 = 1'577'836'800;

u32 seconds_now() {
  return static_cast<u32>(std::max<std::time_t>(0, std::time(nullptr) - kYear2020));
}

bool is_ours(const CheckpointNote& note) { return note.tab != 0 && note.tab == platform::tab(); }

// Changes whenever the list does: runs are appended, and later get their capsule and verdict.
u64 runs_mark(const std::vector<RunRecord>& runs) {
  u64 mark = runs.empty() ? 0 : runs.back().hash + runs.size();
  for (const RunRecord& run : runs) mark += run.capsule.size() + (run.verified ? 1u << 20 : 0);
  return mark;
}

void store_text(const char* key, const std::string& text) { platform::store(key, bytes_of(text)); }

}  // namespace

void App::load(const char* key) {
  ++loads_;
  platform::load(key);
}

void App::keep_work(bool now) {
  const Model& m = workshop_.model;
  const bool trained = m.active.from == WeightsFrom::trained;
  const u32 shown = static_cast<u32>(m.page) +
                    kPageCount * (2 * static_cast<u32>(m.theme) + static_cast<u32>(trained));
  if (opened_ && shown != kept_shown_) {
    ++workshop_.changes;
    now = true;
  }
  kept_shown_ = shown;
  if (workshop_.changes != seen_changes_) {
    seen_changes_ = workshop_.changes;
    changed_at_ = now_;
  }
  if (!opened_) return;
  if (kept_changes_ != workshop_.changes && (now || now_ - changed_at_ > kKeepAfter)) {
    kept_changes_ = workshop_.changes;
    const auto* picture = reinterpret_cast<const std::byte*>(m.drawing.picture.data());
    store_text("work", work_to_json(m));
    platform::store("work.picture", {picture, m.drawing.picture.size()});
  }
  if (runs_mark(m.runs) == kept_runs_ || runs_asked_) return;
  runs_asked_ = true;
  load("runs");
}

// The answer to load("runs"): at first for the page, later to be added to.
void App::take_runs(std::string_view text) {
  Model& m = workshop_.model;
  std::vector<RunRecord> stored = runs_from_json(text);
  if (std::exchange(runs_asked_, false)) {
    store_text("runs", runs_to_json(merge_runs(std::move(stored), m.runs)));
    kept_runs_ = runs_mark(m.runs);
    return;
  }
  kept_runs_ = runs_mark(stored);
  m.runs = merge_runs(std::move(stored), m.runs);
}

void App::hidden(bool hidden) {
  hidden_ = hidden;
  if (!hidden) return touch();
  keep_work(true);
  if (!goes_on(workshop_.model.training.phase)) return;
  if (!note_.run.empty()) keep_note(true);
  ask_checkpoint();
}

// ---- Checkpoints --------------------------------------------------------------------------------

void App::begin_run() {
  run_id_ = new_run(seconds_now(), roll(workshop_));
  interrupted_ = false;
  fatal_ = 0;
  checkpoint_.clear();
  note_ = {};
  checkpoint_at_ = now_ + kFirstCheckpoint;
}

// A replay has none: what came back from it would be a run like any other.
void App::ask_checkpoint() {
  checkpoint_at_ = now_ + kCheckpointEvery;
  if (workshop_.model.replay.verdict != ReplayView::Verdict::none) return;
  send({.to = To::worker,
        .head = protocol::GetCheckpoint{0},
        .tail = {},
        .purpose = Purpose::checkpoint});
}

void App::keep_checkpoint(const protocol::CheckpointFile& head, const Bytes& bytes) {
  const Model& m = workshop_.model;
  if (!goes_on(m.training.phase) || run_id_.empty()) return;
  checkpoint_ = bytes;
  note_ = {.run = run_id_,
           .saved = 0,
           .tab = platform::tab(),
           .epoch = head.epoch,
           .step = head.step,
           .train_images = m.data.train,
           .start = workshop_.run,
           .train_epochs = m.training.train_epochs,
           .validation_epochs = m.training.validation_epochs};
  platform::store(checkpoint_key(run_id_), bytes);
  keep_note(hidden_);
}

void App::keep_note(bool released) {
  note_.saved = released ? 0 : seconds_now();
  store_text("checkpoint", note_to_json(note_));
}

// The run is over: its bytes go at once, the pointer only if it still points to them. Those that
// another tab wrote are left to it: it may still train.
void App::forget_checkpoint() {
  if (!run_id_.empty()) platform::store(checkpoint_key(run_id_), {});
  if (is_ours(origin_)) platform::store(checkpoint_key(origin_.run), {});
  for (CheckpointNote* note : {&note_, &origin_}) {
    if (!note->run.empty()) forgotten_.push_back(std::exchange(*note, {}));
  }
  run_id_.clear();
  checkpoint_.clear();
  load("checkpoint");
}

// ---- After a reload -----------------------------------------------------------------------------

void App::stored(std::string_view key, std::span<const std::byte> bytes) {
  loads_ = std::max(0, loads_ - 1);
  Model& m = workshop_.model;
  touch();
  if (key == "work") {
    take_work(text_of(bytes));
  } else if (key == "work.picture") {
    take_picture(bytes);
  } else if (key == "runs") {
    take_runs(text_of(bytes));
  } else if (key == "trained" && !bytes.empty() && !m.has_trained) {
    workshop_.shelf.trained.assign(bytes.begin(), bytes.end());
    m.has_trained = true;
    Outbox out;
    const bool unchosen =
        m.active.from == WeightsFrom::nothing || m.active.from == WeightsFrom::shipped;
    if (unchosen && (prefers_trained_ || !m.has_shipped))
      activate(out, WeightsFrom::trained, "trained here", workshop_.shelf.trained);
    flush(out);
  } else if (key == "checkpoint") {
    take_note(bytes);
  } else if (found_ && key == checkpoint_key(found_->run)) {
    found_bytes_.assign(bytes.begin(), bytes.end());
    if (found_bytes_.empty()) found_.reset();
  }
  if (opened_ || loads_ > 0) return;
  opened_ = true;
  offer_late_work();
  platform::list(checkpoint_key(""));
}

// A storage may be slower than the user, whose own counts more then.
void App::take_work(std::string_view text) {
  Model& m = workshop_.model;
  prefers_trained_ = work_uses_trained(text);
  if (workshop_.changes == 0) return work_from_json(text, m);
  if (text.empty()) return;
  Model kept;
  set_network(kept, m.network);
  work_from_json(text, kept);
  if (m.theme == Theme::system) m.theme = kept.theme;  // undo would not bring it back
  late_ = work_of(kept);
}

void App::take_picture(std::span<const std::byte> bytes) {
  const bool whole = bytes.size() == std::size_t(kCanvasSize) * std::size_t(kCanvasSize);
  if (!whole || (workshop_.changes != 0 && !late_)) return;
  const auto* pixels = reinterpret_cast<const u8*>(bytes.data());
  Drawing& drawing = late_ ? late_->drawing : workshop_.model.drawing;
  drawing.picture.assign(pixels, pixels + bytes.size());
}

// What came late will be written over soon. It is not lost: undo leads back to it.
void App::offer_late_work() {
  if (!late_) return;
  Model& m = workshop_.model;
  std::deque<Work>& past = workshop_.history.past;
  const Work begun_with = past.empty() ? work_of(m) : past.front();
  if (*late_ != begun_with) {
    past.push_front(*std::move(late_));
    m.can_undo = true;
    show_toast(m, Toast::Kind::info, words::kKeptCameLate);
  }
  late_.reset();
}

void App::listed(std::string_view keys) {
  for (const std::string& key : old_checkpoints(keys, seconds_now())) {
    if (key != checkpoint_key(pointed_run_) && key != checkpoint_key(origin_.run))
      platform::store(key, {});
  }
}

void App::take_note(std::span<const std::byte> bytes) {
  auto note = note_from_json(text_of(bytes));
  if (!note) return;
  pointed_run_ = note->run;
  const bool forgotten =
      std::any_of(forgotten_.begin(), forgotten_.end(), [&](const CheckpointNote& old) {
        return old.run == note->run && old.step == note->step;  // another tab may have gone on
      });
  if (forgotten) return platform::store("checkpoint", {});
  if (workshop_.model.training.phase != Phase::idle || !run_id_.empty()) return;
  if (found_ && (found_->run != note->run || found_->saved != note->saved))
    return found_.reset();  // another tab trains
  const u32 now = seconds_now();
  const bool fresh =
      !is_ours(*note) && note->saved != 0 && now >= note->saved && now - note->saved < kStillAlive;
  found_ = std::move(note);
  if (fresh) {
    look_again_at_ = now_ + 1000.0 * (kStillAlive - (now - found_->saved));
  } else {
    look_again_at_ = 0;
    load(checkpoint_key(found_->run).c_str());
  }
}

void App::try_restore() {
  if (!found_) return;
  Model& m = workshop_.model;
  if (m.training.phase != Phase::idle)
    return found_.reset();  // the user has started another run meanwhile
  if (look_again_at_ > 0 && now_ >= look_again_at_) {
    look_again_at_ = 0;
    load("checkpoint");
  }
  if (found_bytes_.empty() || m.data.train < found_->train_images || m.engine.failed ||
      workshop_.starting)
    return;
  workshop_.run = found_->start;
  m.training = {};
  ++m.training.started;
  m.training.phase = Phase::paused;
  m.training.network_name = found_->start.network.name;
  m.training.now.epoch = found_->epoch;
  m.training.train_epochs = found_->train_epochs;
  m.training.validation_epochs = found_->validation_epochs;
  m.restored = true;
  begin_run();
  origin_ = *found_;
  checkpoint_ = found_bytes_;  // until there is one of this run
  note_.epoch = found_->epoch;
  note_.step = found_->step;
  send({.to = To::worker,
        .head = protocol::ResumeFrom{1},
        .tail = std::move(found_bytes_),
        .purpose = Purpose::restore});
  found_bytes_ = {};
  found_.reset();
  touch();
}

// ---- A worker that died -------------------------------------------------------------------------

void App::worker(WorkerEvent event) {
  EngineView& engine = workshop_.model.engine;
  touch();
  if (event == WorkerEvent::died || event == WorkerEvent::gone) {
    hear_out();
    return engine_died(event == WorkerEvent::gone);
  }
  if (event == WorkerEvent::ready) {
    engine.failed = interrupted_;  // until its run goes on
    send({.to = To::worker,
          .head = protocol::Hello{engine.threads},
          .tail = {},
          .purpose = Purpose::none});
    return;
  }
  engine.failed = false;
  if (std::exchange(interrupted_, false)) continue_after_restart();
  tell_training();
}

// What the dead engine said before comes before its end. What follows from it asks nobody: the next
// engine knows nothing of it.
void App::hear_out() {
  hearing_out_ = true;
  drain(worker_, To::worker);
  hearing_out_ = false;
}

// A run that came back after a reload and that one engine after the other does not survive would be
// the end of each engine, at each load of the page.
bool App::was_fatal() {
  const auto& waiting = pending_[static_cast<std::size_t>(To::worker)];
  const bool restoring = std::any_of(waiting.begin(), waiting.end(), [](const auto& asked) {
    return asked.second.purpose == Purpose::restore;
  });
  const bool of_before = !origin_.run.empty() && note_.run.empty();
  return restoring && of_before && ++fatal_ == kMostFatal;
}

void App::engine_died(bool gone) {
  Model& m = workshop_.model;
  const bool fatal = was_fatal();
  pending_[static_cast<std::size_t>(To::worker)].clear();
  workshop_.starting.reset();
  m.engine.failed = true;
  m.engine.gone = gone;
  m.data.train = m.data.test = 0;
  m.data.loading = !gone;
  m.mistakes.running = false;
  if (m.lab.phase == LabPhase::running) {
    m.lab.phase = LabPhase::failed;
    m.lab.ending = gone ? words::kEngineGone : "The engine stopped. Start again.";
  }
  const bool replay = m.replay.verdict != ReplayView::Verdict::none;
  if (m.replay.verdict == ReplayView::Verdict::running) m.replay = {};
  if (gone) {
    found_.reset();
    m.data.problem = words::kEngineGone;
  }
  if (goes_on(m.training.phase) && (gone || replay || fatal)) {
    m.training.phase = Phase::failed;
    m.training.ending = gone ? words::kEngineGone : replay ? words::kReplayCut : words::kFatalRun;
  }
  interrupted_ = goes_on(m.training.phase);
  if (fatal) {
    m.restored = false;
    forget_checkpoint();
  }
  show_toast(m, Toast::Kind::bad, gone ? words::kEngineGone : words::kEngineDied);
  tell_training();
}

// The user does not want to wait for the next engine. The images tell that it is there.
void App::stop_interrupted() {
  Model& m = workshop_.model;
  interrupted_ = false;
  m.engine.failed = m.data.train == 0;
  m.restored = false;
  m.training.phase = Phase::failed;
  m.training.ending = words::kStoppedWithoutEngine;
  forget_checkpoint();
  tell_training();
}

void App::continue_after_restart() {
  TrainingView& t = workshop_.model.training;
  if (checkpoint_.empty()) {
    t.phase = Phase::failed;
    t.ending = "The engine stopped before the first checkpoint. Start the training again.";
    return show_toast(workshop_.model, Toast::Kind::bad, t.ending);
  }
  const bool paused = t.phase == Phase::paused;
  const f32 done = t.now.steps ? static_cast<f32>(t.now.epochs) * static_cast<f32>(note_.step) /
                                     static_cast<f32>(t.now.steps)
                               : 0;
  std::erase_if(t.steps, [&](const CurvePoint& point) { return point.epoch > done; });
  t.now.epoch = note_.epoch;
  workshop_.model.restored = paused;
  send({.to = To::worker,
        .head = protocol::ResumeFrom{paused ? 1u : 0u},
        .tail = checkpoint_,
        .purpose = Purpose::restore});
}

}  // namespace ui
