#include "ui/panels/difference.hpp"

#include <catch2/catch_test_macros.hpp>

#include "engine/spec/catalogue.hpp"

namespace spec = engine::spec;

TEST_CASE("equal layers differ in nothing, whatever the network is called", "[ui][difference]") {
  spec::Network a = *spec::find_in_zoo("simple_cnn"), b = a;
  b.name = "mine";
  CHECK(ui::difference_text(a, b).empty());
}

TEST_CASE("changed, added and removed layers are named", "[ui][difference]") {
  const spec::Network a = *spec::find_in_zoo("simple_cnn");
  spec::Network b = a;
  std::get<spec::Conv2d>(b.layers[0].layer).out = 16;
  CHECK(ui::difference_text(a, b) == "conv changed");
  b.layers.insert(b.layers.begin() + 2, {"dropout1", spec::Dropout{}});
  CHECK(ui::difference_text(a, b) == "conv changed and dropout1 added");
  b.layers.pop_back();
  CHECK(ui::difference_text(a, b) == "conv changed, dropout1 added and log_softmax removed");
}

TEST_CASE("a layer that reads another one is changed", "[ui][difference]") {
  const spec::Network a = *spec::find_in_zoo("my_net");
  spec::Network b = a;
  for (spec::NamedLayer& layer : b.layers) {
    if (layer.name == "add_a") layer.from[1] = "bn_a1";
  }
  CHECK(ui::difference_text(a, b) == "add_a changed");
}

TEST_CASE("many changes are counted, a new order is said", "[ui][difference]") {
  const spec::Network a = *spec::find_in_zoo("lab_cnn");
  CHECK(ui::difference_text(a, {"none", {1, 28, 28}, {}}) == "18 layers removed");
  spec::Network swapped = a;
  std::swap(swapped.layers[0], swapped.layers[1]);
  CHECK(ui::difference_text(a, swapped) == "same layers in another order");
}
