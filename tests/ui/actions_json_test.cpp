#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "ui/app/workshop.hpp"

namespace spec = engine::spec;

namespace {

ui::Model model() {
  ui::Model m;
  ui::set_network(m, *spec::find_in_zoo("simple_cnn"));
  m.runs.resize(3);
  return m;
}

template <class T>
T parsed(std::string_view text) {
  const auto action = ui::action_from_json(text, model());
  REQUIRE(action.ok());
  REQUIRE(std::holds_alternative<T>(*action));
  return std::get<T>(*action);
}

}  // namespace

TEST_CASE("commands that are a name and nothing else", "[do]") {
  const auto name =
      GENERATE("clear_drawing", "random_test_image", "undo", "redo", "start_training",
               "pause_training", "resume_training", "stop_training", "refresh_sheet", "use_shipped",
               "use_plain", "use_trained", "download_weights", "find_mistakes", "open_file",
               "toggle_steps", "toggle_help", "dismiss", "toggle_theme");
  CAPTURE(name);
  CHECK(ui::action_from_json("{\"do\": \"" + std::string(name) + "\"}", model()).ok());
}

TEST_CASE("commands with values carry them", "[do]") {
  const auto stroke =
      parsed<ui::AddStroke>(
          R"({"do":"add_stroke","points":[[0.1,0.2],[0.3,0.4,0.5]],"radius":0.05,"ink":0.5,"eraser":true})")
          .stroke;
  CHECK(stroke == ui::Stroke{.points = {{0.1f, 0.2f, 1}, {0.3f, 0.4f, 0.5f}},
                             .radius = 0.05f,
                             .ink = 0.5f,
                             .eraser = true});
  CHECK(parsed<ui::Fill>(R"({"do":"fill","x":0.5,"y":0.25})").y == 0.25f);
  CHECK(parsed<ui::ExportWeights>(R"({"do":"export_weights","format":"onnx"})").format ==
        engine::protocol::ExportFormat::onnx);
  CHECK_FALSE(ui::action_from_json(R"({"do":"export_weights","format":"exe"})", model()).ok());
  CHECK(parsed<ui::ChooseNetwork>(R"({"do":"choose_network","name":"lab_cnn"})").name == "lab_cnn");
  const auto field =
      parsed<ui::SetLayerField>(R"({"do":"set_layer_field","at":0,"key":"out","value":16})");
  CHECK(field.value == 16);
  CHECK(field.key == "out");
  CHECK(std::holds_alternative<spec::Dropout>(
      parsed<ui::AddLayer>(R"({"do":"add_layer","type":"Dropout","at":1})").layer));
  CHECK(parsed<ui::MoveLayer>(R"({"do":"move_layer","from":1,"to":0})").from == 1);
  CHECK(parsed<ui::ShowPage>(R"({"do":"show_page","page":"look"})").page == ui::Page::look);
  CHECK(parsed<ui::UseRun>(R"({"do":"use_run","index":2})").index == 2);
  const auto image =
      parsed<ui::ShowImage>(R"({"do":"show_image","width":2,"height":1,"grey":[0,255]})");
  CHECK(image.grey == std::vector<ui::u8>{0, 255});
  const std::string network = spec::to_json(*spec::find_in_zoo("fcnet"));
  CHECK(parsed<ui::SetNetwork>("{\"do\":\"set_network\",\"network\":" + network + "}").network ==
        *spec::find_in_zoo("fcnet"));
}

TEST_CASE("set_train changes the given settings and no others", "[do]") {
  const spec::Train train =
      parsed<ui::SetTrain>(R"({"do":"set_train","train":{"epochs":7}})").train;
  spec::Train expected;
  expected.epochs = 7;
  CHECK(train == expected);
}

TEST_CASE("what is no command is refused with a sentence", "[do]") {
  const auto text = GENERATE(
      "", "undo", "[]", "{}", R"({"do":7})", R"({"do":"fly"})", R"({"do":"fill","x":"a","y":1})",
      R"({"do":"fill"})", R"({"do":"add_stroke"})", R"({"do":"add_stroke","points":[]})",
      R"({"do":"add_stroke","points":[[1]]})", R"({"do":"add_stroke","points":[[1,"b"]]})",
      R"({"do":"add_stroke","points":[[0,0]],"eraser":1})",
      R"({"do":"choose_network","name":"alexnet"})", R"({"do":"choose_network"})",
      R"({"do":"add_layer","type":"Conv9d"})",
      R"({"do":"set_layer_field","at":9,"key":"out","value":1})",
      R"({"do":"set_layer_field","at":0,"key":"colour","value":1})",
      R"({"do":"remove_layer","at":0.5})", R"({"do":"remove_layer","at":5})",
      R"({"do":"move_layer","from":0,"to":-1})", R"({"do":"add_layer","type":"ReLU","at":6})",
      R"({"do":"add_layer","type":"ReLU","at":1e30})",
      R"({"do":"set_layer_source","at":5,"slot":0,"name":"input"})",
      R"({"do":"set_layer_source","at":1,"slot":8,"name":"input"})",
      R"({"do":"show_test_image","index":0})", R"({"do":"show_test_image"})",
      R"({"do":"use_run","index":3})", R"({"do":"download_capsule","index":-1})",
      R"({"do":"replay_run","index":3})", R"({"do":"set_network","network":{}})",
      R"({"do":"set_network"})", R"({"do":"set_train","train":{"speed":1}})",
      R"({"do":"set_train","train":{"epochs":-1}})", R"({"do":"set_train","train":7})",
      R"({"do":"show_page","page":"attic"})",
      R"({"do":"show_image","width":2,"height":2,"grey":[1]})",
      R"({"do":"show_image","width":1,"height":1,"grey":[256]})");
  CAPTURE(text);
  const auto action = ui::action_from_json(text, model());
  REQUIRE_FALSE(action.ok());
  CHECK(action.problem().sentence.size() > 10);
}

TEST_CASE("a command cut at any byte is refused or whole", "[do]") {
  const std::string whole = R"({"do":"set_layer_field","at":0,"key":"out","value":16})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(ui::action_from_json(std::string_view(whole).substr(0, length), model()).ok());
  }
}
