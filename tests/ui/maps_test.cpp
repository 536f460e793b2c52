#include "ui/panels/maps.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/spec/catalogue.hpp"
#include "tests/support/open_page.hpp"
#include "tests/ui/panel_driver.hpp"
#include "ui/app/report.hpp"

using Open = test::OpenPage;

namespace {

struct Fixture {
  ui::Model model;
  ui::MapsPanel panel;

  Fixture(unsigned layer, unsigned channels, unsigned height, unsigned width) {
    model.active.network = *engine::spec::find_in_zoo("simple_cnn");
    model.active.from = ui::WeightsFrom::shipped;
    model.prediction.saw = true;
    ui::MapsView& maps = model.maps;
    maps.wanted = layer;
    maps.facts = {layer, channels, height, width};
    maps.values.resize(std::size_t(channels) * height * width);
    for (std::size_t i = 0; i < maps.values.size(); ++i) maps.values[i] = float(i % 13) - 4;
  }
  test::PanelDriver driver(float width) {
    return {width, [this](ui::Actions& out) { ui::draw_maps(panel, model, out); }};
  }
};

}  // namespace

TEST_CASE("maps are tiles that can be chosen, in pages that fit a draw list", "[ui][maps]") {
  const float width = GENERATE(320.0f, 640.0f, 1100.0f);
  const unsigned side = GENERATE(3u, 14u, 28u);
  CAPTURE(width, side);
  Fixture f(0, 300, side, side);
  auto ui = f.driver(width);
  CHECK(ui.most_vertices() < 48'000);
  REQUIRE(ui.find("Map 7"));
  CHECK(ui.find("Map 7")->high.x <= width);
  REQUIRE(ui.click("Map 7"));
  CHECK(f.panel.selected == 6);
  CHECK(ui.find("Selected map"));
  REQUIRE(ui.click("Maps after"));
  ui.frames(2);
  CHECK_FALSE(ui.find("Map 1"));
  CHECK(ui.actions.empty());
}

TEST_CASE("a flat list is shown as cells and numbers, however long", "[ui][maps]") {
  const unsigned count = GENERATE(1u, 10u, 33u, 16'384u);
  CAPTURE(count);
  Fixture f(3, count, 1, 1);
  auto ui = f.driver(900);
  CHECK(ui.find("Units"));
  CHECK_FALSE(ui.find("Map 1"));
  CHECK(ui.most_vertices() < 48'000);
}

TEST_CASE("maps that padding made large fit a draw list too", "[ui][maps]") {
  const unsigned count = GENERATE(1u, 2u), side = GENERATE(100u, 256u, 301u);
  CAPTURE(count, side);
  Fixture f(0, count, side, side);
  auto ui = f.driver(900);
  CHECK(ui.find("Selected map"));
  CHECK(ui.most_vertices() < 48'000);
}

TEST_CASE("another layer is asked for by its name", "[ui][maps]") {
  Fixture f(0, 10, 14, 14);
  auto ui = f.driver(900);
  REQUIRE(ui.click("Layer"));
  ui.frames(2);
  const auto& layers = f.model.active.network.layers;
  const std::string name =
      layers[1].name + " · " + std::string(engine::spec::kind_of(layers[1].layer).label);
  REQUIRE(ui.click(name));
  REQUIRE(ui.only<ui::ShowLook>());
  CHECK(ui.only<ui::ShowLook>()->view == ui::LookView::maps);
  CHECK(ui.only<ui::ShowLook>()->layer == 1);
}

TEST_CASE("a smaller network, a blank paper and no answer are fine", "[ui][maps]") {
  Fixture f(4, 64, 7, 7);
  auto ui = f.driver(390);
  f.panel.selected = 63;
  f.model = Fixture(0, 3, 5, 4).model;
  f.model.active.network.layers.resize(1);
  f.model.maps.facts.layer = 4;  // of the network before
  ui.frames(2);
  CHECK(f.panel.selected == 2);
  f.model.prediction.saw = false;
  ui.frames(2);
  CHECK_FALSE(ui.find("Layer"));
  f.model.prediction.saw = true;
  f.model.maps.values.clear();
  ui.frames(2);
  CHECK_FALSE(ui.find("Layer"));
}

TEST_CASE("a map of zeros is silent", "[ui][maps]") {
  Fixture f(0, 3, 2, 2);
  CHECK(ui::silent_maps(f.model.maps) == 0);
  std::fill_n(f.model.maps.values.begin() + 4, 4, 0.0f);
  CHECK(ui::silent_maps(f.model.maps) == 1);
  f.model.maps.values.resize(6);  // fewer than promised
  CHECK(ui::silent_maps(f.model.maps) == 0);
  CHECK(ui::silent_maps({}) == 0);
}

TEST_CASE("units are named after classes where they are the answer, not in a hidden layer",
          "[ui][maps]") {
  const engine::spec::Network& mlp = *engine::spec::find_in_zoo("mlp");
  std::vector<std::size_t> linear;
  for (std::size_t i = 0; i < mlp.layers.size(); ++i) {
    if (std::holds_alternative<engine::spec::Linear>(mlp.layers[i].layer)) linear.push_back(i);
  }
  REQUIRE(linear.size() == 2);
  CHECK_FALSE(ui::stands_for_classes(mlp, linear[0]));
  CHECK_FALSE(ui::stands_for_classes(mlp, linear[0] + 1));
  CHECK(ui::stands_for_classes(mlp, linear[1]));
  CHECK(ui::stands_for_classes(mlp, mlp.layers.size() - 1));
  CHECK(ui::stands_for_classes({}, 7));
}

TEST_CASE("the maps follow the drawing, the layer and the weights", "[page][maps]") {
  Open page;
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  const ui::MapsView& maps = page.model().maps;
  CHECK(maps.values.empty());  // nobody looks
  page.command(R"({"do":"show_page","page":"look"})");
  REQUIRE(page.ui.click("Maps"));
  page.frame(3);
  CHECK(maps.facts.channels == 10);
  CHECK(maps.facts.height == 14);
  CHECK(page.ui.find("Map 10"));
  const auto before = maps.values;
  page.command(R"({"do":"add_stroke","points":[[0.7,0.3],[0.3,0.7]]})");
  CHECK(maps.values != before);
  CHECK(page.command(R"({"do":"show_look","view":"maps","layer":4})").empty());
  page.frame(2);
  CHECK(maps.facts.layer == 4);
  CHECK(maps.values.size() == 10);
  page.app.files_arrived("mine.safetensors", test::weights("fcnet"));
  page.frame(4);
  CHECK(maps.facts.layer < page.model().active.network.layers.size());
  CHECK(page.command(R"({"do":"show_look","view":"maps","layer":50})").size() > 10);
  CHECK(page.command(R"({"do":"show_look","view":"sideways"})").size() > 10);
  page.command(R"({"do":"clear_drawing"})");
  page.frame(2);
  CHECK_FALSE(page.ui.find("Layer"));
  CHECK(ui::state_json(page.model(), {}).find(R"("channels":0)") != std::string::npos);
}

TEST_CASE("a network that names no garments shows its maps all the same", "[page][maps]") {
  engine::spec::Network network = *engine::spec::find_in_zoo("fcnet");
  for (auto& named : network.layers) {
    if (auto* linear = std::get_if<engine::spec::Linear>(&named.layer)) linear->out = 12;
  }
  test::Talk talk;
  talk.send(engine::protocol::NewNetwork{3, 0}, engine::spec::to_json(network));
  Open page;
  page.command(R"({"do":"show_page","page":"look"})");
  page.command(R"({"do":"show_look","view":"maps"})");
  page.command(R"({"do":"add_stroke","points":[[0.3,0.3],[0.7,0.7]]})");
  page.app.files_arrived("twelve.safetensors", talk.send(engine::protocol::GetModel{0})[0].tail);
  page.frame(4);
  REQUIRE(page.model().prediction.best == -1);
  CHECK(page.ui.find("Layer"));
}
