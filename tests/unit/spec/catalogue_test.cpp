#include "engine/spec/catalogue.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "engine/spec/fields.hpp"
#include "engine/spec/train_fields.hpp"

namespace spec = engine::spec;
using engine::f32;

TEST_CASE("catalogue: every row stands at its layer's index and says what a student needs",
          "[spec]") {
  REQUIRE(spec::catalogue().size() == std::variant_size_v<spec::Layer>);
  std::set<std::string_view> types, stems;
  for (std::size_t i = 0; i < spec::catalogue().size(); ++i) {
    const spec::Kind& kind = spec::catalogue()[i];
    CAPTURE(kind.type);
    CHECK(kind.initial.index() == i);
    CHECK(&spec::kind_of(kind.initial) == &kind);
    CHECK(types.insert(kind.type).second);
    CHECK(stems.insert(kind.stem).second);
    CHECK_FALSE(kind.label.empty());
    CHECK_FALSE(kind.formula.empty());
    CHECK(kind.formula.find('\n') == std::string_view::npos);
    CHECK(kind.help.size() > 60);
    CHECK(kind.help.back() == '.');
  }
}

TEST_CASE("catalogue: the formula of a window names all that its fields set", "[spec]") {
  for (const spec::Kind& kind : spec::catalogue()) {
    for (const spec::Field& field : kind.fields) {
      CAPTURE(kind.type, field.key);
      if (field.key == "stride") CHECK(kind.formula.find("i S + u") != std::string_view::npos);
      if (field.key == "padding") CHECK(kind.formula.find("- P") != std::string_view::npos);
    }
  }
}

TEST_CASE("catalogue: every field is found, starts within its limits and keeps what is set",
          "[spec]") {
  for (const spec::Kind& kind : spec::catalogue()) {
    for (const spec::Field& field : kind.fields) {
      CAPTURE(kind.type, field.key);
      spec::Layer layer = kind.initial;
      REQUIRE(spec::find_field(layer, field.key).has_value());
      CHECK(field.low < field.high);
      CHECK(field.step > 0);
      CHECK_FALSE(field.help.empty());
      CHECK(spec::get_field(layer, field.key) >= field.low);
      CHECK(spec::get_field(layer, field.key) <= field.high);
      for (f32 value : {field.low, field.high}) {
        spec::set_field(layer, field.key, value);
        CHECK(spec::get_field(layer, field.key) == value);
      }
    }
  }
}

TEST_CASE("catalogue: set_field changes its own member only, rounds and clamps", "[spec]") {
  spec::Layer layer = spec::Conv2d{};
  spec::set_field(layer, "kernel", 4.6f);
  CHECK(layer == spec::Layer(spec::Conv2d{.kernel = 5}));
  spec::set_field(layer, "kernel", 99);
  CHECK(layer == spec::Layer(spec::Conv2d{.kernel = 15}));
  spec::set_field(layer, "kernel", std::numeric_limits<f32>::quiet_NaN());
  CHECK(layer == spec::Layer(spec::Conv2d{.kernel = 1}));
  spec::set_field(layer, "bias", 0);
  CHECK(layer == spec::Layer(spec::Conv2d{.kernel = 1, .bias = false}));
  spec::set_field(layer, "out", -std::numeric_limits<f32>::infinity());
  CHECK(layer == spec::Layer(spec::Conv2d{.out = 1, .kernel = 1, .bias = false}));

  spec::Layer dropout = spec::Dropout{};
  spec::set_field(dropout, "p", 0.123f);
  CHECK(dropout == spec::Layer(spec::Dropout{.p = 0.123f}));
  CHECK_FALSE(spec::find_field(dropout, "kernel").has_value());
}

TEST_CASE("catalogue: an unused name is the first free number behind the stem", "[spec]") {
  spec::Network network = *spec::find_in_zoo("lab_cnn");
  CHECK(spec::unused_name(network, spec::Conv2d{}) == "conv5");
  CHECK(spec::unused_name(network, spec::Linear{}) == "fc3");
  CHECK(spec::unused_name(network, spec::LogSoftmax{}) == "log_softmax1");
  network.layers.erase(network.layers.begin());  // conv1
  CHECK(spec::unused_name(network, spec::Conv2d{}) == "conv1");
}

TEST_CASE("zoo: the lab's five networks are there, others are not", "[spec]") {
  CHECK(spec::zoo().size() == 5);
  for (const char* name : {"fcnet", "mlp", "simple_cnn", "lab_cnn", "my_net"}) {
    CAPTURE(name);
    REQUIRE(spec::find_in_zoo(name) != nullptr);
    CHECK(spec::find_in_zoo(name)->name == name);
  }
  CHECK(spec::find_in_zoo("") == nullptr);
  CHECK(spec::find_in_zoo("lab_cnn2") == nullptr);
}

TEST_CASE("catalogue: PyTorch has answered for every layer, loss, optimizer and schedule",
          "[spec]") {
  const auto golden = [](std::string_view name) {
    std::ifstream file(
        ATELIER_SOURCE_DIR "/tests/parity/goldens/" + std::string(name) + ".safetensors",
        std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  };
  for (const spec::Kind& kind : spec::catalogue()) {
    CAPTURE(kind.type);
    // The cases are JSON within the JSON of a header: their quotes are escaped.
    const std::string named = R"(\"type\": \")" + std::string(kind.type) + R"(\")";
    CHECK(golden(kind.type).find(named) != std::string::npos);
  }
  for (const std::string_view name : spec::kLossNames) CHECK_FALSE(golden(name).empty());
  for (const std::string_view name : spec::kOptimizerNames) CHECK_FALSE(golden(name).empty());
  for (const std::string_view name : spec::kScheduleNames) CHECK_FALSE(golden(name).empty());
}
