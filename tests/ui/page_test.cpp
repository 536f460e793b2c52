// The whole page without a screen: real sessions on both links, mouse and keys by the labels of the
// controls.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "engine/session/exporter.hpp"
#include "nlohmann/json.hpp"
#include "tests/support/open_page.hpp"
#include "ui/look/theme.hpp"
#include "ui/platform/bridge_native.hpp"

using Phase = engine::protocol::Phase;
using nlohmann::json;
using ui::platform::asked;

using Open = test::OpenPage;

TEST_CASE("a stroke is classified while it is drawn, and once more when the pen is lifted",
          "[page]") {
  Open page;
  CHECK(page.model().active.from == ui::WeightsFrom::shipped);
  CHECK(page.model().prediction.best == -1);
  const ui::Item* paper = page.ui.find("Paper");
  REQUIRE(paper);
  const ImVec2 middle{(paper->low.x + paper->high.x) / 2, (paper->low.y + paper->high.y) / 2};
  using P = ui::PointerSample::Phase;
  page.app.pointer({.phase = P::down, .x = middle.x, .y = middle.y});
  page.app.pointer({.phase = P::move, .x = middle.x, .y = middle.y + 120});
  page.frame();
  CHECK(page.model().drawing.blank());       // not committed ...
  CHECK(page.model().prediction.best >= 0);  // ... but seen, in the same frame
  const auto early = page.model().prediction.probabilities;
  page.app.pointer({.phase = P::move, .x = middle.x + 100, .y = middle.y + 120});
  page.frame();
  CHECK(page.model().prediction.probabilities != early);
  page.app.pointer({.phase = P::up, .x = middle.x + 100, .y = middle.y + 120});
  page.frame();
  CHECK(page.model().drawing.strokes.size() == 1);
  float sum = 0;
  for (const float p : page.model().prediction.probabilities) sum += p;
  CHECK(sum > 0.999f);
  CHECK(sum < 1.001f);
}

TEST_CASE("drawing, Clear and Undo by their controls", "[page]") {
  Open page;
  CHECK_FALSE(page.ui.click("Clear"));  // nothing to clear: disabled
  CHECK(page.ui.drag("Paper", {0.3f, 0.3f}, {0.7f, 0.7f}));
  REQUIRE(page.model().drawing.strokes.size() == 1);
  CHECK(page.model().drawing.strokes[0].points.size() > 3);
  CHECK(page.ui.click("Clear"));
  CHECK(page.model().drawing.blank());
  CHECK(page.model().prediction.best == -1);
  CHECK(page.ui.click("Undo"));
  CHECK(page.model().drawing.strokes.size() == 1);
  CHECK(page.ui.click("Eraser"));
  CHECK(page.ui.drag("Paper", {0.3f, 0.3f}, {0.7f, 0.7f}));
  CHECK(page.model().drawing.strokes[1].eraser);
  CHECK(page.ui.click("Fill"));
  CHECK(page.ui.click("Paper"));
  CHECK_FALSE(page.model().drawing.picture.empty());
}

TEST_CASE("a cancelled touch and a second finger leave no stroke", "[page]") {
  Open page;
  const ui::Item* paper = page.ui.find("Paper");
  REQUIRE(paper);
  using P = ui::PointerSample::Phase;
  const float x = paper->low.x + 50, y = paper->low.y + 50;
  page.app.pointer(
      {.phase = P::down, .type = ui::PointerSample::Type::touch, .id = 1, .x = x, .y = y});
  page.app.pointer(
      {.phase = P::down, .type = ui::PointerSample::Type::touch, .id = 2, .x = x + 90, .y = y});
  page.app.pointer(
      {.phase = P::up, .type = ui::PointerSample::Type::touch, .id = 2, .x = x + 90, .y = y});
  page.app.pointer(
      {.phase = P::cancel, .type = ui::PointerSample::Type::touch, .id = 1, .x = x, .y = y});
  page.frame(2);
  CHECK(page.model().drawing.blank());
}

TEST_CASE("a random test image knows its label and is classified exactly", "[page]") {
  Open page;
  CHECK(page.ui.click("Random test image"));
  CHECK(page.until([](const ui::Model& m) { return m.drawing.exact_index >= 0; }));
  page.frame(2);
  const ui::Drawing& drawing = page.model().drawing;
  REQUIRE(drawing.exact_label >= 0);
  CHECK(page.model().prediction.best >= 0);
  const json state = json::parse(page.app.state({}), nullptr, false);
  CHECK(state["drawing"]["exactName"] == ui::kClassNames[std::size_t(drawing.exact_label)]);
  CHECK(std::lround(page.model().prediction.seen[0] * 255) == page.model().drawing.exact[0]);
}

TEST_CASE("the weights in use are exported by the worker, under the file's own name", "[page]") {
  Open page;
  page.worker_session.use_exporter(engine::session::export_file);
  CHECK(page.command(R"({"do":"export_weights","format":"torch"})").empty());
  CHECK(page.command(R"({"do":"export_weights","format":"pytorch"})").empty());
  page.frame(6);
  REQUIRE(asked().downloads.contains("model.pt"));
  CHECK(asked().downloads["model.pt"].size() > 78000);
  CHECK(asked().downloads.contains("pytorch_cnn.py"));
  CHECK(page.command(R"({"do":"export_weights","format":"bundle"})").empty());  // no lab has run
  page.frame(6);
  CHECK_FALSE(asked().downloads.contains("bundle.zip"));
  CHECK_FALSE(page.model().toasts.empty());
}

TEST_CASE("training from start to trained weights", "[page][train]") {
  Open page;
  const char* settings = R"({"fraction":1,"validation":0.2,"batch":16,"epochs":2})";
  REQUIRE(page.command(R"({"do":"set_train","train":)" + std::string(settings) + "}").empty());
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  CHECK(page.command(R"({"do":"start_training"})").empty());
  CHECK(page.until([](const ui::Model& m) { return m.training.phase == Phase::running; }));
  CHECK(asked().training);
  CHECK(page.until([](const ui::Model& m) { return m.active.from == ui::WeightsFrom::trained; },
                   20000));
  CHECK_FALSE(asked().training);
  const ui::Model& m = page.model();
  CHECK(m.training.phase == Phase::finished);
  CHECK(m.training.validation_epochs.size() == 2);
  REQUIRE(m.runs.size() == 1);
  CHECK(m.runs[0].hash == m.active.hash);
  CHECK(m.active.filter_count == 10);
  CHECK(asked().stored.contains("trained"));
  page.frame(2);
  CHECK(page.command(R"({"do":"download_weights"})").empty());
  REQUIRE(asked().downloads.contains("simple_cnn.safetensors"));
  CHECK(asked().downloads["simple_cnn.safetensors"].size() > 78000);
  CHECK(page.command(R"({"do":"use_shipped"})").empty());
  CHECK(m.active.from == ui::WeightsFrom::shipped);
  CHECK(page.command(R"({"do":"use_trained"})").empty());
  CHECK(m.active.from == ui::WeightsFrom::trained);
  CHECK(m.active.test_accuracy == m.runs[0].test_accuracy);
}

TEST_CASE("a toast of a hidden page waits for somebody to read it", "[page]") {
  Open page;
  page.app.hidden(true);
  page.app.data_problem("A part of the images is lost.");
  const auto pass = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      page.now += 1000;
      page.frame();
    }
  };
  pass(20);
  REQUIRE(page.model().toasts.size() == 1);
  CHECK_FALSE(page.app.wants_time());
  page.app.hidden(false);
  CHECK(page.app.wants_time());
  pass(20);
  CHECK(page.model().toasts.empty());
}

TEST_CASE("a problem of the images outlives what the worker said before it", "[page]") {
  namespace protocol = engine::protocol;
  Open page;
  page.worker.arrived(protocol::encode(protocol::Message<protocol::Event>{
      0, protocol::DataAdded{.train = 300, .test = 60, .height = 28, .width = 28}, {}}));
  page.app.data_problem("A part of the images is lost.");
  page.frame();
  CHECK(page.model().data.problem == "A part of the images is lost.");
}

TEST_CASE("what a toast tells is announced once, a problem urgently", "[page]") {
  Open page;
  page.command(R"({"do":"use_trained"})");
  page.frame(5);
  REQUIRE(asked().announced.size() == 1);
  CHECK(asked().announced[0].find("Nothing has been trained") == 0);
  CHECK(asked().urgent.empty());
  page.app.files_arrived("broken.safetensors", ui::bytes_of("broken"));
  page.frame(5);
  CHECK(asked().announced.size() == 1);
  REQUIRE(asked().urgent.size() == 1);
  CHECK(asked().urgent[0].starts_with("broken.safetensors: "));  // of several, which one
}

TEST_CASE("the state is JSON and says what the page shows", "[page][state]") {
  Open page;
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  const json state = json::parse(page.app.state({}), nullptr, false);
  REQUIRE(state.is_object());
  CHECK(state["drawing"]["strokes"] == 1);
  CHECK(state["prediction"]["probabilities"].size() == 10);
  CHECK(state["prediction"]["sure"] == page.model().prediction.sure);
  CHECK(state["prediction"]["name"] == ui::kClassNames[std::size_t(page.model().prediction.best)]);
  CHECK(state["model"]["from"] == "shipped");
  CHECK(state["model"]["weights"] == 19710);
  CHECK(state["model"]["layers"].size() == 5);
  CHECK(state["draft"]["ok"] == true);
  CHECK(state["draft"]["layers"][0]["out"] == json::array({10, 14, 14}));
  CHECK(state["training"]["phase"] == "idle");
  CHECK(state["config"]["epochs"] == 5);
  CHECK(state["data"]["train"] == 300);
  CHECK(json::parse(page.ui.items_json(), nullptr, false).is_array());
}

TEST_CASE("a refused command says why", "[page]") {
  test::PageDriver page;
  page.app.start({});
  page.frame(2);
  CHECK(page.command(R"({"do":"start_training"})").find("images") != std::string::npos);
  CHECK(page.command(R"({"do":"use_shipped"})").size() > 10);
  CHECK(page.command("{").size() > 10);
  CHECK(page.model().prediction.best == -1);
}

TEST_CASE("help opens, closes, and keeps the pen off the paper", "[page]") {
  Open page;
  CHECK(page.ui.click("Help"));
  CHECK(page.model().help_open);
  page.frame(2);
  page.ui.drag("Paper", {0.1f, 0.1f}, {0.2f, 0.2f});
  CHECK(page.model().drawing.blank());
  if (page.model().help_open) CHECK(page.ui.click("Close help"));
  CHECK_FALSE(page.model().help_open);
}

TEST_CASE("every page fits every screen: controls are inside, named, and large enough for a finger",
          "[page][layout]") {
  const auto size = GENERATE(ImVec2{1440, 900}, ImVec2{1024, 768}, ImVec2{1920, 1080},
                             ImVec2{390, 844}, ImVec2{768, 1024}, ImVec2{360, 640});
  const auto where = GENERATE("draw", "build", "train", "look");
  const bool phone = size.x < ui::kLeastWideWidth;
  Open page(size);
  ui::look::use_coarse_pointer(phone);
  ui::look::apply_theme();
  page.command(std::string(R"({"do":"show_page","page":")") + where + "\"}");
  page.frame(4);
  CAPTURE(size.x, size.y, where);
  CHECK(page.ui.items().size() > 8);
  for (const ui::Item& item : page.ui.items()) {
    if (item.label.empty()) continue;  // a part of a control
    CAPTURE(item.label);
    CHECK(item.label.find('/') == std::string::npos);  // no window's inner name
    CHECK(item.low.x >= -0.5f);
    CHECK(item.low.y >= -0.5f);
    CHECK(item.high.x <= size.x + 0.5f);
    CHECK(item.high.y <= size.y + 0.5f);
  }
  if (phone) {
    for (const char* label : {"Draw", "Build", "Train", "Look", "Lab", "Help", "Weights in use"}) {
      const ui::Item* item = page.ui.find(label);
      CAPTURE(label);
      REQUIRE(item);
      CHECK(item->high.x - item->low.x >= 44);
      CHECK(item->high.y - item->low.y >= 44);
    }
  }
  ui::look::use_coarse_pointer(false);
}
