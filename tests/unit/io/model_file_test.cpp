#include "engine/io/model_file.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>
#include <string>

#include "engine/io/half.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/allocations.hpp"

using namespace engine;

namespace {

nn::Network zoo_network(const char* name, u64 seed = 7) {
  return std::move(nn::Network::create(*spec::find_in_zoo(name), seed)).value();
}

io::ModelCard card() {
  return {.labels = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                     "Sneaker", "Bag", "Ankle boot"},
          .preprocessing = R"({"centre": true})",
          .seed = ~u64{0},
          .notes = {{"accuracy", "0.912"}, {"command", "train --seed 7"}}};
}

// The file of a network, changed by hand before it is written.
template <class Change>
std::vector<std::byte> changed(const char* name, Change change) {
  io::WeightFile file =
      io::read_safetensors(io::save_model(zoo_network(name), card()).value()).value();
  change(file);
  return io::write_safetensors(file).value();
}

void refuses(const std::vector<std::byte>& bytes, const char* mentions) {
  CAPTURE(mentions);
  const auto model = io::load_model(bytes);
  REQUIRE_FALSE(model.ok());
  CAPTURE(model.problem().sentence);
  CHECK(model.problem().code == Code::bad_file);
  CHECK(model.problem().sentence.find(mentions) != std::string::npos);
}

}  // namespace

TEST_CASE("model file: a file alone rebuilds network and card", "[io]") {
  const char* name = GENERATE("fcnet", "mlp", "simple_cnn", "lab_cnn");
  CAPTURE(name);
  const nn::Network network = zoo_network(name);
  const auto model = io::load_model(io::save_model(network, card()).value());
  REQUIRE(model.ok());
  CHECK(model->network.spec() == network.spec());
  CHECK(model->network.weight_hash() == network.weight_hash());
  CHECK(model->network.weight_hash() != zoo_network(name, 8).weight_hash());
  CHECK(model->card == card());
}

TEST_CASE("model file: buffers of batch norm come back too", "[io]") {
  const spec::Network spec{"normed",
                           {2, 5, 3},
                           {{"norm", spec::BatchNorm2d{}},
                            {"flatten", spec::Flatten{}},
                            {"fc", spec::Linear{.out = 3, .bias = false}}}};
  nn::Network network = std::move(nn::Network::create(spec, 1)).value();
  int buffers = 0;
  for (nn::Tensor& tensor : network.tensors()) {
    if (tensor.info.role != nn::Role::buffer) continue;
    tensor.value[1] = 2.5f;
    ++buffers;
  }
  REQUIRE(buffers == 2);
  const auto model = io::load_model(io::save_model(network, {}).value());
  REQUIRE(model.ok());
  CHECK(model->network.weight_hash() == network.weight_hash());
  CHECK(model->card == io::ModelCard{});
}

TEST_CASE("model file: half precision keeps every weight to 11 bits", "[io]") {
  const nn::Network network = zoo_network("fcnet");
  const auto model = io::load_model(io::save_model(network, card(), io::Precision::half).value());
  REQUIRE(model.ok());
  for (std::size_t t = 0; t < network.tensors().size(); ++t) {
    for (std::size_t i = 0; i < network.tensors()[t].value.size(); ++i) {
      REQUIRE(model->network.tensors()[t].value[i] ==
              io::from_half(io::to_half(network.tensors()[t].value[i])));
    }
  }
}

TEST_CASE("model file: names and shapes are PyTorch's", "[io]") {
  const io::WeightFile file =
      io::read_safetensors(io::save_model(zoo_network("simple_cnn"), {}).value()).value();
  std::vector<std::pair<std::string, std::vector<u64>>> seen;
  for (const io::TensorData& tensor : file.tensors) seen.emplace_back(tensor.name, tensor.dims);
  CHECK(seen ==
        std::vector<std::pair<std::string, std::vector<u64>>>{{"conv.weight", {10, 1, 3, 3}},
                                                              {"conv.bias", {10}},
                                                              {"fc.weight", {10, 1960}},
                                                              {"fc.bias", {10}}});
}

TEST_CASE("model file: plain weights of one zoo network are recognised, in any order", "[io]") {
  const char* name = GENERATE("fcnet", "mlp", "simple_cnn", "lab_cnn");
  CAPTURE(name);
  const auto bytes = changed(name, [](io::WeightFile& file) {
    file.metadata = {{"format", "pt"}};
    std::reverse(file.tensors.begin(), file.tensors.end());
  });
  const auto model = io::load_model(bytes);
  REQUIRE(model.ok());
  CHECK(model->network.spec().name == name);
  CHECK(model->network.weight_hash() == zoo_network(name).weight_hash());
  CHECK(model->card.notes.at("format") == "pt");
}

TEST_CASE("model file: what does not fit is refused by name", "[io]") {
  refuses(changed("fcnet", [](auto& f) { f.tensors.pop_back(); }), "no tensor fc.");
  refuses(changed("fcnet", [](auto& f) { f.tensors.push_back({"extra", {1}, {0}}); }),
          "a tensor extra");
  refuses(changed("fcnet", [](auto& f) { f.tensors[0].dims = {784, 10}; }),
          "784 x 10 in the file, but 10 x 784");
  refuses(changed("fcnet", [](auto& f) { f.tensors[0].dims = {10, 784, 1}; }), "10 x 784 x 1");
  refuses(changed("fcnet", [](auto& f) { f.tensors.pop_back(), f.metadata.clear(); }),
          "none of fcnet, mlp, simple_cnn, lab_cnn");
  refuses(changed("fcnet", [](auto& f) { f.tensors.clear(), f.metadata.clear(); }), "none of");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.format"] = "2"; }), "format 2");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.spec"] = "{}"; }),
          "layers is missing");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.spec"] = ""; }), "cannot be built");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.seed"] = "-1"; }), "atelier.seed");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.seed"] = "18446744073709551616"; }),
          "atelier.seed");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.labels"] = "[1]"; }), "texts only");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.labels"] = "{}"; }), "list");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.labels"] = R"(["a","b"])"; }),
          "2 labels for a network with 10");
  refuses(changed("fcnet", [](auto& f) { f.metadata["atelier.preprocessing"] = "{"; }),
          "preprocessing");
}

TEST_CASE("model file: no network of millions of weights is built for a file that holds none",
          "[io]") {
  const spec::Network wide{"wide",
                           {1000, 1, 1},
                           {{"a", spec::Linear{.out = 3000}},
                            {"b", spec::Linear{.out = 1000}},
                            {"c", spec::Linear{.out = 10}}}};
  const auto bytes = changed("fcnet", [&](auto& f) {
    f.tensors.clear();
    f.metadata["atelier.spec"] = spec::to_json(wide);
  });
  const u64 before = test::reset_peak();
  refuses(bytes, "0 values, but its network has 6,014,010 weights");
  CHECK(test::peak() - before < u64(1) << 20);
}

TEST_CASE("model file: a bad card or a diverged network is not saved", "[io]") {
  nn::Network network = zoo_network("fcnet");
  io::ModelCard wrong = card();
  wrong.labels.pop_back();
  CHECK(io::save_model(network, wrong).problem().code == Code::bad_file);
  wrong = card();
  wrong.preprocessing = "[1,";
  CHECK(io::save_model(network, wrong).problem().code == Code::bad_file);
  wrong = card();
  wrong.notes["atelier.seed"] = "1";
  CHECK(io::save_model(network, wrong).problem().code == Code::bad_file);
  network.tensors()[0].value[17] = std::numeric_limits<f32>::quiet_NaN();
  const auto saved = io::save_model(network, card());
  REQUIRE_FALSE(saved.ok());
  CHECK(saved.problem().sentence.find("fc.weight[17]") != std::string::npos);
}
