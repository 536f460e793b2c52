// Networks whose layers branch and join.
#include <catch2/catch_test_macros.hpp>

#include "engine/spec/catalogue.hpp"
#include "engine/spec/edit.hpp"
#include "engine/spec/infer.hpp"
#include "engine/spec/json.hpp"

using namespace engine;

namespace {

spec::Network residual() {
  return {.name = "residual",
          .input = {1, 12, 12},
          .layers = {{"conv1", spec::Conv2d{.out = 8}},
                     {"relu1", spec::ReLU{}},
                     {"conv2", spec::Conv2d{.out = 8}},
                     {"add1", spec::Add{}, {"relu1", "conv2"}},
                     {"pool", spec::MaxPool2d{}},
                     {"side", spec::Conv2d{.out = 4, .stride = 2}, {"input"}},
                     {"concat1", spec::Concat{}, {"pool", "side"}},
                     {"flatten", spec::Flatten{}},
                     {"fc", spec::Linear{.out = 10}}}};
}

std::string problem_of(const spec::Network& network) {
  const auto facts = spec::infer(network);
  return facts.ok() ? "" : facts.problem().sentence;
}

bool says(const spec::Network& network, std::string_view words) {
  INFO(problem_of(network));
  return problem_of(network).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("branches are inferred: sources, shapes, work, receptive fields", "[spec][graph]") {
  const auto facts = spec::infer(residual());
  REQUIRE(facts.ok());
  const auto& layers = facts->layers;
  CHECK(layers[0].from == std::vector<int>{-1});
  CHECK(layers[3].from == std::vector<int>{1, 2});
  CHECK(layers[3].out == Shape{8, 12, 12});
  CHECK(layers[3].multiply_adds == 8 * 12 * 12);
  CHECK(layers[5].from == std::vector<int>{-1});
  CHECK(layers[6].out == Shape{12, 6, 6});
  CHECK(layers[6].bytes == 4 * 12 * 6 * 6);
  CHECK(layers[0].field == 3);
  CHECK(layers[3].field == 5);  // the longer of the two ways
  CHECK(layers[4].field == 6);  // pooling by 2 adds one pixel
  CHECK(layers[6].field == 6);
  CHECK(layers[8].field == 12);  // everything, and no more
}

TEST_CASE("a field grows by the steps of the layers before it", "[spec][graph]") {
  const auto facts = spec::infer(*spec::find_in_zoo("lab_cnn"));
  REQUIRE(facts.ok());
  CHECK(facts->layers[2].field == 5);    // conv2
  CHECK(facts->layers[4].field == 6);    // pool1
  CHECK(facts->layers[6].field == 10);   // conv3 at steps of 2
  CHECK(facts->layers[8].field == 14);   // conv4
  CHECK(facts->layers[10].field == 16);  // pool2
  CHECK(facts->layers[13].field == 28);  // fc1
}

TEST_CASE("what cannot be joined or read is said in words", "[spec][graph]") {
  spec::Network network = residual();
  network.layers[3].from = {"relu1", "input"};
  CHECK(says(network, "both must have one shape"));
  network = residual();
  network.layers[6].from = {"add1", "side"};
  CHECK(says(network, "height and width must be the same"));
  network = residual();
  network.layers[3].from = {"relu1"};
  CHECK(says(network, "reads 1 layers; it needs 2 to 8"));
  network = residual();
  network.layers[4].from = {"relu1", "add1"};
  CHECK(says(network, "can read one only"));
  network = residual();
  network.layers[2].from = {"pool"};
  CHECK(says(network, "no layer before it is called that"));
  network = residual();
  network.layers[6].from = {"side", "side"};
  CHECK(says(network, "pool leads nowhere"));
  network = residual();
  network.layers[0].name = "input";
  CHECK(says(network, "that is what the image is called"));
}

TEST_CASE("branches survive JSON, and only texts are sources", "[spec][graph]") {
  const auto back = spec::network_from_json(spec::to_json(residual()));
  REQUIRE(back.ok());
  CHECK(*back == residual());
  const auto bad = spec::network_from_json(
      R"({"layers":[{"name":"a","type":"Flatten","from":["input",7]},{"name":"b","type":"Linear"}]})");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.problem().code == Code::bad_json);
}

TEST_CASE("editing keeps what layers read", "[spec][graph]") {
  spec::Network network = residual();
  spec::remove_layer(network, 2);  // conv2: add1 now reads relu1 twice
  CHECK(network.layers[2].from == std::vector<std::string>{"relu1", "relu1"});
  CHECK(problem_of(network).empty());
  spec::remove_layer(network, 4);  // side
  CHECK(network.layers[4].from == std::vector<std::string>{"pool", "input"});

  network = residual();
  spec::remove_layer(network, 6);  // the join: flatten reads pool, side leads nowhere
  CHECK(network.layers[6].from == std::vector<std::string>{"pool"});
  CHECK(says(network, "side leads nowhere"));

  network = residual();
  spec::insert_layer(network, 5, spec::Add{});  // after pool: nothing else has its shape
  CHECK(network.layers[5].from == std::vector<std::string>{"pool", "input"});
  network = residual();
  spec::insert_layer(network, 4, spec::Add{});
  CHECK(network.layers[4].from == std::vector<std::string>{"add1", "conv2"});
  CHECK(network.layers[4].name == "add2");

  spec::move_layer(network, 0, 1);
  CHECK(network.layers[1].name == "conv1");
  spec::set_source(network, 1, 0, "input");
  CHECK(network.layers[1].from == std::vector<std::string>{"input"});
  spec::set_source(network, 1, 0, "relu1");  // the layer before it: nothing to remember
  CHECK(network.layers[1].from.empty());
  spec::set_source(network, 4, 2, "conv1");
  CHECK(network.layers[4].from.size() == 3);
  spec::set_source(network, 4, 2, "");
  CHECK(network.layers[4].from.size() == 2);
  CHECK(spec::possible_sources(network, 1) == std::vector<std::string>{"relu1", "input"});
}
