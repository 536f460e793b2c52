// What a session said: Event -> Model, and what follows from it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "engine/core/hash.hpp"
#include "engine/spec/json.hpp"
#include "ui/app/filters.hpp"
#include "ui/app/workshop.hpp"
#include "ui/look/words.hpp"

namespace ui {
namespace {

namespace protocol = engine::protocol;
namespace spec = engine::spec;
using Phase = protocol::Phase;

constexpr u32 kMistakesOfPair = 24;  // that are shown, of each pair of classes

// Halves the number of points: each pair becomes its mean, at the place of the second.
void thin_out(std::vector<CurvePoint>& points) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    const CurvePoint &a = points[i], &b = points[i + 1];
    points[kept++] = {b.epoch, (a.loss + b.loss) / 2, (a.accuracy + b.accuracy) / 2};
  }
  points.resize(kept);
}

// The ten bars are FashionMNIST's; a network may be trained, or opened, with other outputs.
std::string other_classes(u32 classes) {
  return "It tells " + std::to_string(classes) +
         " classes apart. Give its last layer 10 outputs, and train it.";
}

// The lab's run ends at an error that is no number; what came before it still counts.
std::string lab_ending(const LabView& lab) {
  if (lab.errors.empty()) return {};
  const LabPoint& last = lab.errors.back();
  if (std::isfinite(last.train) && std::isfinite(last.validation)) return {};
  return "In epoch " + std::to_string(lab.errors.size()) +
         " the error was no number any more. The run ended there and went back to epoch " +
         std::to_string(lab.best_epoch + 1) + ". Choose a smaller learning rate.";
}

struct Applier {
  const protocol::Message<protocol::Event>& message;
  To source;
  Purpose purpose;
  Activation& activation;
  Workshop& w;
  Outbox& out;
  Model& m = w.model;
  bool was_replay = m.replay.verdict != ReplayView::Verdict::none;

  void operator()(const protocol::Welcome& e) {
    if (source == To::worker) m.engine.threads = e.threads;
  }

  void operator()(const protocol::DataAdded& e) {
    m.data.train = e.train;
    m.data.test = e.test;
    m.data.problem.clear();
    m.data.loading = e.train < m.data.expected_train || e.test < m.data.expected_test;
    ++m.data.arrivals;
  }

  void operator()(const protocol::ModelLoaded& e) {
    if (source != To::local || purpose != Purpose::activate) return;
    auto network = spec::network_from_json(text_of(message.tail));
    if (!network.ok()) return show_toast(m, Toast::Kind::bad, network.problem().sentence);
    m.active.network = std::move(network).value();
    m.active.from = activation.from;
    m.active.note = activation.note;
    m.active.hash = protocol::joined(e.hash_low, e.hash_high);
    m.active.test_accuracy = activation.test_accuracy;
    if (m.active.test_accuracy < 0) m.active.test_accuracy = noted_accuracy(activation.bytes);
    for (const RunRecord& run : m.runs) {
      if (m.active.test_accuracy < 0 && run.hash == m.active.hash)
        m.active.test_accuracy = run.test_accuracy;
    }
    take_filters(m.active, activation.bytes);
    if (activation.from == WeightsFrom::file) {
      w.follow_training = false;
      if (m.active.filter_count == 0) {  // perhaps no safetensors
        out.messages.push_back({.to = To::local,
                                .head = protocol::GetModel{0},
                                .tail = {},
                                .purpose = Purpose::filters});
      }
      show_toast(m, Toast::Kind::good, activation.note + " is in use now.");
    }
  }

  void operator()(const protocol::ModelFile& e) {
    if (purpose == Purpose::download) {
      const std::string name = m.active.network.name.empty() ? "network" : m.active.network.name;
      out.downloads.push_back({name + ".safetensors", message.tail});
    } else if (purpose == Purpose::filters) {
      take_filters(m.active, message.tail);
    } else if (purpose == Purpose::export_weights && !w.exports.empty()) {
      out.messages.push_back({.to = To::worker,
                              .head = protocol::Export{w.exports.front()},
                              .tail = message.tail,
                              .purpose = Purpose::export_file});
      w.exports.pop_front();
    } else if (purpose == Purpose::measure) {
      m.mistakes.asked = protocol::joined(e.hash_low, e.hash_high);
      out.messages.push_back({.to = To::worker,
                              .head = protocol::GetMistakes{kMistakesOfPair},
                              .tail = message.tail,
                              .purpose = Purpose::mistakes});
    } else if (purpose == Purpose::trained_weights) {
      w.shelf.trained = message.tail;
      w.shelf.trained_accuracy = m.training.final_test_accuracy;
      m.has_trained = true;
      out.run_over = true;
      out.kept.push_back({"trained", message.tail});
      if (w.follow_training) {
        activate(out, WeightsFrom::trained, "trained here", message.tail, w.shelf.trained_accuracy);
      }
    }
  }

  void operator()(const protocol::ExportFile& e) {
    if (e.name_bytes > message.tail.size()) return;
    const auto end = message.tail.begin() + static_cast<std::ptrdiff_t>(e.name_bytes);
    out.downloads.push_back({text_of({message.tail.begin(), end}), {end, message.tail.end()}});
  }

  void operator()(const protocol::Prediction& e) {
    constexpr u32 kMostClasses = 256;  // labels are bytes
    Prediction& p = m.prediction;
    const std::size_t needed = (std::size_t(e.classes) + p.seen.size()) * sizeof(f32);
    if (e.classes > kMostClasses || message.tail.size() != needed) {
      p = {};  // what was shown is another network's
      return;
    }
    p.problem.clear();
    if (e.classes != p.probabilities.size()) {  // nothing that earlier weights said may stay
      p = {};
      p.saw = e.blank == 0;
      std::memcpy(p.seen.data(), message.tail.data() + needed - sizeof p.seen, sizeof p.seen);
      p.problem = other_classes(e.classes);
      return;
    }
    std::memcpy(p.probabilities.data(), message.tail.data(), sizeof p.probabilities);
    std::memcpy(p.seen.data(), message.tail.data() + sizeof p.probabilities, sizeof p.seen);
    p.best = e.blank || e.best >= e.classes ? -1 : static_cast<int>(e.best);
    p.saw = p.best >= 0;
    p.sure = e.sure != 0;
    p.milliseconds = e.milliseconds;
  }

  void operator()(const protocol::Steps& e) {
    constexpr u32 kMostSide = 512;
    StepsView& s = m.steps;
    const std::size_t area = std::size_t(e.width) * e.height, box = sizeof s.fitted;
    const bool sizes = e.width >= 1 && e.height >= 1 && e.width <= kMostSide &&
                       e.height <= kMostSide && e.x <= e.width && e.y <= e.height &&
                       e.box_width <= e.width - e.x && e.box_height <= e.height - e.y;
    if (!sizes || message.tail.size() != 2 * area + 2 * box) return;
    const auto* bytes = reinterpret_cast<const u8*>(message.tail.data());
    s.facts = e;
    s.reduced.assign(bytes, bytes + area);
    s.ink.assign(bytes + area, bytes + 2 * area);
    std::memcpy(s.fitted.data(), bytes + 2 * area, box);
    std::memcpy(s.prepared.data(), bytes + 2 * area + box, box);
    ++s.version;
  }

  void operator()(const protocol::Maps& e) {
    constexpr u32 kMostSide = 1024;
    // In 64 bits: what wraps around in the page's 32 may be as long as the tail.
    const u64 count =
        u64(e.channels) * std::min(e.height, kMostSide) * std::min(e.width, kMostSide);
    const bool sizes = count > 0 && e.height <= kMostSide && e.width <= kMostSide;
    if (!sizes || message.tail.size() != count * sizeof(f32)) return;
    m.maps.facts = e;
    m.maps.values.resize(std::size_t(count));
    std::memcpy(m.maps.values.data(), message.tail.data(), message.tail.size());
  }

  void operator()(const protocol::Accepted&) {
    if (purpose == Purpose::start && w.starting) {
      begin_view(w, *std::exchange(w.starting, std::nullopt));
      m.training.phase = Phase::running;
      w.follow_training = true;
      w.wants_plain = false;
    }
    if (purpose == Purpose::restore) {
      m.engine.failed = false;
      const std::string epoch = std::to_string(m.training.now.epoch + 1);
      show_toast(m, Toast::Kind::good,
                 m.restored
                     ? "Training was restored at epoch " + epoch + ". Press Resume."
                     : "The engine was restarted; training goes on from epoch " + epoch + ".");
    }
  }

  void operator()(const protocol::CheckpointFile&) {}  // app.cpp keeps it: it knows the tab's key
  void operator()(const protocol::Evaluation&) {}

  void operator()(const protocol::Mistakes& e) {
    constexpr std::size_t kClasses = kClassNames.size(), kArea = 784;
    constexpr std::size_t kMost = kClasses * (kClasses - 1) * kMistakesOfPair;
    MistakesView& v = m.mistakes;
    v.running = false;
    const std::size_t counts = kClasses * kClasses * sizeof(u32),
                      list = std::size_t(e.count) * sizeof(protocol::Mistake);
    if (e.classes != kClasses) return show_toast(m, Toast::Kind::bad, words::kOtherClasses);
    if (e.count > kMost || message.tail.size() != counts + list + e.count * kArea) return;
    std::vector<protocol::Mistake> mistakes(e.count);
    if (list > 0) std::memcpy(mistakes.data(), message.tail.data() + counts, list);
    for (const protocol::Mistake& mistake : mistakes) {
      if (mistake.label >= kClasses || mistake.chosen >= kClasses) return;
    }
    v.hash = v.asked;
    v.total = e.total;
    v.correct = e.correct;
    v.low = e.low;
    v.high = e.high;
    v.counts.resize(kClasses * kClasses);
    std::memcpy(v.counts.data(), message.tail.data(), counts);
    v.list = std::move(mistakes);
    const auto* pixels = reinterpret_cast<const u8*>(message.tail.data()) + counts + list;
    v.pixels.assign(pixels, pixels + e.count * kArea);
  }

  void operator()(const protocol::Image& e) {
    if (message.tail.size() != 784 || e.height != 28 || e.width != 28) return;
    Drawing drawing;
    drawing.exact.resize(784);
    std::memcpy(drawing.exact.data(), message.tail.data(), 784);
    drawing.exact_label = static_cast<int>(e.label);
    drawing.exact_index = static_cast<int>(e.index);
    if (drawing == m.drawing) return;
    w.history.past.push_back({m.drawing, m.network, m.train, m.lab.settings});
    if (w.history.past.size() > kMostUndoSteps) w.history.past.pop_front();
    w.history.future.clear();
    m.can_undo = true;
    m.can_redo = false;
    m.drawing = std::move(drawing);
    ++w.changes;
  }

  void operator()(const protocol::Sheet& e) {
    if (message.tail.size() != u64(e.count) * 784) return;
    m.sheet.count = e.count;
    m.sheet.pixels.resize(message.tail.size());
    if (!message.tail.empty())
      std::memcpy(m.sheet.pixels.data(), message.tail.data(), message.tail.size());
    ++m.sheet.version;
  }

  void operator()(const protocol::Failed& e) {
    const std::string sentence = text_of(message.tail);
    if (purpose == Purpose::predict) {
      m.prediction = {};
      m.prediction.problem = sentence;
    }
    if (purpose == Purpose::measure || purpose == Purpose::mistakes) m.mistakes.running = false;
    if (purpose == Purpose::activate && activation.from == WeightsFrom::plain)
      w.shelf.plain.clear();  // what came were no weights: the next time it is fetched again
    if (purpose == Purpose::export_weights && !w.exports.empty()) w.exports.pop_front();
    if (purpose == Purpose::capsule || purpose == Purpose::checkpoint ||
        purpose == Purpose::sheet || purpose == Purpose::predict || purpose == Purpose::maps)
      return;
    // Of another version, or damaged, it will never be of use; that another run is in its way says
    // nothing against it.
    if (purpose == Purpose::restore &&
        static_cast<engine::Code>(e.code) != engine::Code::wrong_state) {
      out.run_over = true;
      m.training.phase = Phase::idle;
      m.restored = false;
    }
    if (purpose == Purpose::trained_weights) out.run_over = true;  // it has none to give
    if (purpose == Purpose::start) w.starting.reset();             // the last run's curves stay
    if (purpose == Purpose::lab) {
      m.lab.phase = LabPhase::failed;
      m.lab.ending = sentence;
      return;
    }
    // Nobody asked: it is a part of the images that is refused. A run goes on with those it has.
    if (message.id == 0) m.data.problem = sentence;
    if (static_cast<engine::Code>(e.code) == engine::Code::diverged) {
      m.training.phase = Phase::failed;
      m.training.ending = sentence;
      out.run_over = true;
    }
    const bool file = purpose == Purpose::activate && activation.from == WeightsFrom::file;
    show_toast(m, Toast::Kind::bad, file ? activation.note + ": " + sentence : sentence);
  }

  void operator()(const protocol::Metrics& e) {
    TrainingView& t = m.training;
    t.phase = e.phase;
    t.now = e;
    if (e.steps > 0 && e.step > 0 && e.phase == Phase::running && std::isfinite(e.loss)) {
      const f32 epoch =
          static_cast<f32>(e.epochs) * static_cast<f32>(e.step) / static_cast<f32>(e.steps);
      if (t.steps.size() >= kMaxCurvePoints) thin_out(t.steps);
      t.steps.push_back({epoch, e.loss, e.train_accuracy});
    }
  }

  void operator()(const protocol::EpochDone& e) {
    TrainingView& t = m.training;
    const f32 at = static_cast<f32>(e.epoch + 1);
    const auto add = [&](std::vector<CurvePoint>& curve, f32 loss, f32 accuracy) {
      while (!curve.empty() && curve.back().epoch >= at)
        curve.pop_back();  // after a restart an epoch comes again
      curve.push_back({at, loss, accuracy});
    };
    add(t.train_epochs, e.train_loss, e.train_accuracy);
    add(t.validation_epochs, e.validation_loss, e.validation_accuracy);
    t.best_epoch = e.best_epoch;
    t.weight_hash = protocol::joined(e.hash_low, e.hash_high);
    if (m.replay.verdict == ReplayView::Verdict::running) m.replay.epochs_same = e.epoch;
  }

  void operator()(const protocol::Snapshot&) {
    const bool checks = m.replay.verdict == ReplayView::Verdict::running;
    if (!w.follow_training || checks) return;
    activate(out, WeightsFrom::training, "epoch " + std::to_string(m.training.now.epoch + 1),
             message.tail);
  }

  void operator()(const protocol::Finished& e) {
    TrainingView& t = m.training;
    const bool bad = e.ending == protocol::Ending::diverged;
    t.phase = bad ? Phase::failed : Phase::finished;
    t.ending = text_of(message.tail);
    t.final_test_accuracy = e.test_accuracy;
    t.best_epoch = e.best_epoch;
    t.weight_hash = protocol::joined(e.hash_low, e.hash_high);
    keep_run(e);
    const bool learned = e.epochs_done > 0;
    out.run_over = was_replay || !learned;  // else not before its weights are here
    if (!was_replay) take_weights(learned);
    if (m.replay.verdict == ReplayView::Verdict::none)
      show_toast(m, bad ? Toast::Kind::bad : Toast::Kind::good, t.ending);
  }

  // Before an epoch has been validated the best weights are those of the start: then the ones that
  // were trained before, or the page's own, classify again.
  void take_weights(bool learned) {
    if (learned) {
      out.messages.push_back({.to = To::worker,
                              .head = protocol::GetModel{0},
                              .tail = {},
                              .purpose = Purpose::trained_weights});
    } else if (!w.follow_training) {
      return;
    } else if (!w.shelf.trained.empty()) {
      activate(out, WeightsFrom::trained, "trained here", w.shelf.trained,
               w.shelf.trained_accuracy);
    } else if (!w.shelf.shipped.empty()) {
      activate(out, WeightsFrom::shipped, "shipped with the page", w.shelf.shipped);
    }
  }

  // A replay adds a run only if it gave the same bits and the run is not there yet.
  void keep_run(const protocol::Finished& e) {
    using Verdict = ReplayView::Verdict;
    if (m.replay.verdict == Verdict::running) m.replay = {};  // stopped by the user
    const bool same = m.replay.verdict == Verdict::same;
    if (was_replay && !same) return;
    for (RunRecord& run : m.runs) {
      if (!same || run.hash != m.training.weight_hash || run.network != w.run.network ||
          run.train != w.run.train)
        continue;
      run.verified = true;
      return;
    }
    m.runs.push_back({.network_name = w.run.network.name,
                      .weights = spec::infer_draft(w.run.network).facts.weights,
                      .network = w.run.network,
                      .train = w.run.train,
                      .validation_accuracy = e.best_validation_accuracy,
                      .test_accuracy = e.test_accuracy,
                      .seconds = e.seconds,
                      .epochs = e.epochs_done,
                      .hash = m.training.weight_hash,
                      .ending = e.ending,
                      .capsule = {},
                      .verified = same});
    if (m.runs.size() > kMostRuns) m.runs.erase(m.runs.begin());
    out.messages.push_back({.to = To::worker,
                            .head = protocol::GetCapsule{0},
                            .tail = {},
                            .purpose = Purpose::capsule});
  }

  void operator()(const protocol::CapsuleFile& e) {
    const u64 hash = protocol::joined(e.hash_low, e.hash_high);
    if (!m.runs.empty() && m.runs.back().hash == hash)
      m.runs.back().capsule = text_of(message.tail);
  }

  void operator()(const protocol::ReplayStarted& e) {
    const std::string text = text_of(message.tail);
    const std::size_t cut = std::min<std::size_t>(e.network_bytes, text.size());
    auto network = spec::network_from_json(std::string_view(text).substr(0, cut));
    auto train = spec::train_from_json(std::string_view(text).substr(cut));
    if (!network.ok() || !train.ok()) return;
    begin_view(w, {std::move(network).value(), train.value()});
    m.training.phase = Phase::running;
    m.replay = {.verdict = ReplayView::Verdict::running,
                .network_name = m.training.network_name,
                .epochs = e.epochs,
                .epochs_same = 0,
                .sentence = {}};
  }

  void operator()(const protocol::Replayed& e) {
    m.replay.verdict = e.same ? ReplayView::Verdict::same : ReplayView::Verdict::different;
    m.replay.epochs_same = e.same ? m.replay.epochs : e.epoch - 1;
    m.replay.sentence = text_of(message.tail);
    show_toast(m, e.same ? Toast::Kind::good : Toast::Kind::bad, m.replay.sentence);
  }

  void operator()(const protocol::LabProgress& e) {
    LabView& lab = m.lab;
    std::vector<f32> values(std::size_t(e.epochs_done) * 2);
    if (message.tail.size() != values.size() * sizeof(f32)) return;
    if (!values.empty()) std::memcpy(values.data(), message.tail.data(), message.tail.size());
    lab.errors.clear();
    for (std::size_t i = 0; i < values.size(); i += 2) {
      const std::size_t epoch = i / 2 + 1;
      lab.errors.push_back({static_cast<f32>(epoch), values[i], values[i + 1]});
    }
    lab.epochs = e.epochs;
    lab.progress = e.progress;
    lab.eta_seconds = e.eta_seconds;
  }

  void operator()(const protocol::LabDone& e) {
    LabView& lab = m.lab;
    const u64 sizes[] = {e.training_bytes, e.classification_bytes, e.program_bytes,
                         u64(e.training_width) * e.training_height * 3,
                         u64(e.classification_width) * e.classification_height * 3};
    u64 sum = 0;
    for (const u64 size : sizes) sum += size;
    if (sum != message.tail.size()) return;
    std::span<const std::byte> rest = message.tail;
    const auto next = [&](u64 size) {
      const auto part = rest.first(std::size_t(size));
      rest = rest.subspan(std::size_t(size));
      return part;
    };
    for (std::size_t i = 0; i < lab.files.size(); ++i) {
      const auto part = next(sizes[i]);
      lab.files[i].assign(part.begin(), part.end());
    }
    lab.pictures = {LabPicture{e.training_width, e.training_height, {}},
                    LabPicture{e.classification_width, e.classification_height, {}}};
    for (std::size_t i = 0; i < lab.pictures.size(); ++i) {
      const auto part = next(sizes[lab.files.size() + i]);
      const auto* bytes = reinterpret_cast<const u8*>(part.data());
      lab.pictures[i].rgb.assign(bytes, bytes + part.size());
    }
    lab.phase = LabPhase::finished;
    lab.wrong = e.wrong;
    lab.total = e.total;
    lab.best_epoch = e.best_epoch;
    lab.ending = lab_ending(lab);
    ++lab.version;
  }

  void operator()(const protocol::LabFailed&) {
    m.lab.phase = LabPhase::failed;
    m.lab.ending = text_of(message.tail);
  }
};

}  // namespace

void take_plain(Bytes bytes, Workshop& workshop, Outbox& out) {
  const bool wanted = std::exchange(workshop.wants_plain, false);
  if (!wanted && bytes.empty()) return;
  if (bytes.empty()) return show_toast(workshop.model, Toast::Kind::bad, words::kNoPlain);
  workshop.shelf.plain = std::move(bytes);
  if (!wanted) return;
  workshop.follow_training = false;
  activate(out, WeightsFrom::plain, kPlainNote, workshop.shelf.plain);
}

void apply(const protocol::Message<protocol::Event>& event, To source, Purpose purpose,
           Activation activation, Workshop& workshop, Outbox& out) {
  std::visit(Applier{event, source, purpose, activation, workshop, out}, event.head);
}

}  // namespace ui
