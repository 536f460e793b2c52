// Carries out what the user asked for: Action -> Model, one undo step where one is expected,
// commands to the engine.
#include "ui/app/actions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/hash.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/edit.hpp"
#include "engine/spec/json.hpp"
#include "nlohmann/json.hpp"
#include "ui/app/pictures.hpp"
#include "ui/app/workshop.hpp"
#include "ui/look/words.hpp"

namespace ui {
namespace {

namespace protocol = engine::protocol;
namespace spec = engine::spec;
using Phase = protocol::Phase;

void tell_undo(Workshop& w) {
  w.model.can_undo = !w.history.past.empty();
  w.model.can_redo = !w.history.future.empty();
  ++w.changes;
}

// To be called with the work before a change, after it: a change that changes nothing is no step.
void remember(Workshop& w, Work before) {
  if (before == work_of(w.model)) return;
  w.history.past.push_back(std::move(before));
  if (w.history.past.size() > kMostUndoSteps) w.history.past.pop_front();
  w.history.future.clear();
  tell_undo(w);
}

void step(Workshop& w, std::deque<Work>& from, std::deque<Work>& to) {
  if (from.empty()) return;
  to.push_back(work_of(w.model));
  Work work = std::move(from.back());
  from.pop_back();
  w.model.drawing = std::move(work.drawing);
  w.model.train = work.train;
  w.model.lab.settings = work.lab;
  set_network(w.model, std::move(work.network));
  tell_undo(w);
}

// An image of the data set that is drawn upon becomes an ordinary picture.
void make_drawable(Drawing& drawing) {
  if (drawing.exact.empty()) return;
  drawing.picture = paper_of(drawing, kCanvasSize);
  drawing.strokes.clear();
  drawing.exact.clear();
  drawing.exact_label = drawing.exact_index = -1;
}

void fill(Drawing& drawing, const Fill& fill) {
  make_drawable(drawing);
  if (!std::isfinite(fill.x) || !std::isfinite(fill.y) || !std::isfinite(fill.ink)) return;
  const auto pixel = [](f32 v) {
    return static_cast<int>(std::floor(std::clamp(v, -1.0f, 2.0f) * kCanvasSize));
  };
  std::vector<u8> paper = paper_of(drawing, kCanvasSize);
  const auto ink = static_cast<u8>(255.0f * std::clamp(fill.ink, 0.0f, 1.0f) + 0.5f);
  flood_fill(paper, kCanvasSize, pixel(fill.x), pixel(fill.y), ink);
  const bool blank = std::all_of(paper.begin(), paper.end(), [](u8 v) { return v == 0; });
  drawing.strokes.clear();
  drawing.picture = blank ? std::vector<u8>() : std::move(paper);
}

// True: the worker's engine is not there, and the user is told.
bool refuse_without_engine(Model& m, Outbox& out) {
  if (!m.engine.failed) return false;
  refuse(m, out, m.engine.gone ? words::kEngineGone : words::kEngineRestarts);
  return true;
}

// True: there is a run that would be lost, and the user is told.
bool refuse_during_run(Workshop& w, Outbox& out) {
  if (!goes_on(w.model.training.phase) && !w.starting) return false;
  refuse(w.model, out, words::kRunUnderWay);
  return true;
}

void start_training(Workshop& w, Outbox& out) {
  Model& m = w.model;
  if (refuse_during_run(w, out) || refuse_without_engine(m, out)) return;
  if (m.draft.problem.code != engine::Code::none) return refuse(m, out, m.draft.problem.sentence);
  const engine::Status settings = spec::check(m.train);
  if (!settings.ok()) return refuse(m, out, settings.problem().sentence);
  if (m.data.train == 0) {
    const bool lost = !m.data.problem.empty();
    return refuse(
        m, out,
        lost ? m.data.problem : "The images are still on their way. Try again in a moment.");
  }
  w.starting = RunStart{m.network, m.train};
  const std::string network = spec::to_json(m.network), train = spec::to_json(m.train);
  out.messages.push_back({.to = To::worker,
                          .head = protocol::Start{static_cast<u32>(network.size())},
                          .tail = bytes_of(network + train),
                          .purpose = Purpose::start});
}

void control(Workshop& w, Outbox& out, Phase needed, protocol::Command command) {
  if (w.model.training.phase != needed || refuse_without_engine(w.model, out)) return;
  out.messages.push_back(
      {.to = To::worker, .head = command, .tail = {}, .purpose = Purpose::control});
}

// Whether a JSON text says that it is a run's capsule; what it holds is the engine's to read.
bool is_capsule(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return false;
  const auto format = json.find("format");
  return format != json.end() && format->is_string() &&
         format->get_ref<const std::string&>().starts_with("atelier.run/");
}

void replay(Workshop& w, Outbox& out, Bytes capsule) {
  if (refuse_during_run(w, out)) return;
  out.messages.push_back({.to = To::worker,
                          .head = protocol::Replay{0},
                          .tail = std::move(capsule),
                          .purpose = Purpose::replay});
}

void start_lab(Workshop& w, Outbox& out) {
  LabView& lab = w.model.lab;
  if (lab.phase == LabPhase::running || refuse_without_engine(w.model, out)) return;
  const LabSettings& s = lab.settings;
  lab.ran = s;
  lab.phase = LabPhase::running;
  lab.errors.clear();
  lab.ending.clear();
  lab.epochs = s.epochs;
  lab.progress = lab.eta_seconds = 0;
  lab.files = {};
  lab.pictures = {};
  ++lab.version;
  const protocol::LabStart start{
      s.first,  s.second, s.activation,
      s.epochs, s.batch,  {s.hidden[0], s.hidden[1], s.hidden[2], s.hidden[3]},
      s.rate,   s.seed,   0};
  out.messages.push_back({.to = To::worker, .head = start, .tail = {}, .purpose = Purpose::lab});
}

void download_lab(Workshop& w, LabFile file, Outbox& out) {
  constexpr const char* kNames[] = {"numpy_nn_training.png", "numpy_nn_classification.png",
                                    "numpy_nn.py"};
  const auto at = static_cast<std::size_t>(file);
  if (at >= std::size(kNames)) return;
  if (w.model.lab.files[at].empty()) {
    return refuse(w.model, out, "Train the digits' network first.");
  }
  out.downloads.push_back({kNames[at], w.model.lab.files[at]});
}

void open_bytes(Workshop& w, Outbox& out, const FileArrived& file) {
  const std::string text =
      file.bytes.size() <= spec::kMaxJsonBytes ? text_of(file.bytes) : std::string();
  if (is_capsule(text)) return replay(w, out, file.bytes);
  const auto brace = text.find_first_not_of(" \t\r\n");
  if (brace != std::string::npos &&
      text[brace] == '{') {  // a spec: network first, else training settings
    Work before = work_of(w.model);
    auto network = spec::network_from_json(text);
    auto train = spec::train_from_json(text);
    if (network.ok()) {
      set_network(w.model, std::move(network).value());
      show_toast(w.model, Toast::Kind::good, file.name + " is in the editor now.");
    } else if (train.ok()) {
      w.model.train = train.value();
      show_toast(w.model, Toast::Kind::good,
                 "The training settings of " + file.name + " are in use now.");
    } else {
      return refuse(w.model, out, file.name + ": " + network.problem().sentence);
    }
    return remember(w, std::move(before));
  }
  w.wants_plain = false;
  activate(out, WeightsFrom::file, file.name, file.bytes);
}

struct Carrier {
  Workshop& w;
  Outbox& out;
  Model& m = w.model;

  // One change of the work, one undo step.
  template <class Change>
  void change(Change&& how) {
    Work before = work_of(m);
    how();
    remember(w, std::move(before));
  }
  template <class Edit>
  void edit(Edit&& how) {
    change([&] {
      spec::Network network = m.network;
      how(network);
      set_network(m, std::move(network));
    });
  }
  bool has_layer(int at) const { return at >= 0 && at < static_cast<int>(m.network.layers.size()); }

  void operator()(const AddStroke& a) {
    if (a.stroke.points.empty()) return;
    change([&] {
      make_drawable(m.drawing);
      m.drawing.strokes.push_back(a.stroke);
    });
  }
  void operator()(const Fill& a) {
    change([&] { fill(m.drawing, a); });
  }
  void operator()(const ClearDrawing&) {
    change([&] { m.drawing = {}; });
  }
  void operator()(const ShowImage& a) {
    std::vector<u8> paper = fit_to_paper(a.grey, a.width, a.height);
    if (paper.empty()) return refuse(m, out, a.name + " holds no picture.");
    change([&] {
      m.drawing = {};
      m.drawing.picture = std::move(paper);
    });
    m.page = Page::draw;
  }
  // `least`: so many are needed; after a restart the engine has fewer for a while.
  bool refuse_without_test_images(u32 least = 1) {
    if (m.data.test >= least) return false;
    const std::string& lost = m.data.problem;
    refuse(m, out, lost.empty() ? words::kNoTestImages : lost, Toast::Kind::info);
    return true;
  }
  void show_test_image(u32 index) {
    out.messages.push_back({.to = To::worker,
                            .head = protocol::GetImage{protocol::Split::test, index},
                            .tail = {},
                            .purpose = Purpose::test_image});
  }
  void operator()(const RandomTestImage&) {
    if (!refuse_without_test_images()) show_test_image(roll(w) % m.data.test);
  }
  void operator()(const ShowTestImage& a) {
    if (a.index < 0 || refuse_without_test_images(static_cast<u32>(a.index) + 1)) return;
    show_test_image(static_cast<u32>(a.index));
    m.page = Page::draw;
  }
  void operator()(const Undo&) { step(w, w.history.past, w.history.future); }
  void operator()(const Redo&) { step(w, w.history.future, w.history.past); }

  void operator()(const ChooseNetwork& a) {
    const spec::Network* network = spec::find_in_zoo(a.name);
    if (network) change([&] { set_network(m, *network); });
  }
  void operator()(const AddLayer& a) {
    edit([&](spec::Network& network) { spec::insert_layer(network, a.at, a.layer); });
  }
  void operator()(const RemoveLayer& a) {
    if (has_layer(a.at)) edit([&](spec::Network& network) { spec::remove_layer(network, a.at); });
  }
  void operator()(const MoveLayer& a) {
    if (!has_layer(a.from) || !has_layer(a.to) || a.from == a.to) return;
    edit([&](spec::Network& network) { spec::move_layer(network, a.from, a.to); });
  }
  void operator()(const SetLayerSource& a) {
    if (!has_layer(a.at)) return;
    edit([&](spec::Network& network) { spec::set_source(network, a.at, a.slot, a.name); });
  }
  void operator()(const SetLayerField& a) {
    if (!has_layer(a.at)) return;
    const auto at = static_cast<std::size_t>(a.at);
    const auto fields = spec::kind_of(m.network.layers[at].layer).fields;
    const bool known =
        std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.key == a.key; });
    if (!known) return;
    edit(
        [&](spec::Network& network) { spec::set_field(network.layers[at].layer, a.key, a.value); });
  }
  void operator()(const SetNetwork& a) {
    change([&] { set_network(m, a.network); });
  }
  void operator()(const SetTrain& a) {
    change([&] { m.train = a.train; });
  }
  void operator()(const UseRun& a) {
    if (a.index < 0 || a.index >= static_cast<int>(m.runs.size())) return;
    const RunRecord& run = m.runs[static_cast<std::size_t>(a.index)];
    change([&] {
      set_network(m, run.network);
      m.train = run.train;
    });
    show_toast(m, Toast::Kind::good,
               "Network and settings of that run are in the editors. Undo brings yours back.");
  }

  // The run of a list's row, if its capsule is there.
  const RunRecord* run_with_capsule(int index) {
    if (index < 0 || index >= static_cast<int>(m.runs.size())) return nullptr;
    const RunRecord& run = m.runs[static_cast<std::size_t>(index)];
    if (!run.capsule.empty()) return &run;
    refuse(m, out, words::kNoCapsule, Toast::Kind::info);
    return nullptr;
  }
  void operator()(const DownloadCapsule& a) {
    const RunRecord* run = run_with_capsule(a.index);
    if (run) {
      const std::string name = run->network_name.empty() ? "network" : run->network_name;
      out.downloads.push_back(
          {name + "-" + engine::hex(run->hash).substr(0, 8) + ".run.json", bytes_of(run->capsule)});
    }
  }
  void operator()(const ReplayRun& a) {
    if (const RunRecord* run = run_with_capsule(a.index)) replay(w, out, bytes_of(run->capsule));
  }

  void operator()(const StartTraining&) { start_training(w, out); }
  void operator()(const PauseTraining&) { control(w, out, Phase::running, protocol::Pause{0}); }
  void operator()(const ResumeTraining&) {
    m.restored = false;
    control(w, out, Phase::paused, protocol::Resume{0});
  }
  void operator()(const StopTraining&) {
    const bool paused = m.training.phase == Phase::paused;
    control(w, out, paused ? Phase::paused : Phase::running, protocol::Stop{0});
  }
  void operator()(const RefreshSheet& a) {
    if (m.data.train == 0) return;
    if (a.another || w.sheet_seed == 0) {
      w.sheet_image = roll(w);
      w.sheet_seed = roll(w);
    }
    const protocol::PreviewAugment sheet{24, w.sheet_image % m.data.train, w.sheet_seed};
    out.messages.push_back({.to = To::worker,
                            .head = sheet,
                            .tail = bytes_of(spec::to_json(m.train)),
                            .purpose = Purpose::sheet});
  }

  void operator()(const SetLab& a) {
    change([&] { m.lab.settings = a.settings; });
  }
  void operator()(const StartLab&) { start_lab(w, out); }
  void operator()(const StopLab&) {
    if (m.lab.phase != LabPhase::running) return;
    out.messages.push_back(
        {.to = To::worker, .head = protocol::LabStop{0}, .tail = {}, .purpose = Purpose::control});
  }
  void operator()(const DownloadLab& a) { download_lab(w, a.file, out); }

  void operator()(const UseShipped&) {
    if (w.shelf.shipped.empty()) {
      return refuse(m, out, "This copy of the page came without trained weights.");
    }
    w.follow_training = w.wants_plain = false;
    activate(out, WeightsFrom::shipped, "shipped with the page", w.shelf.shipped);
  }
  void operator()(const UsePlain&) {
    w.wants_plain = w.shelf.plain.empty();
    if (w.wants_plain) {
      out.fetch_plain = true;  // what is in use stays so until it is here
    } else {
      w.follow_training = false;
      activate(out, WeightsFrom::plain, kPlainNote, w.shelf.plain);
    }
  }
  void operator()(const UseTrained&) {
    w.wants_plain = false;
    w.follow_training = true;
    if (w.shelf.trained.empty()) {
      if (learns(m) && m.training.phase == Phase::running) return;  // the next snapshot brings it
      if (learns(m)) return refuse(m, out, words::kLearnerWaits, Toast::Kind::info);
      return refuse(m, out, "Nothing has been trained in this page yet.", Toast::Kind::info);
    }
    activate(out, WeightsFrom::trained, "trained here", w.shelf.trained, w.shelf.trained_accuracy);
  }
  void operator()(const DownloadWeights&) {
    if (m.active.from == WeightsFrom::nothing) {
      return refuse(m, out, "There are no weights to download yet.", Toast::Kind::info);
    }
    out.messages.push_back(
        {.to = To::local, .head = protocol::GetModel{0}, .tail = {}, .purpose = Purpose::download});
  }
  void operator()(const ExportWeights& a) {
    if (m.active.from == WeightsFrom::nothing)
      return refuse(m, out, "There are no weights to export yet.", Toast::Kind::info);
    w.exports.push_back(a.format);
    out.messages.push_back({.to = To::local,
                            .head = protocol::GetModel{0},
                            .tail = {},
                            .purpose = Purpose::export_weights});
  }
  void operator()(const FindMistakes&) {
    if (m.mistakes.running || refuse_without_engine(m, out)) return;
    if (m.active.from == WeightsFrom::nothing)
      return refuse(m, out, "There are no weights to measure yet.", Toast::Kind::info);
    if (refuse_without_test_images()) return;
    m.mistakes.running = true;
    out.messages.push_back(
        {.to = To::local, .head = protocol::GetModel{0}, .tail = {}, .purpose = Purpose::measure});
  }
  void operator()(const OpenFile&) { out.open_file = true; }
  void operator()(const FileArrived& a) { open_bytes(w, out, a); }

  void operator()(const ShowPage& a) { m.page = a.page; }
  void operator()(const ShowLook& a) {
    m.look = a.view;
    if (a.layer >= 0) m.maps.wanted = static_cast<u32>(a.layer);
  }
  void operator()(const ToggleHelp&) { m.help_open = !m.help_open; }
  void operator()(const ToggleSteps&) { m.steps.open = !m.steps.open; }
  void operator()(const Dismiss&) {
    if (!m.toasts.empty()) m.toasts.pop_front();
  }
  void operator()(const ToggleTheme&) { m.theme = m.dark() ? Theme::light : Theme::dark; }
};

}  // namespace

void carry_out(const Action& action, Workshop& workshop, Outbox& out) {
  std::visit(Carrier{workshop, out}, action);
}

}  // namespace ui
