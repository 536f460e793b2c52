#include "engine/spec/json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "engine/core/random.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"

namespace spec = engine::spec;
using engine::Code;
using engine::f32;
using engine::u32;

namespace {

struct Case {
  std::string text;
  Code code;
  const char* mentions;
};

// One layer's members inside an otherwise good network.
std::string with_layer(const std::string& members) {
  return R"({"name": "n", "input": [1, 28, 28], "layers": [{"name": "flatten", "type": "Flatten"}, {)" +
         members + "}]}";
}

// A network of random layers with random fields, not always one that can be built.
spec::Network random_network(u32 seed) {
  engine::Rng rng(seed, engine::Purpose::probe);
  spec::Network network{"random " + std::to_string(seed),
                        {1 + int(rng.below(3)), 8 + int(rng.below(9)), 8 + int(rng.below(9))},
                        {}};
  const u32 count = 1 + rng.below(6);
  for (u32 i = 0; i < count; ++i) {
    const auto& kinds = spec::catalogue();
    spec::Layer layer = kinds[rng.below(u32(kinds.size()))].initial;
    for (const spec::Field& field : spec::kind_of(layer).fields) {
      if (field.key == "in" || field.key == "channels") continue;  // 0: whatever arrives
      spec::set_field(
          layer, field.key,
          rng.uniform(field.low, field.integer ? std::min(field.high, 6.0f) : field.high));
    }
    network.layers.push_back({spec::unused_name(network, layer), layer});
  }
  network.layers.push_back({"last_flatten", spec::Flatten{}});
  network.layers.push_back({"last", spec::Linear{.out = 10}});
  return network;
}

}  // namespace

TEST_CASE("json: a network comes back as it was", "[spec]") {
  for (const spec::Network& network : spec::zoo()) {
    CAPTURE(network.name);
    CHECK(spec::network_from_json(spec::to_json(network)).value() == network);
  }
  int buildable = 0;
  for (u32 seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const spec::Network network = random_network(seed);
    const auto back = spec::network_from_json(spec::to_json(network));
    const bool good = spec::infer(network).ok();
    CHECK(back.ok() == good);
    if (good && back.ok()) CHECK(back.value() == network);
    buildable += good;
  }
  CHECK(buildable > 40);
  CHECK(buildable < 400);
}

TEST_CASE("json: text of a network is plain and short", "[spec]") {
  CHECK(
      spec::to_json(*spec::find_in_zoo("fcnet")) ==
      R"({"name":"fcnet","input":[1,28,28],"layers":[{"name":"flatten","type":"Flatten"},)"
      R"({"name":"fc","type":"Linear","in":0,"out":10,"bias":true},{"name":"log_softmax","type":"LogSoftmax"}]})");
  spec::Network network = *spec::find_in_zoo("fcnet");
  network.layers.insert(network.layers.begin(), {"dropout", spec::Dropout{.p = 0.1f}});
  CHECK(spec::to_json(network).find(R"("p":0.1})") != std::string::npos);  // not 0.10000000149
}

TEST_CASE("json: what is missing keeps its default; 28.0 is a whole number", "[spec]") {
  const auto network =
      spec::network_from_json(with_layer(R"("name": "fc", "type": "Linear", "in": 784.0)"));
  REQUIRE(network.ok());
  CHECK(network->layers[1].layer == spec::Layer(spec::Linear{.in = 784}));
  const auto small = spec::network_from_json(
      R"({"layers": [{"name": "f", "type": "Flatten"}, {"name": "fc", "type": "Linear"}]})");
  REQUIRE(small.ok());
  CHECK(small->input == engine::Shape{1, 28, 28});
}

TEST_CASE("json: a network's name may be in any language", "[spec]") {
  spec::Network network = *spec::find_in_zoo("fcnet");
  network.name = "Größe \"2\" \\ \n 网络";
  CHECK(spec::network_from_json(spec::to_json(network)).value() == network);
  network.name = "\xff\xc3";  // not UTF-8: replaced, never fatal
  CHECK(spec::network_from_json(spec::to_json(network)).ok());
}

TEST_CASE("json: a wrong network is refused by the key's name", "[spec]") {
  const std::vector<Case> cases{
      {"", Code::bad_json, "JSON"},
      {"{", Code::bad_json, "JSON"},
      {"[]", Code::bad_json, "object"},
      {"{}", Code::bad_json, "layers is missing"},
      {R"({"layers": {}})", Code::bad_json, "layers must be a list"},
      {R"({"layers": []})", Code::bad_spec, "no layers"},
      {R"({"layers": [3]})", Code::bad_json, "layers[0] must be an object"},
      {R"({"layers": [], "layers": []})", Code::bad_json, "\"layers\" twice"},
      {R"({"layers": [], "Input": [1, 2, 3]})", Code::bad_json, "Input is not known"},
      {R"({"layers": [], "name": 4})", Code::bad_json, "name must be text"},
      {R"({"layers": [], "input": [1, 28]})", Code::bad_spec, "input must be three"},
      {R"({"layers": [], "input": [1, 28, -28]})", Code::bad_spec, "input must be three"},
      {R"({"layers": [], "input": [1, 28, 99999999999]})", Code::bad_spec, "input must be three"},
      {with_layer(R"("type": "Linear")"), Code::bad_json, "layers[1].name is missing"},
      {with_layer(R"("name": "fc")"), Code::bad_json, "layers[1].type is missing"},
      {with_layer(R"("name": "fc", "type": "Dense")"), Code::bad_spec,
       "layers[1].type must be one of Linear, Conv2d"},
      {with_layer(R"("name": "fc", "type": "Linear", "units": 3)"), Code::bad_json,
       "layers[1].units is not known"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": "3")"), Code::bad_json,
       "layers[1].out must be a whole"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": 3.5)"), Code::bad_spec, "is 3.5"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": 1e30)"), Code::bad_spec,
       "layers[1].out"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": 18446744073709551615)"), Code::bad_spec,
       "layers[1].out"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": -9223372036854775808)"), Code::bad_spec,
       "layers[1].out"},
      {with_layer(R"("name": "fc", "type": "Linear", "out": 0)"), Code::bad_spec,
       "from 1 to 16384, is 0"},
      {with_layer(R"("name": "fc", "type": "Linear", "bias": 1)"), Code::bad_json, "true or false"},
      {with_layer(R"("name": "c", "type": "Conv2d", "kernel": -2)"), Code::bad_spec,
       "layers[1].kernel must be a whole number from 1 to 15, is -2"},
      {with_layer(R"("name": "d", "type": "Dropout", "p": 2)"), Code::bad_spec,
       "layers[1].p must be a number from 0"},
      {with_layer(R"("name": "d", "type": "Dropout", "p": null)"), Code::bad_json,
       "layers[1].p must be a number"},
      {with_layer(R"("name": "c", "type": "Conv2d")"), Code::bad_spec,
       "before Flatten"},  // infer()'s sentence
      {std::string(17, '['), Code::bad_json, "nested"},
      {std::string(100'000, '['), Code::bad_json, "nested"},
      {"[" +
           [] {
             std::string s;
             for (int i = 0; i < 30'000; ++i) s += "0,";
             return s;
           }() +
           "0]",
       Code::bad_json, "20000 values"},
      {std::string(spec::kMaxJsonBytes + 1, ' '), Code::too_large, "1048576"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text.substr(0, 300));
    const auto network = spec::network_from_json(c.text);
    REQUIRE_FALSE(network.ok());
    CAPTURE(network.problem().sentence);
    CHECK(network.problem().code == c.code);
    CHECK(network.problem().sentence.find(c.mentions) != std::string::npos);
  }
}

TEST_CASE("json: training settings come back as they were", "[spec]") {
  CHECK(spec::train_from_json("{}").value() == spec::Train{});
  spec::Train train;
  train.fraction = 0.3f;
  train.validation = 0.2f;
  train.epochs = 17;
  train.batch = 1;
  train.loss = spec::Loss::binary_cross_entropy;
  train.optimizer = spec::OptimizerKind::adamw;
  train.learning_rate = 1.5e-7f;
  train.momentum = 0.123456789f;
  train.nesterov = true;
  train.beta1 = 0.5f;
  train.beta2 = 0.75f;
  train.epsilon = 1e-30f;
  train.weight_decay = 1;
  train.schedule = spec::ScheduleKind::one_cycle;
  train.step_epochs = 3;
  train.step_factor = 1;
  train.patience = 9;
  train.label_smoothing = 0.1f;
  train.mixup = 0.2f;
  train.init = spec::Init::xavier;
  train.rms_alpha = 0.9f;
  train.rms_momentum = 0.3f;
  train.clip_norm = 5;
  train.ema = 0.999f;
  train.warmup = 0.5f;
  train.augment = {1.5f, 10, 0.2f, 0.5f, 0.1f, 0.3f, 0.05f, 0.25f};
  train.seed = ~engine::u64{0};
  CHECK(spec::train_from_json(spec::to_json(train)).value() == train);
}

TEST_CASE("json: wrong training settings are refused by the key's name", "[spec]") {
  const std::vector<Case> cases{
      {"nonsense", Code::bad_json, "JSON"},
      {R"("text")", Code::bad_json, "object"},
      {R"({"Epochs": 3})", Code::bad_json, "Epochs is not known"},
      {R"({"epochs": 0})", Code::bad_config, "epochs must be a whole number from 1 to 1000, is 0"},
      {R"({"epochs": 4294967297})", Code::bad_config, "epochs"},
      {R"({"epochs": true})", Code::bad_json, "epochs"},
      {R"({"batch": 1025})", Code::bad_config, "batch"},
      {R"({"learning_rate": 0})", Code::bad_config,
       "learning_rate must be above 0 and at most 10, is 0"},
      {R"({"learning_rate": -1e-3})", Code::bad_config, "learning_rate"},
      {R"({"learning_rate": "small"})", Code::bad_json, "learning_rate must be a number"},
      {R"({"fraction": 1.01})", Code::bad_config, "fraction must be from 0.001 to 1"},
      {R"({"loss": "l2"})", Code::bad_config, "nll, cross_entropy, mse, binary_cross_entropy"},
      {R"({"loss": 2})", Code::bad_json, "loss"},
      {R"({"optimizer": "lion"})", Code::bad_config, "sgd, adam, adamw, rmsprop"},
      {R"({"init": "zero"})", Code::bad_config, "pytorch, he_normal, he_uniform, xavier, lab"},
      {R"({"ema": 1})", Code::bad_config, "ema must be from 0 to 0.9999, is 1"},
      {R"({"label_smoothing": 0.6})", Code::bad_config, "label_smoothing must be from 0 to 0.5"},
      {R"({"warmup": "1"})", Code::bad_json, "warmup must be a number"},
      {R"({"schedule": ""})", Code::bad_config, "constant, step, cosine, one_cycle"},
      {R"({"nesterov": 1})", Code::bad_json, "nesterov"},
      {R"({"seed": -1})", Code::bad_json, "seed"},
      {R"({"seed": 1.5})", Code::bad_json, "seed"},
      {R"({"augment": 1})", Code::bad_json, "augment must be an object"},
      {R"({"augment": {"shift": 9}})", Code::bad_config,
       "augment.shift must be a number from 0 to 8, is 9"},
      {R"({"augment": {"blur": 1}})", Code::bad_json, "augment.blur is not known"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto train = spec::train_from_json(c.text);
    REQUIRE_FALSE(train.ok());
    CAPTURE(train.problem().sentence);
    CHECK(train.problem().code == c.code);
    CHECK(train.problem().sentence.find(c.mentions) != std::string::npos);
  }
}
