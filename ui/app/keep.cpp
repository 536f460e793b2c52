#include "ui/app/keep.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/core/hash.hpp"
#include "engine/spec/json.hpp"
#include "nlohmann/json.hpp"

namespace ui {
namespace {

using nlohmann::json;
namespace spec = engine::spec;

std::string text_of_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}
json parsed(std::string_view text) { return json::parse(text, nullptr, false); }

f32 number(const json& object, const char* key, f32 otherwise) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number() ? at->get<f32>() : otherwise;
}
std::string word(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}
u32 count(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_unsigned() ? at->get<u32>() : 0u;
}

json stroke_to_json(const Stroke& stroke) {
  json points = json::array();
  for (const StrokePoint& p : stroke.points) points.insert(points.end(), {p.x, p.y, p.pressure});
  return {{"radius", stroke.radius},
          {"ink", stroke.ink},
          {"eraser", stroke.eraser},
          {"points", std::move(points)}};
}

Stroke stroke_from_json(const json& value) {
  Stroke stroke;
  if (!value.is_object()) return stroke;
  stroke.radius = number(value, "radius", stroke.radius);
  stroke.ink = number(value, "ink", stroke.ink);
  stroke.eraser = value.value("eraser", json()) == json(true);
  const json points = value.value("points", json::array());
  for (std::size_t i = 0; points.is_array() && i + 2 < points.size(); i += 3) {
    if (!points[i].is_number() || !points[i + 1].is_number() || !points[i + 2].is_number()) break;
    stroke.points.push_back(
        {points[i].get<f32>(), points[i + 1].get<f32>(), points[i + 2].get<f32>()});
  }
  return stroke;
}

json exact_to_json(const Drawing& drawing) {
  return {
      {"pixels", drawing.exact}, {"label", drawing.exact_label}, {"index", drawing.exact_index}};
}

void exact_from_json(const json& value, Drawing& drawing) {
  const json pixels = value.value("pixels", json());
  if (!pixels.is_array() || pixels.size() != 784) return;
  for (const json& pixel : pixels) {
    if (!pixel.is_number_unsigned()) return drawing.exact.clear();
    drawing.exact.push_back(static_cast<u8>(pixel.get<u32>()));
  }
  drawing.exact_label = static_cast<int>(number(value, "label", -1));
  drawing.exact_index = static_cast<int>(number(value, "index", -1));
}

json lab_to_json(const LabSettings& s) {
  return {{"first", s.first},
          {"second", s.second},
          {"hidden", s.hidden},
          {"epochs", s.epochs},
          {"activation", s.activation},
          {"batch", s.batch},
          {"rate", s.rate},
          {"seed", s.seed}};
}

// Nothing when a value lies where no control of the page can bring it.
std::optional<LabSettings> lab_from_json(const json& value) {
  if (!value.is_object()) return std::nullopt;
  LabSettings s{.first = count(value, "first"),
                .second = count(value, "second"),
                .hidden = {},
                .activation = count(value, "activation"),
                .epochs = count(value, "epochs"),
                .batch = count(value, "batch"),
                .rate = number(value, "rate", 0),
                .seed = count(value, "seed")};
  const json hidden = value.value("hidden", json());
  if (!hidden.is_array() || hidden.size() != s.hidden.size()) return std::nullopt;
  for (std::size_t i = 0; i < s.hidden.size(); ++i) {
    if (!hidden[i].is_number_unsigned() || hidden[i].get<u64>() > LabSettings::kMostUnits)
      return std::nullopt;
    s.hidden[i] = hidden[i].get<u32>();
  }
  const bool possible = s.first <= 9 && s.second <= 9 && s.first != s.second && s.activation <= 1 &&
                        s.epochs >= 1 && s.epochs <= LabSettings::kMostEpochs && s.batch >= 1 &&
                        s.batch <= LabSettings::kMostBatch && s.rate > 0 &&
                        s.rate <= LabSettings::kMostRate && s.seed <= LabSettings::kMostSeed;
  return possible ? std::optional(s) : std::nullopt;
}

json points_to_json(const std::vector<CurvePoint>& points) {
  json list = json::array();
  for (const CurvePoint& p : points) list.push_back({p.epoch, p.loss, p.accuracy});
  return list;
}

std::vector<CurvePoint> points_from_json(const json& list) {
  std::vector<CurvePoint> points;
  if (!list.is_array()) return points;
  for (const json& p : list) {
    if (!p.is_array() || p.size() != 3 || !p[0].is_number() || !p[1].is_number() ||
        !p[2].is_number())
      break;
    points.push_back({p[0].get<f32>(), p[1].get<f32>(), p[2].get<f32>()});
  }
  return points;
}

std::optional<RunStart> start_from_json(const json& value) {
  auto network = spec::network_from_json(text_of_json(value.value("network", json())));
  auto train = spec::train_from_json(text_of_json(value.value("train", json())));
  if (!network.ok() || !train.ok()) return std::nullopt;
  return RunStart{std::move(network).value(), train.value()};
}

bool same_run(const RunRecord& a, const RunRecord& b) {
  return a.hash == b.hash && a.train.seed == b.train.seed && a.network == b.network;
}

constexpr std::string_view kCheckpoint = "checkpoint.";

}  // namespace

std::string work_to_json(const Model& model) {
  json strokes = json::array();
  for (const Stroke& stroke : model.drawing.strokes) strokes.push_back(stroke_to_json(stroke));
  json work = {{"version", 1},
               {"strokes", std::move(strokes)},
               {"network", parsed(spec::to_json(model.network))},
               {"train", parsed(spec::to_json(model.train))},
               {"lab", lab_to_json(model.lab.settings)},
               {"trained", model.active.from == WeightsFrom::trained},
               {"page", static_cast<u32>(model.page)},
               {"theme", static_cast<u32>(model.theme)}};
  if (!model.drawing.exact.empty()) work["exact"] = exact_to_json(model.drawing);
  return text_of_json(work);
}

void work_from_json(std::string_view text, Model& model) {
  const json work = parsed(text);
  if (!work.is_object()) return;
  const json strokes = work.value("strokes", json());
  if (strokes.is_array()) {
    for (const json& stroke : strokes) model.drawing.strokes.push_back(stroke_from_json(stroke));
  }
  const json exact = work.value("exact", json());
  if (exact.is_object()) exact_from_json(exact, model.drawing);
  auto network = spec::draft_from_json(text_of_json(work.value("network", json())));
  if (network.ok()) set_network(model, std::move(network).value());
  auto train = spec::train_from_json(text_of_json(work.value("train", json())));
  if (train.ok()) model.train = train.value();
  if (const auto lab = lab_from_json(work.value("lab", json()))) model.lab.settings = *lab;
  model.page = static_cast<Page>(count(work, "page") % kPageCount);
  model.theme = static_cast<Theme>(count(work, "theme") % 3);
}

bool work_uses_trained(std::string_view text) {
  const json work = parsed(text);
  return work.is_object() && work.value("trained", json()) == json(true);
}

std::string runs_to_json(const std::vector<RunRecord>& runs) {
  json list = json::array();
  for (const RunRecord& run : runs) {
    list.push_back({{"name", run.network_name},
                    {"weights", run.weights},
                    {"network", parsed(spec::to_json(run.network))},
                    {"train", parsed(spec::to_json(run.train))},
                    {"validation", run.validation_accuracy},
                    {"test", run.test_accuracy},
                    {"seconds", run.seconds},
                    {"epochs", run.epochs},
                    {"hash", engine::hex(run.hash)},
                    {"ending", static_cast<u32>(run.ending)},
                    {"capsule", run.capsule},
                    {"verified", run.verified}});
  }
  return text_of_json(list);
}

std::vector<RunRecord> runs_from_json(std::string_view text) {
  std::vector<RunRecord> runs;
  const json list = parsed(text);
  if (!list.is_array()) return runs;
  for (const json& value : list) {
    if (!value.is_object() || runs.size() == kMostRuns) continue;
    auto start = start_from_json(value);
    if (!start) continue;
    const u64 hash = std::strtoull(word(value, "hash").c_str(), nullptr, 16);
    runs.push_back({.network_name = word(value, "name"),
                    .weights = count(value, "weights"),
                    .network = std::move(start->network),
                    .train = start->train,
                    .validation_accuracy = number(value, "validation", 0),
                    .test_accuracy = number(value, "test", -1),
                    .seconds = number(value, "seconds", 0),
                    .epochs = count(value, "epochs"),
                    .hash = hash,
                    .ending = static_cast<engine::protocol::Ending>(count(value, "ending") % 4),
                    .capsule = word(value, "capsule"),
                    .verified = value.value("verified", json()) == json(true)});
  }
  return runs;
}

std::vector<RunRecord> merge_runs(std::vector<RunRecord> stored,
                                  const std::vector<RunRecord>& own) {
  std::vector<bool> met(stored.size());  // a run that was done twice is there twice
  std::vector<std::size_t> places;       // of the own runs; the end: not there
  for (const RunRecord& run : own) {
    std::size_t at = 0;
    while (at < met.size() && (met[at] || !same_run(stored[at], run))) ++at;
    places.push_back(at);
    if (at == met.size()) continue;
    met[at] = true;
    if (!run.capsule.empty()) stored[at].capsule = run.capsule;
    stored[at].verified = stored[at].verified || run.verified;
  }
  std::size_t next = met.size();  // of the places behind; those before it have not moved
  for (std::size_t i = own.size(); i-- > 0;) {
    if (places[i] == met.size())
      stored.insert(stored.begin() + std::ptrdiff_t(next), own[i]);
    else
      next = std::min(next, places[i]);
  }
  if (stored.size() > kMostRuns)
    stored.erase(stored.begin(), stored.end() - std::ptrdiff_t(kMostRuns));
  return stored;
}

std::string note_to_json(const CheckpointNote& note) {
  return text_of_json({{"run", note.run},
                       {"saved", note.saved},
                       {"tab", note.tab},
                       {"epoch", note.epoch},
                       {"step", note.step},
                       {"images", note.train_images},
                       {"network", parsed(spec::to_json(note.start.network))},
                       {"train", parsed(spec::to_json(note.start.train))},
                       {"train_epochs", points_to_json(note.train_epochs)},
                       {"validation_epochs", points_to_json(note.validation_epochs)}});
}

std::optional<CheckpointNote> note_from_json(std::string_view text) {
  const json value = parsed(text);
  if (!value.is_object()) return std::nullopt;
  auto start = start_from_json(value);
  CheckpointNote note{
      .run = word(value, "run"),
      .saved = count(value, "saved"),
      .tab = count(value, "tab"),
      .epoch = count(value, "epoch"),
      .step = count(value, "step"),
      .train_images = count(value, "images"),
      .start = {},
      .train_epochs = points_from_json(value.value("train_epochs", json())),
      .validation_epochs = points_from_json(value.value("validation_epochs", json()))};
  if (!start || note.run.empty()) return std::nullopt;
  note.start = std::move(*start);
  return note;
}

std::string checkpoint_key(std::string_view run) {
  return std::string(kCheckpoint) + std::string(run);
}

std::string new_run(u32 seconds, u32 chance) { return engine::hex((u64(seconds) << 32) | chance); }

std::vector<std::string> old_checkpoints(std::string_view keys, u32 seconds) {
  constexpr u64 kDay = 86'400;
  std::vector<std::string> old;
  while (!keys.empty()) {
    const std::size_t end = std::min(keys.find('\n'), keys.size());
    const std::string key(keys.substr(0, end));
    keys.remove_prefix(std::min(end + 1, keys.size()));
    if (!key.starts_with(kCheckpoint)) continue;
    const u64 began = std::strtoull(key.c_str() + kCheckpoint.size(), nullptr, 16) >> 32;
    const bool young = began + kDay > seconds && began < seconds + kDay;
    if (!young) old.push_back(key);
  }
  return old;
}

}  // namespace ui
