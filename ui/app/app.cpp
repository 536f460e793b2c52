#include "ui/app/app.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/spec/catalogue.hpp"
#include "ui/app/pictures.hpp"
#include "ui/look/theme.hpp"
#include "ui/look/words.hpp"
#include "ui/platform/bridge.hpp"
#include "ui/widgets/scroll.hpp"

namespace ui {
namespace {

namespace protocol = engine::protocol;
using Phase = protocol::Phase;

constexpr int kFine = 560;  // pixels a side of the paper on the screen
constexpr f32 kSlowPrediction =
    8;  // milliseconds; slower ones are not made for every frame of a stroke
// Phones offer nothing else: all that the engine reads is named.
constexpr const char* kFileKinds = ".safetensors,.pt,.onnx,.npz,.json,image/*";

// The usual change: what is on the paper can stay.
bool one_more_stroke(const Drawing& before, const Drawing& after) {
  return after.exact.empty() && before.exact.empty() && before.picture == after.picture &&
         after.strokes.size() == before.strokes.size() + 1 &&
         std::equal(before.strokes.begin(), before.strokes.end(), after.strokes.begin());
}

bool shows_maps(const Model& model, Page side) {
  return model.look == LookView::maps && (model.page == Page::look || side == Page::look);
}

void draw_live(const Stroke& live, const std::vector<u8>& base, std::vector<u8>& shown, int size) {
  shown = base;
  if (!live.points.empty()) rasterise(live, shown, size);
}

}  // namespace

App::App(Link& local, Link& worker, u32 seed) : local_(local), worker_(worker) {
  workshop_.random = seed | 1u;
}

void App::start(Bytes shipped_weights) {
  Model& m = workshop_.model;
  set_network(m, *engine::spec::find_in_zoo("simple_cnn"));
  m.has_shipped = !shipped_weights.empty();
  m.data.loading = true;
  workshop_.shelf.shipped = std::move(shipped_weights);
  follow_theme();
  Outbox out;
  if (m.has_shipped)
    activate(out, WeightsFrom::shipped, "shipped with the page", workshop_.shelf.shipped);
  flush(out);
  for (const char* key : {"work", "work.picture", "runs", "trained", "checkpoint"}) load(key);
}

// ---- What arrives from the page -----------------------------------------------------------------

void App::pointer(const PointerSample& sample) {
  Actions actions;
  if (take_pointer(panels_.draw, sample, actions)) paper_changed_ = true;
  perform(actions);
  touch();
}

bool App::key(const KeyPress& press) {
  touch();
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return false;
  const Focus focus{io.NavVisible, panels_.build.focused};
  const Shortcut shortcut = shortcut_of(press, workshop_.model, focus, panels_.draw);
  if (shortcut.action) perform({*shortcut.action});
  return shortcut.taken;
}

void App::files_arrived(std::string name, Bytes bytes) {
  Actions actions;  // not from a list of them, which would copy the file
  actions.emplace_back(FileArrived{std::move(name), std::move(bytes)});
  perform(actions);
}

void App::plain_arrived(Bytes bytes) {
  Outbox out;
  take_plain(std::move(bytes), workshop_, out);
  flush(out);
  touch();
}

void App::picture(std::string name, std::vector<u8> grey, int width, int height) {
  perform({ShowImage{std::move(name), width, height, std::move(grey)}});
}

void App::engine_info(std::string variant, u32 threads, bool isolated, std::string why) {
  EngineView& e = workshop_.model.engine;
  e.variant = std::move(variant);
  e.threads = threads;
  e.isolated = isolated;
  e.why = std::move(why);
  touch();
}

void App::data_problem(std::string sentence) {
  drain(worker_, To::worker);  // images that came before it would take it away
  workshop_.model.data.problem = sentence;
  show_toast(workshop_.model, Toast::Kind::bad, std::move(sentence));
  touch();
}

void App::preferences(bool dark, bool reduced_motion, bool coarse_pointer) {
  workshop_.model.system_dark = dark;
  look::use_reduced_motion(reduced_motion);
  look::use_coarse_pointer(coarse_pointer);
  look::use_dark(workshop_.model.dark());
  look::apply_theme();
  touch();
}

void App::context_lost() {
  paper_.forget();
  paper_changed_ = true;
  for (platform::Texture& picture : lab_pictures_) picture.forget();
  for (platform::Texture& picture : steps_pictures_) picture.forget();
  lab_shown_ = steps_shown_ = 0;
  touch();
}

std::string App::command(std::string_view json) {
  auto action = action_from_json(json, workshop_.model);
  if (!action.ok()) return action.problem().sentence;
  return perform({std::move(action).value()});
}

// ---- Sessions -----------------------------------------------------------------------------------

std::string App::perform(const Actions& actions) {
  std::string refused;
  for (const Action& action : actions) {
    if (std::holds_alternative<Dismiss>(action) && workshop_.model.toasts.empty()) continue;
    if (std::holds_alternative<ToggleSteps>(action) || std::holds_alternative<ShowLook>(action) ||
        std::holds_alternative<ShowPage>(action))
      predict_needed_ = true;  // what they show is asked for with the prediction
    if (std::holds_alternative<StopTraining>(action) && interrupted_) {
      refused.clear();
      stop_interrupted();
      continue;
    }
    Outbox out;
    carry_out(action, workshop_, out);
    refused = out.refused;
    flush(out);
  }
  if (!actions.empty()) touch();
  return refused;
}

void App::flush(Outbox& out) {
  for (Outgoing& message : out.messages) send(std::move(message));
  for (const Offered& file : out.downloads) platform::download(file.name, file.bytes);
  for (const Kept& value : out.kept) platform::store(value.key, value.bytes);
  if (out.open_file) platform::open_file(kFileKinds);
  if (out.fetch_plain) platform::fetch(words::kPlainFile);
  if (out.run_over) forget_checkpoint();
}

void App::send(Outgoing message) {
  const u32 id = next_id_++;
  const To to = message.to;
  if (to == To::worker && hearing_out_) return;
  pending_[static_cast<std::size_t>(to)][id] = {message.purpose, std::move(message.activation)};
  if (to == To::worker && workshop_.model.engine.gone) {  // nobody else would answer
    const protocol::Message<protocol::Event> answer{
        id, protocol::Failed{static_cast<u32>(engine::Code::wrong_state)},
        bytes_of(words::kEngineGone)};
    return worker_.arrived(protocol::encode(answer));
  }
  const protocol::Message<protocol::Command> command{id, message.head, std::move(message.tail)};
  (to == To::local ? local_ : worker_).send(protocol::encode(command));
}

void App::drain(Link& link, To source) {
  Bytes bytes;
  while (link.poll(bytes)) {
    auto event = protocol::decode<protocol::Event>(bytes);
    if (event.ok()) {
      on_event(*event, source);
    } else {
      show_toast(workshop_.model, Toast::Kind::bad, event.problem().sentence);
    }
    touch();
  }
}

void App::on_event(const protocol::Message<protocol::Event>& event, To source) {
  Pending answered;
  auto& waiting = pending_[static_cast<std::size_t>(source)];
  if (const auto at = waiting.find(event.id); at != waiting.end()) {
    answered = std::move(at->second);
    waiting.erase(at);
  }
  Outbox out;
  apply(event, source, answered.purpose, std::move(answered.activation), workshop_, out);
  if (std::holds_alternative<protocol::ModelLoaded>(event.head) && source == To::local)
    predict_needed_ = true;
  if (const auto* head = std::get_if<protocol::CheckpointFile>(&event.head))
    keep_checkpoint(*head, event.tail);
  if (std::holds_alternative<protocol::ReplayStarted>(event.head)) begin_run();
  if (std::holds_alternative<protocol::Accepted>(event.head)) {
    if (answered.purpose == Purpose::start) begin_run();
    if (answered.purpose == Purpose::restore) fatal_ = 0;
    if (answered.purpose == Purpose::control && workshop_.model.training.phase != Phase::idle)
      ask_checkpoint();
  }
  flush(out);
  tell_training();
}

void App::tell_training() {
  const Model& m = workshop_.model;
  const bool running = m.training.phase == Phase::running || m.lab.phase == LabPhase::running;
  if (running != training_told_) platform::training(training_told_ = running);
}

// ---- Paper and prediction -----------------------------------------------------------------------

void App::refresh_paper() {
  const Drawing& drawing = workshop_.model.drawing;
  const Stroke& live = panels_.draw.live;
  if (base_.empty() || drawing != base_of_) {
    if (!base_.empty() && one_more_stroke(base_of_, drawing)) {
      rasterise(drawing.strokes.back(), base_, kCanvasSize);
      rasterise(drawing.strokes.back(), fine_base_, kFine);
    } else {
      base_ = paper_of(drawing, kCanvasSize);
      fine_base_ = paper_of(drawing, kFine);
    }
    base_of_ = drawing;
    paper_changed_ = true;
  }
  if (!paper_changed_ && live.points.size() == live_points_) return;
  live_points_ = live.points.size();
  paper_changed_ = false;
  predict_needed_ = true;
  draw_live(live, base_, shown_, kCanvasSize);
  draw_live(live, fine_base_, fine_, kFine);
  paper_.show(fine_, kFine, kFine);
  panels_.draw.paper = paper_.id();
}

void App::predict() {
  Model& m = workshop_.model;
  if (!predict_needed_ || (panels_.draw.drawing && now_ < next_prediction_)) return;
  predict_needed_ = false;
  const bool live = !panels_.draw.live.points.empty(), blank = m.drawing.blank() && !live;
  const bool exact = !m.drawing.exact.empty() && !live;
  const std::vector<u8>& pixels = exact ? m.drawing.exact : shown_;
  const u32 side = exact ? 28 : kCanvasSize;
  const auto* bytes = reinterpret_cast<const std::byte*>(pixels.data());
  if (m.steps.open && !exact && !blank) {
    send({.to = To::local,
          .head = protocol::GetSteps{side, side},
          .tail = Bytes(bytes, bytes + pixels.size()),
          .purpose = Purpose::steps});
    drain(local_, To::local);
  }
  if (m.active.from == WeightsFrom::nothing || blank) {
    m.prediction = {};
    return;
  }
  const auto kind = exact ? protocol::ImageKind::exact : protocol::ImageKind::raster;
  send({.to = To::local,
        .head = protocol::Predict{kind, side, side},
        .tail = Bytes(bytes, bytes + pixels.size()),
        .purpose = Purpose::predict});
  const std::size_t layers = m.active.network.layers.size();
  const bool maps = shows_maps(m, panels_.side) && layers > 0;
  if (maps) {
    const u32 layer = std::min(m.maps.wanted, static_cast<u32>(layers - 1));
    send({.to = To::local,
          .head = protocol::GetMaps{kind, side, side, layer},
          .tail = Bytes(bytes, bytes + pixels.size()),
          .purpose = Purpose::maps});
  }
  drain(local_, To::local);
  const f32 took = m.prediction.milliseconds * (maps ? 2.0f : 1.0f);  // they take another pass
  next_prediction_ = took > kSlowPrediction ? now_ + 3 * static_cast<f64>(took) : 0;
}

void App::refresh_lab() {
  const LabView& lab = workshop_.model.lab;
  if (lab.version == lab_shown_) return;
  lab_shown_ = lab.version;
  for (std::size_t i = 0; i < lab_pictures_.size(); ++i) {
    const LabPicture& picture = lab.pictures[i];
    if (picture.rgb.empty()) continue;
    lab_pictures_[i].show_rgb(picture.rgb, static_cast<int>(picture.width),
                              static_cast<int>(picture.height));
    panels_.lab.pictures[i] = lab_pictures_[i].id();
  }
}

void App::refresh_steps() {
  const StepsView& steps = workshop_.model.steps;
  if (!steps.open || steps.version == steps_shown_) return;
  steps_shown_ = steps.version;
  const int width = static_cast<int>(steps.facts.width),
            height = static_cast<int>(steps.facts.height);
  steps_pictures_[0].show(steps.reduced, width, height);
  steps_pictures_[1].show(steps.ink, width, height);
  panels_.draw.steps.paper = steps_pictures_[0].id();
  panels_.draw.steps.ink = steps_pictures_[1].id();
}

// The page's live regions tell of the drawing and the training (web/access.js); what else happens
// is in the toasts.
void App::say_toasts() {
  for (Toast& toast : workshop_.model.toasts) {
    if (toast.said) continue;
    toast.said = true;
    platform::announce(toast.text, toast.kind == Toast::Kind::bad);
  }
}

// ---- Frames -------------------------------------------------------------------------------------

void App::follow_theme() {
  if (look::dark() == workshop_.model.dark()) return;
  look::use_dark(workshop_.model.dark());
  look::apply_theme();
  touch();
}

void App::age_toasts(f64 seconds) {
  std::deque<Toast>& toasts = workshop_.model.toasts;
  for (Toast& toast : toasts) toast.seconds_left -= static_cast<f32>(seconds);
  if (std::erase_if(toasts, [](const Toast& toast) { return toast.seconds_left <= 0; })) touch();
}

void App::update(f64 milliseconds) {
  const f64 passed = std::clamp(milliseconds - now_, 0.0, 1000.0);
  now_ = milliseconds;
  if (!hidden_) age_toasts(passed / 1000);  // they wait for somebody to read them
  drain(worker_, To::worker);
  drain(local_, To::local);
  try_restore();
  follow_theme();
  refresh_paper();
  refresh_lab();
  predict();
  refresh_steps();
  say_toasts();
  keep_work(false);
  if (workshop_.model.training.phase == Phase::running && now_ >= checkpoint_at_) ask_checkpoint();
}

void App::draw(ImVec2 size) {
  Actions actions;
  draw_page(panels_, workshop_.model, size, actions);
  if (dirty_ > 0) --dirty_;
  perform(actions);
}

bool App::wants_frame() const { return dirty_ > 0 || panels_.draw.drawing || scroll_is_moving(); }

bool App::wants_time() const {
  return predict_needed_ || (!hidden_ && !workshop_.model.toasts.empty()) || found_ ||
         (opened_ && workshop_.changes != kept_changes_);
}

bool App::idle() const {
  return dirty_ == 0 && loads_ == 0 && !predict_needed_ && !workshop_.wants_plain &&
         pending_[0].empty() && pending_[1].empty() && local_.idle() && worker_.idle();
}

}  // namespace ui
