#include "ui/panels/build.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/spec/catalogue.hpp"
#include "tests/ui/panel_driver.hpp"

namespace spec = engine::spec;

namespace {

struct Fixture {
  ui::Model model;
  ui::BuildPanel panel;

  explicit Fixture(const char* network) { set(*spec::find_in_zoo(network)); }
  void set(spec::Network network) {
    model.network = std::move(network);
    model.draft = spec::infer_draft(model.network);
  }
  test::PanelDriver driver(float width = 900) {
    return {width, [this](ui::Actions& out) { ui::draw_build(panel, model, out); }};
  }
};

}  // namespace

TEST_CASE("a ready network is chosen by its card, unless it is there already", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  REQUIRE(ui.click("LabCNN"));
  REQUIRE(ui.only<ui::ChooseNetwork>() != nullptr);
  CHECK(ui.only<ui::ChooseNetwork>()->name == "lab_cnn");
  ui.actions.clear();
  REQUIRE(ui.click("SimpleCNN"));
  CHECK(ui.actions.empty());
}

TEST_CASE("every layer has a card with its shape and weights at every width", "[ui][build]") {
  const float width = GENERATE(320.0f, 390.0f, 640.0f, 720.0f, 1200.0f);
  CAPTURE(width);
  Fixture f("lab_cnn");
  auto ui = f.driver(width);
  for (const spec::NamedLayer& layer : f.model.network.layers) {
    CAPTURE(layer.name);
    const ui::Item* card = ui.find(layer.name);
    REQUIRE(card != nullptr);
    CHECK(card->low.x >= 0);
    CHECK(card->high.x <= width);
  }
  CHECK(ui.find("conv1")->value == "Convolution, 32 × 28 × 28");
  CHECK(ui.most_vertices() < 65'536);
}

TEST_CASE("an open layer's numbers are edited in place, one action each", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  CHECK(ui.find("Kernel") == nullptr);
  REQUIRE(ui.click("conv"));
  CHECK(ui.actions.empty());
  REQUIRE(ui.click("More Channels out"));
  const auto* set = ui.only<ui::SetLayerField>();
  REQUIRE(set != nullptr);
  CHECK(set->at == 0);
  CHECK(set->key == "out");
  CHECK(set->value == 11);
  ui.actions.clear();
  REQUIRE(ui.click("Bias"));
  REQUIRE(ui.only<ui::SetLayerField>() != nullptr);
  CHECK(ui.only<ui::SetLayerField>()->key == "bias");
  CHECK(ui.only<ui::SetLayerField>()->value == 0);
  REQUIRE(ui.click("conv"));
  ui.frames(2);
  CHECK(ui.find("Kernel") == nullptr);
}

TEST_CASE("a join is shown with what it reads, and reads what is chosen", "[ui][build]") {
  Fixture f("simple_cnn");
  f.model.network.layers.insert(f.model.network.layers.begin() + 2,
                                {"add1", spec::Add{}, {"relu", "conv"}});
  ui::set_network(f.model, f.model.network);
  REQUIRE(f.model.draft.problem.code == engine::Code::none);
  auto ui = f.driver();
  REQUIRE(ui.click("add1"));
  REQUIRE(ui.find("Input 3") != nullptr);
  CHECK(ui.find("Input 1")->value == "relu");
  REQUIRE(ui.click("Input 2"));
  REQUIRE(ui.click("input"));
  const auto* set = ui.only<ui::SetLayerSource>();
  REQUIRE(set != nullptr);
  CHECK(set->at == 2);
  CHECK(set->slot == 1);
  CHECK(set->name == "input");
}

TEST_CASE("layers are moved and removed by buttons and keys", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  REQUIRE(ui.click("relu"));
  REQUIRE(ui.click("Move up"));
  REQUIRE(ui.only<ui::MoveLayer>() != nullptr);
  CHECK(ui.only<ui::MoveLayer>()->from == 1);
  CHECK(ui.only<ui::MoveLayer>()->to == 0);
  ui.actions.clear();
  REQUIRE(ui.click("Remove"));
  REQUIRE(ui.only<ui::RemoveLayer>() != nullptr);
  CHECK(ui.only<ui::RemoveLayer>()->at == 1);
  ui.actions.clear();
  REQUIRE(ui.click("flatten"));  // the pointer's click gives it the focus
  ui.key(ImGuiKey_DownArrow, true);
  REQUIRE(ui.only<ui::MoveLayer>() != nullptr);
  CHECK(ui.only<ui::MoveLayer>()->from == 2);
  CHECK(ui.only<ui::MoveLayer>()->to == 3);
  ui.actions.clear();
  ui.key(ImGuiKey_Delete);
  REQUIRE(ui.only<ui::RemoveLayer>() != nullptr);
  CHECK(ui.only<ui::RemoveLayer>()->at == 2);
}

TEST_CASE("the first layer cannot go up, the last one not down", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  REQUIRE(ui.click("conv"));
  CHECK_FALSE(ui.click("Move up"));
  ui.key(ImGuiKey_UpArrow, true);
  CHECK(ui.actions.empty());
  REQUIRE(ui.click("log_softmax"));
  CHECK_FALSE(ui.click("Move down"));
}

TEST_CASE("a card dragged by its grip lands where it is dropped", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  const float from = ui.find("conv")->low.y, to = ui.find("flatten")->high.y;
  REQUIRE(ui.press("Drag conv"));
  ui.drag_by({0, to - from});
  CHECK(ui.actions.empty());  // nothing before it is let go
  ui.release();
  const auto* move = ui.only<ui::MoveLayer>();
  REQUIRE(move != nullptr);
  CHECK(move->from == 0);
  CHECK(move->to == 2);
  CHECK(f.panel.dragged == -1);
}

TEST_CASE("a layer is added where the list of kinds was opened", "[ui][build]") {
  Fixture f("simple_cnn");
  auto ui = f.driver();
  REQUIRE(ui.click("Add layer"));
  ui.frames(2);
  REQUIRE(ui.click("Dropout"));
  const auto* add = ui.only<ui::AddLayer>();
  REQUIRE(add != nullptr);
  CHECK(add->at == 4);  // before the log-softmax
  CHECK(std::holds_alternative<spec::Dropout>(add->layer));
  CHECK(f.panel.adding_at == -1);
  ui.actions.clear();
  REQUIRE(ui.click("conv"));
  REQUIRE(ui.click("Add after"));
  ui.frames(2);
  REQUIRE(ui.click("Max pooling"));
  REQUIRE(ui.only<ui::AddLayer>() != nullptr);
  CHECK(ui.only<ui::AddLayer>()->at == 1);
}

TEST_CASE("the wrong layer says why, what follows has no shape", "[ui][build]") {
  Fixture f("simple_cnn");
  spec::Network network = f.model.network;
  network.layers.erase(network.layers.begin() + 2);  // flatten
  f.set(network);
  REQUIRE(f.model.draft.wrong_layer == 2);
  auto ui = f.driver();
  CHECK(ui.find("conv")->value == "Convolution, 10 × 14 × 14");
  CHECK(ui.find("fc")->value == "Fully connected, ");
  CHECK(ui.find("log_softmax")->value == "Log-softmax, ");
  CHECK(ui.find("Where the weights sit") == nullptr);
  const float with = ui.find("fc")->high.y;
  CHECK(ui.find("log_softmax")->low.y - with > 40);  // the sentence stands between them
}

TEST_CASE("an empty network says how to begin", "[ui][build]") {
  Fixture f("simple_cnn");
  f.set({"empty", {1, 28, 28}, {}});
  auto ui = f.driver(390);
  REQUIRE(ui.click("Add layer"));
  ui.frames(2);
  REQUIRE(ui.click("Flatten"));
  REQUIRE(ui.only<ui::AddLayer>() != nullptr);
  CHECK(ui.only<ui::AddLayer>()->at == 0);
}

TEST_CASE("another network than the one in use leads to training", "[ui][build]") {
  Fixture f("simple_cnn");
  f.model.active.from = ui::WeightsFrom::shipped;
  f.model.active.network = f.model.network;
  auto ui = f.driver();
  CHECK(ui.find("Train to use it") == nullptr);
  f.set(*spec::find_in_zoo("lab_cnn"));
  ui.frames(4);
  REQUIRE(ui.click("Train to use it"));
  REQUIRE(ui.only<ui::ShowPage>() != nullptr);
  CHECK(ui.only<ui::ShowPage>()->page == ui::Page::train);
}

TEST_CASE("a new layer goes behind the open one, else before a last log-softmax", "[ui][build]") {
  const spec::Network network = *spec::find_in_zoo("simple_cnn");
  CHECK(ui::place_for_new(network, "") == 4);
  CHECK(ui::place_for_new(network, "conv") == 1);
  CHECK(ui::place_for_new(network, "gone") == 4);
  CHECK(ui::place_for_new({"plain", {1, 28, 28}, {{"fc", spec::Linear{}}}}, "") == 1);
  CHECK(ui::place_for_new({}, "") == 0);
}

TEST_CASE("a dragged layer lands behind the cards whose middles it has passed", "[ui][build]") {
  const std::vector<float> middles{10, 20, 30, 40};
  CHECK(ui::landing_of(0, 5, middles) == 0);
  CHECK(ui::landing_of(0, 25, middles) == 1);
  CHECK(ui::landing_of(0, 99, middles) == 3);
  CHECK(ui::landing_of(3, 5, middles) == 0);
  CHECK(ui::landing_of(3, 35, middles) == 3);
  CHECK(ui::landing_of(2, 25, middles) == 2);
}

TEST_CASE("a layer's summary has its numbers and what it reads, not what takes all that arrives",
          "[ui][build]") {
  CHECK(ui::layer_summary({"a", spec::Conv2d{.out = 10, .stride = 2}}) ==
        "channels out 10 · kernel 3 · stride 2 · padding 1");
  CHECK(ui::layer_summary({"a", spec::Linear{.in = 784, .out = 10, .bias = false}}) ==
        "inputs 784 · outputs 10 · no bias");
  CHECK(ui::layer_summary({"a", spec::Dropout{.p = 0.25f}}) == "probability 0.25");
  CHECK(ui::layer_summary({"a", spec::ReLU{}}).empty());
  CHECK(ui::layer_summary({"a", spec::Add{}, {"relu1", "conv2"}}) == "reads relu1 + conv2");
}
