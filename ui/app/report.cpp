#include "ui/app/report.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/core/hash.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "nlohmann/json.hpp"

namespace ui {
namespace {

using nlohmann::json;
namespace protocol = engine::protocol;
namespace spec = engine::spec;

constexpr const char* kFrom[] = {"nothing", "shipped", "training", "trained", "file", "plain"};
constexpr const char* kPhases[] = {"idle", "running", "paused", "finished", "failed"};
constexpr const char* kEndings[] = {"completed", "stopped", "early", "diverged"};
constexpr const char* kVerdicts[] = {"none", "running", "same", "different"};
constexpr const char* kPages[] = {"draw", "build", "train", "look", "lab"};
constexpr const char* kLabPhases[] = {"idle", "running", "finished", "failed"};
constexpr const char* kLookViews[] = {"filters", "maps", "mistakes"};
constexpr std::size_t kWorst = 10;  // mistakes that are told

// JSON has no NaN: a figure that is none is null.
json figure(f32 value) { return std::isfinite(value) ? json(value) : json(); }

json shape(const engine::Shape& s) { return json::array({s.c, s.h, s.w}); }

json drawing_json(const Drawing& d) {
  const auto label = static_cast<std::size_t>(d.exact_label);  // without one: no index
  return {{"strokes", d.strokes.size()},
          {"picture", !d.picture.empty()},
          {"blank", d.blank()},
          {"exactLabel", d.exact_label},
          {"exactName", label < kClassNames.size() ? kClassNames[label] : ""},
          {"exactIndex", d.exact_index}};
}

json prediction_json(const Prediction& p) {
  json list = json::array();
  for (const f32 value : p.probabilities) list.push_back(figure(value));
  json seen = json::array();
  for (const f32 value : p.seen) seen.push_back(figure(value));
  const bool known = p.best >= 0 && p.best < static_cast<int>(p.probabilities.size());
  const auto best = known ? static_cast<std::size_t>(p.best) : 0;
  return {{"best", known ? p.best : -1},
          {"name", known ? kClassNames[best] : ""},
          {"sure", known && p.sure},
          {"probability", known ? figure(p.probabilities[best]) : json()},
          {"probabilities", std::move(list)},
          {"seen", std::move(seen)},
          {"milliseconds", figure(p.milliseconds)},
          {"problem", p.problem}};
}

json layers_json(const spec::Network& network, const spec::Facts& facts) {
  json layers = json::array();
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const spec::NamedLayer& named = network.layers[i];
    const spec::Kind& kind = spec::kind_of(named.layer);
    json layer = {{"name", named.name}, {"type", kind.type}};
    for (const spec::Field& field : kind.fields)
      layer["fields"][std::string(field.key)] = spec::get_field(named.layer, field.key);
    if (i < facts.layers.size()) {
      layer["in"] = shape(facts.layers[i].in);
      layer["out"] = shape(facts.layers[i].out);
      layer["weights"] = facts.layers[i].weights;
      layer["multiplyAdds"] = facts.layers[i].multiply_adds;
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

json model_json(const ActiveModel& a) {
  const spec::Draft draft = spec::infer_draft(a.network);
  return {{"from", kFrom[static_cast<std::size_t>(a.from)]},
          {"name", a.network.name},
          {"note", a.note},
          {"weights", a.from == WeightsFrom::nothing ? 0 : draft.facts.weights},
          {"testAccuracy", figure(a.test_accuracy)},
          {"hash", engine::hex(a.hash)},
          {"filters", a.filter_count},
          {"layers", layers_json(a.network, draft.facts)}};
}

json draft_json(const Model& m) {
  return {{"ok", m.draft.problem.code == engine::Code::none},
          {"problem", m.draft.problem.sentence},
          {"wrongLayer", m.draft.wrong_layer},
          {"name", m.network.name},
          {"weights", m.draft.facts.weights},
          {"multiplyAdds", m.draft.facts.multiply_adds},
          {"layers", layers_json(m.network, m.draft.facts)}};
}

json training_json(const TrainingView& t, bool restored) {
  const CurvePoint* last = t.validation_epochs.empty() ? nullptr : &t.validation_epochs.back();
  f32 best = -1;
  for (const CurvePoint& point : t.validation_epochs)
    best = point.accuracy > best ? point.accuracy : best;
  const protocol::Metrics& now = t.now;
  return {{"phase", kPhases[static_cast<std::size_t>(t.phase)]},
          {"network", t.network_name},
          {"started", t.started},
          {"restored", restored},
          {"epoch", now.epoch},
          {"epochs", now.epochs},
          {"step", now.step},
          {"steps", now.steps},
          {"loss", figure(now.loss)},
          {"trainAccuracy", figure(now.train_accuracy)},
          {"validationAccuracy", figure(last ? last->accuracy : -1)},
          {"validationLoss", last ? figure(last->loss) : json()},
          {"bestValidationAccuracy", figure(best)},
          {"bestEpoch", t.best_epoch},
          {"epochsDone", t.validation_epochs.size()},
          {"samplesPerSecond", figure(now.samples_per_second)},
          {"etaSeconds", figure(now.eta_seconds)},
          {"weightHash", engine::hex(t.weight_hash)},
          {"ending", t.ending},
          {"testAccuracy", figure(t.final_test_accuracy)},
          {"curvePoints", t.steps.size()}};
}

json lab_json(const LabView& lab) {
  json train = json::array(), validation = json::array(), hidden = json::array();
  for (const LabPoint& point : lab.errors) {
    train.push_back(figure(point.train));
    validation.push_back(figure(point.validation));
  }
  for (const u32 units : lab.settings.hidden) {
    if (units == 0) break;
    hidden.push_back(units);
  }
  const LabSettings& s = lab.settings;
  return {{"phase", kLabPhases[static_cast<std::size_t>(lab.phase)]},
          {"settings",
           {{"first", s.first},
            {"second", s.second},
            {"hidden", std::move(hidden)},
            {"activation", s.activation == 0 ? "relu" : "sigmoid"},
            {"epochs", s.epochs},
            {"batch", s.batch},
            {"rate", figure(s.rate)},
            {"seed", s.seed}}},
          {"ran", {{"first", lab.ran.first}, {"second", lab.ran.second}}},
          {"epochsDone", lab.errors.size()},
          {"epochs", lab.epochs},
          {"progress", figure(lab.progress)},
          {"etaSeconds", figure(lab.eta_seconds)},
          {"trainErrors", std::move(train)},
          {"validationErrors", std::move(validation)},
          {"bestEpoch", lab.best_epoch},
          {"wrong", lab.wrong},
          {"total", lab.total},
          {"ending", lab.ending}};
}

json runs_json(const std::vector<RunRecord>& runs) {
  json list = json::array();
  for (const RunRecord& run : runs) {
    list.push_back(
        {{"network", run.network_name},
         {"weights", run.weights},
         {"validationAccuracy", figure(run.validation_accuracy)},
         {"testAccuracy", figure(run.test_accuracy)},
         {"seconds", figure(run.seconds)},
         {"epochs", run.epochs},
         {"hash", engine::hex(run.hash)},
         {"capsule", !run.capsule.empty()},
         {"verified", run.verified},
         {"ending", kEndings[static_cast<std::size_t>(run.ending) % std::size(kEndings)]}});
  }
  return list;
}

// Without a drawing there are no maps, whatever the last ones were.
json look_json(const Model& m) {
  const protocol::Maps none{.layer = m.maps.wanted, .channels = 0, .height = 0, .width = 0};
  const bool there = m.prediction.saw && !m.maps.values.empty();
  const protocol::Maps& maps = there ? m.maps.facts : none;
  return {{"view", kLookViews[static_cast<std::size_t>(m.look)]},
          {"layer", maps.layer},
          {"channels", maps.channels},
          {"height", maps.height},
          {"width", maps.width}};
}

json mistakes_json(const MistakesView& v) {
  json counts = json::array(), list = json::array();
  for (std::size_t at = 0; at < v.counts.size(); at += kClassNames.size())
    counts.push_back(
        std::vector<u32>(v.counts.begin() + static_cast<std::ptrdiff_t>(at),
                         v.counts.begin() + static_cast<std::ptrdiff_t>(at + kClassNames.size())));
  for (const protocol::Mistake& mistake :
       std::span(v.list).first(std::min(v.list.size(), kWorst))) {
    list.push_back({{"index", mistake.index},
                    {"label", mistake.label},
                    {"answer", mistake.chosen},
                    {"probability", figure(mistake.share)}});
  }
  return {{"running", v.running},   {"classes", kClassNames},      {"hash", engine::hex(v.hash)},
          {"total", v.total},       {"correct", v.correct},        {"low", figure(v.low)},
          {"high", figure(v.high)}, {"counts", std::move(counts)}, {"list", std::move(list)}};
}

}  // namespace

std::string state_json(const Model& m, const FrameTimes& times) {
  json toasts = json::array();
  for (const Toast& toast : m.toasts) toasts.push_back(toast.text);
  const json state = {
      {"drawing", drawing_json(m.drawing)},
      {"prediction", prediction_json(m.prediction)},
      {"model", model_json(m.active)},
      {"draft", draft_json(m)},
      {"training", training_json(m.training, m.restored)},
      {"engine",
       {{"variant", m.engine.variant},
        {"threads", m.engine.threads},
        {"isolated", m.engine.isolated},
        {"why", m.engine.why},
        {"failed", m.engine.failed},
        {"gone", m.engine.gone}}},
      {"data",
       {{"train", m.data.train},
        {"test", m.data.test},
        {"loading", m.data.loading},
        {"problem", m.data.problem}}},
      {"config", json::parse(spec::to_json(m.train), nullptr, false)},
      {"sheet", {{"count", m.sheet.count}, {"version", m.sheet.version}}},
      {"runs", runs_json(m.runs)},
      {"replay",
       {{"verdict", kVerdicts[static_cast<std::size_t>(m.replay.verdict)]},
        {"network", m.replay.network_name},
        {"epochs", m.replay.epochs},
        {"epochsSame", m.replay.epochs_same},
        {"sentence", m.replay.sentence}}},
      {"lab", lab_json(m.lab)},
      {"look", look_json(m)},
      {"mistakes", mistakes_json(m.mistakes)},
      {"page", kPages[static_cast<std::size_t>(m.page)]},
      {"view", kPages[static_cast<std::size_t>(m.page)]},
      {"help", m.help_open},
      {"steps", m.steps.open},
      {"dark", m.dark()},
      {"canUndo", m.can_undo},
      {"canRedo", m.can_redo},
      {"hasTrained", m.has_trained},
      {"toasts", std::move(toasts)},
      {"frame",
       {{"lastFrameMs", times.last_ms}, {"maxFrameMs", times.max_ms}, {"frames", times.frames}}}};
  return state.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ui
