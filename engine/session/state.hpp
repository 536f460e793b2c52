// The inside of a session, shared by its handlers (handle_*.cpp). For engine/session alone.
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/pool.hpp"
#include "engine/data/dataset.hpp"
#include "engine/io/model_file.hpp"
#include "engine/protocol/wire.hpp"
#include "engine/session/capsule.hpp"
#include "engine/session/scoring.hpp"
#include "engine/session/session.hpp"
#include "engine/train/trainer.hpp"

namespace engine::session {

using protocol::high32;
using protocol::joined;
using protocol::low32;
using Bytes = std::vector<std::byte>;
using Clock = std::chrono::steady_clock;

// Lets something happen at most so often.
class Throttle {
 public:
  explicit Throttle(std::chrono::milliseconds gap) : gap_(gap) {}
  bool due(Clock::time_point now) const { return !last_ || now - *last_ >= gap_; }
  void mark(Clock::time_point now) { last_ = now; }

 private:
  std::chrono::milliseconds gap_;
  std::optional<Clock::time_point> last_;
};

// A training run. It stays when finished: its network is the session's, its split says what
// validation is.
struct Run {
  std::unique_ptr<train::Trainer> trainer;
  bool paused = false;
  bool reported = false;             // Finished was sent
  std::optional<Capsule> replaying;  // what the run is compared with, until a verdict is there
  std::unique_ptr<Scoring> test;     // measures the best weights once the trainer is done
  Throttle metrics{std::chrono::milliseconds(50)};
  Throttle snapshots{std::chrono::milliseconds(250)};

  bool active() const { return !reported; }
};

// An Evaluate or GetMistakes that was asked and not yet answered.
struct Evaluating {
  u32 id = 0;
  std::unique_ptr<Scoring> scoring;
  u32 most = 0;  // mistakes of each pair of classes to show; 0: the counts alone are asked for
};

struct Session::State {
  explicit State(Sink sink) : out(std::move(sink)), pool(std::make_unique<Pool>(1)) {}

  // ---- answers
  template <class Head>
  void send(u32 id, const Head& head, Bytes tail = {}) {
    const Bytes bytes =
        protocol::encode(protocol::Message<protocol::Event>{id, head, std::move(tail)});
    out(bytes);
  }
  void fail(u32 id, const Problem& problem);
  void fail(u32 id, Code code, std::string_view sentence) {
    fail(id, Problem{code, std::string(sentence)});
  }
  void accept(u32 id) { send(id, protocol::Accepted{0}); }

  // ---- commands, one overload each
  using Tail = std::span<const std::byte>;
  void handle(u32 id, const protocol::Hello& command, Tail tail);
  void handle(u32 id, const protocol::AddData& command, Tail tail);
  void handle(u32 id, const protocol::LoadModel& command, Tail tail);
  void handle(u32 id, const protocol::NewNetwork& command, Tail tail);
  void handle(u32 id, const protocol::GetModel& command, Tail tail);
  void handle(u32 id, const protocol::Predict& command, Tail tail);
  void handle(u32 id, const protocol::GetSteps& command, Tail tail);
  void handle(u32 id, const protocol::Start& command, Tail tail);
  void handle(u32 id, const protocol::Pause& command, Tail tail);
  void handle(u32 id, const protocol::Resume& command, Tail tail);
  void handle(u32 id, const protocol::Stop& command, Tail tail);
  void handle(u32 id, const protocol::GetCheckpoint& command, Tail tail);
  void handle(u32 id, const protocol::ResumeFrom& command, Tail tail);
  void handle(u32 id, const protocol::GetImage& command, Tail tail);
  void handle(u32 id, const protocol::PreviewAugment& command, Tail tail);
  void handle(u32 id, const protocol::Evaluate& command, Tail tail);
  void handle(u32 id, const protocol::GetCapsule& command, Tail tail);
  void handle(u32 id, const protocol::Replay& command, Tail tail);
  void handle(u32 id, const protocol::LabStart& command, Tail tail);
  void handle(u32 id, const protocol::LabStop& command, Tail tail);
  void handle(u32 id, const protocol::Export& command, Tail tail);
  void handle(u32 id, const protocol::GetMistakes& command, Tail tail);
  void handle(u32 id, const protocol::GetMaps& command, Tail tail);

  // ---- shared by handlers
  nn::Network* current();  // the network in use; null when there is none yet
  bool run_active() const { return run && run->active(); }
  bool refuse_during_run(u32 id);  // true, and answered, when a run is going on
  io::ModelCard card() const;      // for a file of the network in use
  u32 permute() const;             // the order of pixels that the network in use was trained with
  // Replaces the network, drops a finished run.
  void use(nn::Network replacement, io::ModelCard with);
  void send_model_loaded(u32 id);
  const data::Images& images_of(protocol::Split split) const;
  std::vector<u32> ids_of(protocol::Split split) const;  // empty for validation without a run
  bool refuse_without_images(u32 id, protocol::Split split, bool none);

  bool refuse_without_lab(u32 id);

  // ---- work
  bool has_work() const;
  bool has_other_work() const;  // than the lab's
  void work_once();             // one training step, validation batch or slice of an evaluation
  void work_on_run();
  void work_on_evaluation();
  void send_evaluation(const Evaluating& done);
  void send_mistakes(const Evaluating& done);
  protocol::Phase phase() const;
  void send_metrics();
  void send_epoch();
  void send_snapshot();
  void begin_ending();  // the trainer is done: measures the test set, or reports at once
  void report_finished();
  bool refuse_start(u32 id);     // true, and answered, when a run trains
  bool judge_replay(bool over);  // true: it differs, and the run was stopped
  void start_run(u32 id, std::unique_ptr<train::Trainer> trainer, bool paused);

  Sink out;
  std::unique_ptr<Pool> pool;
  data::Dataset dataset;
  std::optional<nn::Network> network;  // in use while there is no run
  io::ModelCard loaded_card;           // of `network` ...
  u32 loaded_permute = 0;              // ... and its permute_of()
  std::unique_ptr<Run> run;
  std::deque<Evaluating> evaluating;
  bool evaluation_next = false;  // evaluations and training take turns
  std::unique_ptr<Lab> lab;
  Exporter exporter;
  bool lab_next = false;  // as does the lab
};

inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void append(Bytes& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}
inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}

}  // namespace engine::session
