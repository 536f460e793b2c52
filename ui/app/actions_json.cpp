// window.atelier.do(): a command as JSON to an Action. Names and keys are those of web/API.md.
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "nlohmann/json.hpp"
#include "ui/app/actions.hpp"
#include "ui/look/words.hpp"

namespace ui {
namespace {

using engine::Code;
using engine::Problem;
using engine::Result;
using nlohmann::json;
namespace spec = engine::spec;

constexpr std::size_t kMaxCommandBytes = 4u << 20;
constexpr std::size_t kMaxPoints = 100'000;

Problem bad(std::string sentence) { return {Code::bad_json, std::move(sentence)}; }

// Reads the keys of one command; the first one that is missing or of another kind is named.
class Reader {
 public:
  explicit Reader(const json& command) : command_(command) {}

  f32 number(const char* key) { return number_of(command_, key, nullptr); }
  f32 number_or(const char* key, f32 otherwise) { return number_of(command_, key, &otherwise); }
  int index(const char* key) {
    const f32 value = number(key);
    if (value != std::floor(value) || std::fabs(value) > 1e6f)
      return note(key, "a whole number"), 0;
    return static_cast<int>(value);
  }
  // A place in a list of `count`; `what` it holds is named when there is no such place.
  int place(const char* key, std::size_t count, const char* what) {
    const int at = index(key);
    if (wrong_.empty() && (at < 0 || static_cast<std::size_t>(at) >= count)) {
      wrong_ = "There is no " + std::string(what) + " " + std::to_string(at) + " (of " +
               std::to_string(count) + ", counted from 0).";
    }
    return at;
  }
  int place_or(const char* key, std::size_t count, const char* what, std::size_t otherwise) {
    return command_.contains(key) ? place(key, count, what) : static_cast<int>(otherwise);
  }
  std::string text(const char* key) {
    const auto at = command_.find(key);
    if (at == command_.end() || !at->is_string()) return note(key, "text"), std::string();
    return at->get<std::string>();
  }
  std::string text_or(const char* key, const char* otherwise) {
    return command_.contains(key) ? text(key) : otherwise;
  }
  bool flag_or(const char* key, bool otherwise) {
    const auto at = command_.find(key);
    if (at == command_.end()) return otherwise;
    if (!at->is_boolean()) return note(key, "true or false"), otherwise;
    return at->get<bool>();
  }
  const json* array(const char* key) {
    const auto at = command_.find(key);
    if (at == command_.end() || !at->is_array()) return note(key, "a list"), nullptr;
    return &*at;
  }
  const json* array_if(const char* key) { return command_.contains(key) ? array(key) : nullptr; }
  const json* object(const char* key) {
    const auto at = command_.find(key);
    if (at == command_.end() || !at->is_object()) return note(key, "an object"), nullptr;
    return &*at;
  }
  void note(const std::string& key, const std::string& wanted) {
    if (wrong_.empty()) wrong_ = "\"" + key + "\" must be " + wanted + ".";
  }
  const std::string& wrong() const { return wrong_; }

 private:
  f32 number_of(const json& object, const char* key, const f32* otherwise) {
    const auto at = object.find(key);
    if (at == object.end() && otherwise) return *otherwise;
    if (at == object.end() || !at->is_number()) return note(key, "a number"), 0.0f;
    return at->get<f32>();
  }

  const json& command_;
  std::string wrong_;
};

Stroke stroke_of(Reader& reader) {
  Stroke stroke;
  stroke.radius = reader.number_or("radius", stroke.radius);
  stroke.ink = reader.number_or("ink", stroke.ink);
  stroke.eraser = reader.flag_or("eraser", false);
  const json* points = reader.array("points");
  if (!points) return stroke;
  if (points->empty() || points->size() > kMaxPoints)
    return reader.note("points", "a list of 1 to 100,000 points"), stroke;
  for (const json& point : *points) {
    const bool numbers = point.is_array() && point.size() >= 2 && point.size() <= 3 &&
                         point[0].is_number() && point[1].is_number() && point.back().is_number();
    if (!numbers) return reader.note("points", "a list of [x, y] or [x, y, pressure]"), stroke;
    stroke.points.push_back(
        {point[0].get<f32>(), point[1].get<f32>(), point.size() == 3 ? point[2].get<f32>() : 1.0f});
  }
  return stroke;
}

Result<Action> add_layer(Reader& reader, const Model& model) {
  const std::string type = reader.text("type");
  const std::size_t end = model.network.layers.size();
  const int at = reader.place_or("at", end + 1, "place", end);
  for (const spec::Kind& kind : spec::catalogue()) {
    if (kind.type == type) return Action(AddLayer{at, kind.initial});
  }
  return bad("There is no layer type \"" + type +
             "\". The types are those of PyTorch, such as Conv2d or Linear.");
}

Result<Action> set_layer_field(Reader& reader, const Model& model) {
  const SetLayerField action{reader.index("at"), reader.text("key"), reader.number("value")};
  if (!reader.wrong().empty()) return bad(reader.wrong());
  if (action.at < 0 || action.at >= static_cast<int>(model.network.layers.size())) {
    return bad("The network has no layer " + std::to_string(action.at) + ".");
  }
  const spec::Kind& kind =
      spec::kind_of(model.network.layers[static_cast<std::size_t>(action.at)].layer);
  for (const spec::Field& field : kind.fields) {
    if (field.key == action.key) return Action(action);
  }
  return bad("A " + std::string(kind.type) + " has no \"" + action.key + "\".");
}

Result<Action> choose_network(Reader& reader) {
  std::string name = reader.text("name");
  if (reader.wrong().empty() && !spec::find_in_zoo(name)) {
    return bad("There is no network \"" + name +
               "\": try fcnet, mlp, simple_cnn, lab_cnn or my_net.");
  }
  return Action(ChooseNetwork{std::move(name)});
}

Result<Action> set_network(Reader& reader) {
  const json* network = reader.object("network");
  if (!network) return bad(reader.wrong());
  auto parsed =
      spec::network_from_json(network->dump(-1, ' ', false, json::error_handler_t::replace));
  if (!parsed.ok()) return parsed.problem();
  return Action(SetNetwork{std::move(parsed).value()});
}

// Only the given settings change.
Result<Action> set_train(Reader& reader, const Model& model) {
  const json* train = reader.object("train");
  if (!train) return bad(reader.wrong());
  json whole = json::parse(spec::to_json(model.train), nullptr, false);
  whole.merge_patch(*train);
  auto parsed = spec::train_from_json(whole.dump(-1, ' ', false, json::error_handler_t::replace));
  if (!parsed.ok()) return parsed.problem();
  return Action(SetTrain{parsed.value()});
}

// Only the given settings change.
Result<Action> set_lab(Reader& reader, const Model& model) {
  LabSettings s = model.lab.settings;
  const auto count = [&](const char* key, u32& to) {
    const f32 value = reader.number_or(key, static_cast<f32>(to));
    if (value != std::floor(value) || value < 0 || value > 1e6f)
      return reader.note(key, "a whole number of 0 to 1,000,000");
    to = static_cast<u32>(value);
  };
  count("first", s.first);
  count("second", s.second);
  count("epochs", s.epochs);
  count("batch", s.batch);
  count("seed", s.seed);
  s.rate = reader.number_or("rate", s.rate);
  const std::string activation =
      reader.text_or("activation", s.activation == 0 ? "relu" : "sigmoid");
  if (activation != "relu" && activation != "sigmoid") reader.note("activation", "relu or sigmoid");
  s.activation = activation == "sigmoid" ? 1 : 0;
  if (const json* hidden = reader.array_if("hidden")) {
    s.hidden = {};
    if (hidden->size() > s.hidden.size()) return bad("There are at most four hidden layers.");
    for (std::size_t i = 0; i < hidden->size(); ++i) {
      const json& units = (*hidden)[i];
      if (!units.is_number_unsigned() || units.get<u64>() < 1 ||
          units.get<u64>() > LabSettings::kMostUnits)
        return bad("A hidden layer has 1 to 512 units.");
      s.hidden[i] = units.get<u32>();
    }
  }
  return Action(SetLab{s});
}

Result<Action> download_lab(Reader& reader) {
  const std::string file = reader.text("file");
  constexpr std::pair<std::string_view, LabFile> kFiles[] = {
      {"training", LabFile::training},
      {"classification", LabFile::classification},
      {"program", LabFile::program}};
  for (const auto& [name, value] : kFiles) {
    if (name == file) return Action(DownloadLab{value});
  }
  return bad("The files of the lab are training, classification and program.");
}

Result<Action> show_page(Reader& reader) {
  const std::string page = reader.text("page");
  constexpr std::pair<std::string_view, Page> kPages[] = {{"draw", Page::draw},
                                                          {"build", Page::build},
                                                          {"train", Page::train},
                                                          {"look", Page::look},
                                                          {"lab", Page::lab}};
  for (const auto& [name, value] : kPages) {
    if (name == page) return Action(ShowPage{value});
  }
  return bad("There is no page \"" + page + "\": draw, build, train, look or lab.");
}

Result<Action> show_look(Reader& reader, const Model& model) {
  const std::string view = reader.text("view");
  const int layer =
      reader.place_or("layer", model.active.network.layers.size(), "layer", model.maps.wanted);
  constexpr std::pair<std::string_view, LookView> kViews[] = {
      {"filters", LookView::filters}, {"maps", LookView::maps}, {"mistakes", LookView::mistakes}};
  for (const auto& [name, value] : kViews) {
    if (name == view) return Action(ShowLook{value, layer});
  }
  return bad("There is no such view: filters, maps or mistakes.");
}

Result<Action> show_image(Reader& reader) {
  ShowImage image{.name = "picture",
                  .width = reader.index("width"),
                  .height = reader.index("height"),
                  .grey = {}};
  const json* grey = reader.array("grey");
  if (!grey) return bad(reader.wrong());
  const bool sizes =
      image.width > 0 && image.height > 0 && image.width <= 4096 && image.height <= 4096;
  if (!sizes || grey->size() != std::size_t(image.width) * std::size_t(image.height)) {
    return bad("\"grey\" must hold width x height values of 0 to 255.");
  }
  for (const json& value : *grey) {
    if (!value.is_number() || value.get<f32>() < 0 || value.get<f32>() > 255)
      return bad("\"grey\" must hold 0 to 255.");
    image.grey.push_back(static_cast<u8>(value.get<f32>()));
  }
  return Action(std::move(image));
}

Result<Action> export_weights(Reader& reader) {
  const std::string format = reader.text("format");
  std::string known;
  for (std::size_t i = 0; i < std::size(words::kExports); ++i) {
    if (format == words::kExports[i].name)
      return Action(ExportWeights{static_cast<engine::protocol::ExportFormat>(i)});
    known += (known.empty() ? "" : ", ") + std::string(words::kExports[i].name);
  }
  return bad("\"format\" must be one of " + known + ".");
}

// Commands that are a name and nothing else.
template <class T>
Action make() {
  return T{};
}
struct Simple {
  std::string_view name;
  Action (*make)();
};
constexpr Simple kSimple[] = {{"clear_drawing", make<ClearDrawing>},
                              {"random_test_image", make<RandomTestImage>},
                              {"find_mistakes", make<FindMistakes>},
                              {"undo", make<Undo>},
                              {"redo", make<Redo>},
                              {"start_training", make<StartTraining>},
                              {"pause_training", make<PauseTraining>},
                              {"resume_training", make<ResumeTraining>},
                              {"stop_training", make<StopTraining>},
                              {"refresh_sheet", make<RefreshSheet>},
                              {"use_shipped", make<UseShipped>},
                              {"use_plain", make<UsePlain>},
                              {"use_trained", make<UseTrained>},
                              {"download_weights", make<DownloadWeights>},
                              {"open_file", make<OpenFile>},
                              {"toggle_steps", make<ToggleSteps>},
                              {"toggle_help", make<ToggleHelp>},
                              {"dismiss", make<Dismiss>},
                              {"toggle_theme", make<ToggleTheme>},
                              {"start_lab", make<StartLab>},
                              {"stop_lab", make<StopLab>}};

Result<Action> with_values(const std::string& name, Reader& reader, const Model& model) {
  if (name == "add_stroke") return Action(AddStroke{stroke_of(reader)});
  if (name == "export_weights") return export_weights(reader);
  if (name == "fill")
    return Action(Fill{reader.number("x"), reader.number("y"), reader.number_or("ink", 1)});
  if (name == "show_image") return show_image(reader);
  if (name == "show_test_image") {
    return Action(ShowTestImage{reader.place("index", model.data.test, "test image")});
  }
  if (name == "choose_network") return choose_network(reader);
  if (name == "add_layer") return add_layer(reader, model);
  const auto layer = [&](const char* key) {
    return reader.place(key, model.network.layers.size(), "layer");
  };
  const auto run = [&] { return reader.place("index", model.runs.size(), "run"); };
  if (name == "remove_layer") return Action(RemoveLayer{layer("at")});
  if (name == "move_layer") return Action(MoveLayer{layer("from"), layer("to")});
  if (name == "set_layer_field") return set_layer_field(reader, model);
  if (name == "set_layer_source") {
    const int slot = reader.place("slot", spec::kMaxSources, "input");
    return Action(SetLayerSource{layer("at"), slot, reader.text("name")});
  }
  if (name == "set_network") return set_network(reader);
  if (name == "set_train") return set_train(reader, model);
  if (name == "use_run") return Action(UseRun{run()});
  if (name == "download_capsule") return Action(DownloadCapsule{run()});
  if (name == "replay_run") return Action(ReplayRun{run()});
  if (name == "set_lab") return set_lab(reader, model);
  if (name == "download_lab") return download_lab(reader);
  if (name == "show_page") return show_page(reader);
  if (name == "show_look") return show_look(reader, model);
  return bad("There is no command \"" + name + "\". web/API.md lists them.");
}

}  // namespace

Result<Action> action_from_json(std::string_view text, const Model& model) {
  if (text.size() > kMaxCommandBytes) return bad("A command has at most 4 MB.");
  const json command = json::parse(text, nullptr, false);
  if (!command.is_object()) return bad("A command is a JSON object such as {\"do\": \"undo\"}.");
  Reader reader(command);
  const std::string name = reader.text("do");
  if (!reader.wrong().empty()) return bad(reader.wrong());
  for (const Simple& row : kSimple) {
    if (row.name == name) return row.make();
  }
  Result<Action> action = with_values(name, reader, model);
  if (!reader.wrong().empty()) return bad(reader.wrong());
  return action;
}

}  // namespace ui
