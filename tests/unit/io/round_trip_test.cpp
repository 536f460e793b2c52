// What is written is read back as it was, in every format: random archives, weights, graphs and
// networks, always the same ones.
#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/io/load.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/onnx_graph.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/io/torch_file.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/infer.hpp"

using namespace engine;

namespace {

constexpr u32 kRounds = 300;

Rng rng_of(u32 round) { return {round, Purpose::probe}; }

// Up to `pieces` characters, those among them that end quotations, lines and texts elsewhere.
std::string random_text(Rng& rng, u32 pieces) {
  constexpr std::string_view kPieces[] = {"a",  "Z",  "0",  "_",    ".",      " ", "/",
                                          "\"", "'",  "{",  "]",    ":",      ",", "ß",
                                          "网", "\n", "\\", "\x7F", {"\0", 1}};
  std::string text;
  for (u32 left = rng.below(pieces + 1); left > 0; --left)
    text += kPieces[rng.below(u32(std::size(kPieces)))];
  return text;
}

std::map<std::string, std::string> random_notes(Rng& rng) {
  std::map<std::string, std::string> notes;
  for (u32 left = rng.below(4); left > 0; --left) notes[random_text(rng, 6)] = random_text(rng, 40);
  return notes;
}

std::vector<u64> random_dims(Rng& rng) {
  std::vector<u64> dims(rng.below(5));
  for (u64& d : dims) d = rng.below(6);
  return dims;
}

// Any finite float: all exponents, both zeros.
f32 random_value(Rng& rng) {
  const f32 value = std::bit_cast<f32>(rng.next());
  return std::isfinite(value) ? value : -0.0f;
}

io::TensorData random_tensor(Rng& rng, std::string name) {
  io::TensorData tensor{std::move(name), random_dims(rng), {}};
  tensor.values.resize(std::size_t(io::count_values("", tensor.dims).value()));
  for (f32& value : tensor.values) value = random_value(rng);
  return tensor;
}

io::WeightFile random_file(Rng& rng) {
  io::WeightFile file{random_notes(rng), {}};
  const u32 count = rng.below(7);
  for (u32 i = 0; i < count; ++i) {
    const std::string layer = "t" + std::to_string(i) + random_text(rng, 8);
    const char* parts[] = {".weight", ".running_mean", ""};
    file.tensors.push_back(random_tensor(rng, layer + parts[rng.below(3)]));
  }
  return file;
}

// To the bit, signs of zeros too.
bool same(const Result<io::WeightFile>& read, const io::WeightFile& written) {
  return read.ok() && *read == written &&
         std::ranges::equal(read->tensors, written.tensors, [](const auto& a, const auto& b) {
           return std::ranges::equal(std::as_bytes(std::span(a.values)),
                                     std::as_bytes(std::span(b.values)));
         });
}

// --- graphs of ONNX

io::onnx::Attribute random_attribute(Rng& rng, std::string name) {
  using io::onnx::Type;
  io::onnx::Attribute attribute{.name = std::move(name)};
  const Type types[] = {Type::real, Type::whole, Type::wholes};
  attribute.type = types[rng.below(3)];
  if (attribute.type == Type::real) attribute.real = random_value(rng);
  if (attribute.type == Type::whole) attribute.whole = i32(rng.next());
  if (attribute.type != Type::wholes) return attribute;
  for (u32 left = rng.below(5); left > 0; --left) attribute.wholes.push_back(i32(rng.next()));
  return attribute;
}

io::onnx::Model random_graph(Rng& rng) {
  io::onnx::Model model;
  model.opset = 9 + int(rng.below(15));
  model.name = random_text(rng, 20);
  model.metadata = random_notes(rng);
  model.input = {"x", {1 + int(rng.below(9)), int(rng.below(9))}};
  model.output = {random_text(rng, 9), {1}};
  for (u32 left = rng.below(5); left > 0; --left) {
    io::onnx::Node node{"Op" + std::to_string(rng.next()), random_text(rng, 9), {}, {}, {}};
    for (u32 i = rng.below(4); i > 0; --i) node.inputs.push_back(random_text(rng, 9));
    for (u32 i = rng.below(3); i > 0; --i) node.outputs.push_back(random_text(rng, 9));
    const u32 attributes = rng.below(4);
    for (u32 i = 0; i < attributes; ++i)
      node.attributes.push_back(random_attribute(rng, "a" + std::to_string(i)));
    model.nodes.push_back(std::move(node));
  }
  const u32 tensors = rng.below(4);
  for (u32 i = 0; i < tensors; ++i)
    model.initializers.push_back(random_tensor(rng, "t" + std::to_string(i) + random_text(rng, 9)));
  return model;
}

// --- networks

spec::Layer random_layer(Rng& rng) {
  switch (rng.below(10)) {
    case 0:
      return spec::MaxPool2d{.kernel = 2, .stride = 1 + int(rng.below(2))};
    case 1:
      return spec::AvgPool2d{.kernel = 3, .stride = 1, .padding = int(rng.below(2))};
    case 2:
      return spec::BatchNorm2d{.momentum = rng.uniform(), .eps = rng.uniform(1e-6f, 1e-3f)};
    case 3:
      return spec::Dropout{.p = rng.uniform(0, 0.9f)};
    case 4:
      return spec::LeakyReLU{.negative_slope = rng.uniform()};
    case 5:
      return spec::GELU{};
    case 6:
      return spec::SiLU{};
    case 7:
      return spec::Tanh{};
    default:
      return spec::Conv2d{.out = 1 + int(rng.below(4)),
                          .kernel = 3,
                          .padding = int(rng.below(3)),
                          .bias = rng.below(2) == 0};
  }
}

void append(spec::Network& network, const spec::Layer& layer, std::vector<std::string> from = {}) {
  network.layers.push_back({spec::unused_name(network, layer), layer, std::move(from)});
}

// Not always one that can be built: images may shrink to nothing.
spec::Network random_network(Rng& rng) {
  spec::Network network{random_text(rng, 20),
                        {1 + int(rng.below(3)), 6 + int(rng.below(5)), 6 + int(rng.below(5))},
                        {}};
  for (u32 left = 1 + rng.below(5); left > 0; --left) append(network, random_layer(rng));
  if (rng.below(3) == 0) {  // a branch
    const std::string trunk = network.layers.back().name;
    append(network, spec::ReLU{});
    append(network, spec::Add{}, {trunk, network.layers.back().name});
  }
  append(network, spec::Flatten{});
  if (rng.below(2) == 0) append(network, spec::BatchNorm1d{.momentum = rng.uniform()});
  append(network, spec::Linear{.out = 1 + int(rng.below(4)), .bias = rng.below(2) == 0});
  if (rng.below(2) == 0) append(network, spec::LogSoftmax{});
  return network;
}

io::ModelCard random_card(Rng& rng, int classes) {
  io::ModelCard card;
  if (rng.below(2) == 0) {
    for (int k = 0; k < classes; ++k) card.labels.push_back(random_text(rng, 9));
  }
  if (rng.below(2) == 0) card.preprocessing = R"({"range":[0,1]})";
  card.seed = u64(rng.next()) << 32 | rng.next();
  card.notes = random_notes(rng);
  return card;
}

// Without our notes a file of ONNX gives the same layers and weights.
void check_plain_graph(const io::Bytes& bytes, const nn::Network& network) {
  io::onnx::Model plain = io::onnx::decode(bytes).value();
  plain.metadata.clear();
  const auto lifted = io::load_any(io::onnx::encode(plain));
  REQUIRE(lifted.ok());
  CHECK(lifted->network.weight_hash() == network.weight_hash());
  CHECK(std::ranges::equal(
      lifted->network.spec().layers, network.spec().layers,
      [](const auto& a, const auto& b) { return a.layer.index() == b.layer.index(); }));
}

}  // namespace

TEST_CASE("round trip: archives of any entries", "[io]") {
  for (u32 round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    Rng rng = rng_of(round);
    std::vector<io::ZipEntry> entries(rng.below(6));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entries[i].name = std::to_string(i) + random_text(rng, 20);
      entries[i].data.resize(rng.below(200));
      for (std::byte& byte : entries[i].data) byte = std::byte(rng.below(256));
    }
    const io::Bytes bytes = io::write_zip(entries, std::size_t{1} << rng.below(8));
    const auto zip = io::Zip::open(bytes);
    REQUIRE(zip.ok());
    REQUIRE(zip->names().size() == entries.size());
    for (const io::ZipEntry& entry : entries) CHECK(zip->read(entry.name).value() == entry.data);
  }
}

TEST_CASE("round trip: arrays and weights of any shapes, values and notes", "[io]") {
  for (u32 round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    Rng rng = rng_of(round);
    const io::TensorData array = random_tensor(rng, "array");
    CHECK(io::read_npy(io::write_npy(array.dims, std::span<const f32>(array.values)), "array")
              .value() == array);
    const io::WeightFile file = random_file(rng);
    CHECK(same(io::read_safetensors(io::write_safetensors(file).value()), file));
    CHECK(same(io::read_npz(io::write_npz(file).value()), file));
    CHECK(same(io::read_torch(io::write_torch(file).value()), file));
  }
}

TEST_CASE("round trip: graphs of any operators", "[io]") {
  for (u32 round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    Rng rng = rng_of(round);
    const io::onnx::Model model = random_graph(rng);
    const auto read = io::onnx::decode(io::onnx::encode(model));
    REQUIRE(read.ok());
    CHECK(*read == model);
  }
}

TEST_CASE("round trip: networks with their weights and cards", "[io]") {
  u32 built = 0;
  for (u32 round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    Rng rng = rng_of(round);
    const spec::Network spec = random_network(rng);
    if (!spec::infer(spec).ok()) continue;
    ++built;
    nn::Network network = std::move(nn::Network::create(spec, round)).value();
    for (nn::Tensor& tensor : network.tensors()) {
      for (f32& value : tensor.value) value = random_value(rng);
    }
    const io::ModelCard card = random_card(rng, network.classes());
    const io::WeightFile file = io::weights_of(network, card).value();
    const io::Bytes onnx = io::write_onnx(spec, file).value();
    for (const io::Bytes& bytes : {io::write_safetensors(file).value(), io::write_npz(file).value(),
                                   io::write_torch(file).value(), onnx}) {
      const auto back = io::load_any(bytes);
      REQUIRE(back.ok());
      CHECK(back->network.spec() == spec);
      CHECK(back->network.weight_hash() == network.weight_hash());
      CHECK(back->card == card);
    }
    check_plain_graph(onnx, network);
  }
  CHECK(built > kRounds / 2);
}
