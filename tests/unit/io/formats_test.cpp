// Weights in other programs' formats: round trips, files that those programs wrote, damage.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fstream>
#include <set>

#include "engine/io/bytes.hpp"
#include "engine/io/export.hpp"
#include "engine/io/load.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/onnx_graph.hpp"
#include "engine/io/pickle.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/io/torch_file.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/spec/json.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/small_model.hpp"

using namespace engine;
using io::Export;

namespace {

io::Bytes exported(Export format, const io::LoadedModel& model = test::small_model()) {
  return io::export_model(format, model, {}).value();
}

const io::TensorData& tensor(const io::WeightFile& file, const char* name) {
  const auto at = std::ranges::find(file.tensors, name, &io::TensorData::name);
  REQUIRE(at != file.tensors.end());
  return *at;
}

std::string_view text_of(const io::Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("formats: a network and its card come back from every file", "[io]") {
  const auto format = GENERATE(Export::safetensors, Export::torch, Export::onnx, Export::npz);
  CAPTURE(io::file_name(format));
  const io::LoadedModel model = test::small_model();
  const io::Bytes bytes = exported(format, model);
  const auto back = io::load_any(bytes);
  REQUIRE(back.ok());
  CHECK(back->network.spec() == model.network.spec());
  CHECK(back->network.weight_hash() == model.network.weight_hash());
  CHECK(back->network.weight_hash() != test::small_model(6).network.weight_hash());
  CHECK(back->card == model.card);
  CHECK(exported(format, *back) == bytes);  // the same bytes again
}

TEST_CASE("formats: a graph with branches comes back, and as ONNX even without our notes", "[io]") {
  using namespace spec;
  const Network graph{"graph",
                      {1, 4, 4},
                      {{"conv1", Conv2d{.out = 3}},
                       {"relu1", ReLU{}},
                       {"conv2", Conv2d{.out = 3}},
                       {"add1", Add{}, {"relu1", "conv2", "relu1"}},
                       {"concat1", Concat{}, {"add1", "input"}},
                       {"flatten1", Flatten{}},
                       {"fc1", Linear{.out = 2}}}};
  const io::LoadedModel model{std::move(nn::Network::create(graph, 3)).value(), {}};
  const auto format = GENERATE(Export::torch, Export::onnx, Export::npz);
  const auto back = io::load_any(exported(format, model));
  REQUIRE(back.ok());
  CHECK(back->network.spec() == graph);
  CHECK(back->network.weight_hash() == model.network.weight_hash());
  if (format != Export::onnx) return;
  io::onnx::Model plain = io::onnx::decode(exported(format, model)).value();
  plain.metadata.clear();
  const auto lifted = io::load_any(io::onnx::encode(plain));
  REQUIRE(lifted.ok());
  CHECK(lifted->network.weight_hash() == model.network.weight_hash());
  REQUIRE(lifted->network.spec().layers.size() == graph.layers.size());
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const NamedLayer &seen = lifted->network.spec().layers[i], &wanted = graph.layers[i];
    CAPTURE(wanted.name);
    CHECK(seen.layer.index() == wanted.layer.index());
    CHECK(seen.name == wanted.name);
    CHECK(seen.from == wanted.from);
  }
}

TEST_CASE("formats: a network of every kind of layer comes back", "[io]") {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/parity/every_layer.json");
  const std::string json((std::istreambuf_iterator<char>(file)), {});
  const spec::Network spec = spec::network_from_json(json).value();
  std::set<std::size_t> kinds;
  for (const spec::NamedLayer& layer : spec.layers) kinds.insert(layer.layer.index());
  CHECK(kinds.size() == spec::catalogue().size());
  const io::LoadedModel model{std::move(nn::Network::create(spec, 3)).value(), {}};
  const auto format = GENERATE(Export::torch, Export::onnx, Export::npz);
  const auto back = io::load_any(exported(format, model));
  REQUIRE(back.ok());
  CHECK(back->network.spec() == spec);
  CHECK(back->network.weight_hash() == model.network.weight_hash());
  if (format != Export::onnx) return;
  io::onnx::Model plain = io::onnx::decode(exported(format, model)).value();
  plain.metadata.clear();
  const auto lifted = io::load_any(io::onnx::encode(plain));
  REQUIRE(lifted.ok());
  CHECK(lifted->network.weight_hash() == model.network.weight_hash());
  CHECK(std::ranges::equal(
      lifted->network.spec().layers, spec.layers, [](const auto& a, const auto& b) {
        return a.layer.index() == b.layer.index() && a.from.size() == b.from.size();
      }));
}

TEST_CASE("formats: each is recognised by its content, whatever its name", "[io]") {
  CHECK(io::recognise(exported(Export::safetensors)) == io::Format::safetensors);
  CHECK(io::recognise(exported(Export::torch)) == io::Format::torch);
  CHECK(io::recognise(exported(Export::onnx)) == io::Format::onnx);
  CHECK(io::recognise(exported(Export::npz)) == io::Format::npz);
  CHECK(io::recognise({}) == io::Format::unknown);
  const auto none = io::load_any(io::bytes_of("These are no weights."), "mine.pt");
  CHECK(none.problem().code == Code::bad_file);
  CHECK(none.problem().sentence.starts_with("mine.pt: "));
}

TEST_CASE("formats: truncated and edited files give a model or a sentence", "[io]") {
  const auto format = GENERATE(Export::torch, Export::onnx, Export::npz);
  CAPTURE(io::file_name(format));
  const io::Bytes whole = exported(format);
  // An ONNX file cut between fields lacks some of its notes; all else shows.
  test::for_each_truncation(whole, [&](std::span<const std::byte> bytes) {
    const auto model = io::load_any(bytes);
    CHECK((!model.ok() || format == Export::onnx));
  });
  int refused = 0;
  for (u32 seed = 0; seed < 1'000; ++seed) {
    CAPTURE(seed);
    const auto model = io::load_any(test::damaged(whole, seed));
    if (model.ok()) continue;
    ++refused;
    CHECK(model.problem().sentence.size() > 10);
  }
  CHECK(refused > 300);
}

TEST_CASE("formats: weights that are not finite are written to none", "[io]") {
  const auto format = GENERATE(Export::safetensors, Export::torch, Export::onnx, Export::npz);
  io::LoadedModel model = test::small_model();
  model.network.tensors()[0].value[3] = std::numeric_limits<f32>::infinity();
  const auto bytes = io::export_model(format, model, {});
  REQUIRE_FALSE(bytes.ok());
  CHECK(bytes.problem().sentence.find("conv.weight[3]") != std::string::npos);
}

TEST_CASE("torch: files of PyTorch's own writer are read, halves and strides too", "[io]") {
  const auto file = io::read_torch(test::seed_file("torch/foreign"));
  REQUIRE(file.ok());
  CHECK(file->tensors.size() == 8);
  const auto same = io::read_npz(test::seed_file("npz/compressed")).value();  // of the same network
  for (const char* name : {"conv.weight", "norm.running_var", "fc.weight", "fc.bias"})
    CHECK(tensor(*file, name) == tensor(same, name));
  const auto half = io::read_torch(test::seed_file("torch/half"));
  REQUIRE(half.ok());
  CHECK(tensor(*half, "fc.weight").values[0] != tensor(*file, "fc.weight").values[0]);
  CHECK(std::abs(tensor(*half, "fc.weight").values[0] - tensor(*file, "fc.weight").values[0]) <
        1e-3f);
}

TEST_CASE("torch: BatchNorm's counter is in the file", "[io]") {
  const io::Bytes bytes = exported(Export::torch);
  const auto zip = io::Zip::open(bytes).value();
  const auto tensors = io::read_state_dict(zip.read("model/data.pkl").value()).value();
  const auto at = std::ranges::find(tensors, "norm.num_batches_tracked", &io::PickledTensor::name);
  REQUIRE(at != tensors.end());
  CHECK(at->storage == "LongStorage");
  CHECK(zip.read("model/data/" + at->key).value() == io::Bytes(8));
}

TEST_CASE("torch: a pickle that asks for anything else is refused by name", "[io]") {
  const std::string_view evil =
      "\x80\x02"
      "cposix\nsystem\nX\x04\x00\x00\x00trueq\x00\x85R.";
  const auto read = io::read_state_dict(io::bytes_of({evil.data(), 33}));
  REQUIRE_FALSE(read.ok());
  CHECK(read.problem().sentence.find("posix.system") != std::string::npos);
  for (std::string_view pickle : {".", "\x80\x02.", "\x80\x02}.", "\x80\x02]).", "(((((", "N.",
                                  "}u.", "}q\x01j\x09\x09\x09\x09.", "\x80\x02\x8A\xFF."}) {
    CAPTURE(pickle);
    const auto other = io::read_state_dict(io::bytes_of(pickle));
    CHECK((!other.ok() || other->empty()));
  }
  // A list that holds itself.
  CHECK_FALSE(io::read_state_dict(io::bytes_of("]q\x01h\x01"
                                               "a."))
                  .ok());
}

TEST_CASE("torch: a view beyond its storage is refused", "[io]") {
  const io::Bytes whole = test::seed_file("torch/foreign");
  const auto zip = io::Zip::open(whole).value();
  std::vector<io::ZipEntry> entries;
  for (std::string_view name : zip.names()) {
    entries.push_back({std::string(name), zip.read(name).value()});
    if (name.ends_with("/data/0")) entries.back().data.resize(8);
  }
  const auto read = io::read_torch(io::write_zip(entries));
  REQUIRE_FALSE(read.ok());
  CHECK(read.problem().sentence.find("conv.weight") != std::string::npos);
}

TEST_CASE("onnx: a chain that another program wrote becomes a network", "[io]") {
  const auto file = io::read_onnx(test::seed_file("onnx/foreign"));
  REQUIRE(file.ok());
  const auto model = io::load_any(test::seed_file("onnx/foreign"));
  REQUIRE(model.ok());
  CHECK(model->network.spec().layers.size() == 4);
  CHECK(model->network.spec().layers[0].name == "conv");
  const auto same = io::read_npz(test::seed_file("npz/compressed")).value();
  CHECK(tensor(*file, "conv.weight") == tensor(same, "conv.weight"));
  CHECK(file->tensors[6].values == tensor(same, "fc.weight").values);  // stored transposed
}

TEST_CASE("onnx: a graph of every layer without our notes is the network that it was", "[io]") {
  const auto ours = io::load_any(test::seed_file("onnx/ours"));
  const auto lifted = io::load_any(test::seed_file("onnx/branches"));
  REQUIRE(ours.ok());
  REQUIRE(lifted.ok());
  CHECK(ours->network.spec().layers.size() == 23);
  CHECK(lifted->network.spec().layers.size() == 23);
  CHECK(lifted->network.weight_hash() == ours->network.weight_hash());
}

TEST_CASE("onnx: the ratio of a Dropout is an input, in older files an attribute", "[io]") {
  io::onnx::Model model = io::onnx::decode(exported(Export::onnx)).value();
  model.metadata.clear();
  const auto p = [&] {
    const auto read = io::load_any(io::onnx::encode(model));
    REQUIRE(read.ok());
    return std::get<spec::Dropout>(read->network.spec().layers[3].layer).p;
  };
  CHECK(p() == 0.25f);
  io::onnx::Node& drop = model.nodes[3];
  REQUIRE(drop.op == "Dropout");
  drop.inputs.resize(1);
  CHECK(p() == 0.5f);
  model.opset = 10;
  drop.attributes = {{.name = "ratio", .type = io::onnx::Type::real, .real = 0.125f}};
  CHECK(p() == 0.125f);
}

TEST_CASE("onnx: the operators of a GELU or SiLU are that layer, and no others are", "[io]") {
  using namespace spec;
  const auto kept = GENERATE(Layer(GELU{}), Layer(SiLU{}));
  CAPTURE(kept.index());
  const Network chain{
      "chain", {1, 2, 2}, {{"act", kept}, {"flatten", Flatten{}}, {"fc", Linear{.out = 2}}}};
  const io::LoadedModel model{std::move(nn::Network::create(chain, 3)).value(), {}};
  io::onnx::Model plain = io::onnx::decode(exported(Export::onnx, model)).value();
  plain.metadata.clear();
  const std::size_t last = std::holds_alternative<GELU>(kept) ? 4 : 1;  // of its operators
  const auto reads = [&](auto change) {
    io::onnx::Model changed = plain;
    change(changed);
    const auto read = io::load_any(io::onnx::encode(changed));
    return read.ok() && read->network.spec().layers[0].layer.index() == kept.index();
  };
  CHECK(reads([](auto&) {}));
  CHECK(reads([&](auto& m) { std::swap(m.nodes[last].inputs[0], m.nodes[last].inputs[1]); }));
  CHECK_FALSE(reads([&](auto& m) { m.nodes[last].inputs[1] = m.nodes[last].inputs[0]; }));
  CHECK_FALSE(reads([&](auto& m) { m.nodes[last].op = "Sub"; }));
  CHECK_FALSE(reads([&](auto& m) { m.nodes[last + 1].inputs[0] = m.nodes[0].outputs[0]; }));
  CHECK_FALSE(reads([&](auto& m) { m.nodes.erase(m.nodes.begin()); }));
  for (std::size_t i = 0; i < plain.initializers.size(); ++i) {
    if (!plain.initializers[i].dims.empty()) continue;  // a constant of GELU
    CAPTURE(plain.initializers[i].name);
    CHECK_FALSE(reads([&](auto& m) { m.initializers[i].values[0] *= 1.01f; }));
  }
}

TEST_CASE("onnx: a number of another type than its operator's is refused", "[io]") {
  const spec::Network leaky{"leaky",
                            {1, 2, 2},
                            {{"act", spec::LeakyReLU{.negative_slope = 0.5f}},
                             {"flatten", spec::Flatten{}},
                             {"fc", spec::Linear{.out = 2}}}};
  const io::LoadedModel model{std::move(nn::Network::create(leaky, 3)).value(), {}};
  io::onnx::Model plain = io::onnx::decode(exported(Export::onnx, model)).value();
  plain.metadata.clear();
  CHECK(io::read_onnx(io::onnx::encode(plain)).ok());
  plain.nodes[0].attributes = {{.name = "alpha", .type = io::onnx::Type::whole, .whole = 1}};
  CHECK_FALSE(io::read_onnx(io::onnx::encode(plain)).ok());
}

TEST_CASE("onnx: operators that are no layers, other files' data and changed graphs", "[io]") {
  const auto decoded = io::onnx::decode(exported(Export::onnx)).value();
  CHECK(decoded == io::onnx::decode(io::onnx::encode(decoded)).value());
  const auto says = [&](auto change) {
    io::onnx::Model model = decoded;
    change(model);
    const auto read = io::read_onnx(io::onnx::encode(model));
    return read.ok() ? std::string("ok") : read.problem().sentence;
  };
  CHECK(says([](auto& m) { m.nodes[2].op = "Cosh"; }).find("Cosh") != std::string::npos);
  CHECK(says([](auto& m) { m.nodes[2].inputs[0] = "x"; }).find("no operator before") !=
        std::string::npos);
  CHECK(says([](auto& m) { m.nodes.pop_back(); }) != "ok");
  CHECK(says([](auto& m) { m.opset = 3; }).find("opset 3") != std::string::npos);
  // A changed graph is read as what it is now, not as what its notes say.
  io::onnx::Model changed = decoded;
  changed.nodes[2].op = "Tanh";
  const auto model = io::load_any(io::onnx::encode(changed));
  REQUIRE(model.ok());
  CHECK(std::holds_alternative<spec::Tanh>(model->network.spec().layers[2].layer));
}

TEST_CASE("export: code names the layers, and the bundle is the lab's hand-in", "[io]") {
  const io::Bytes python = exported(Export::pytorch);
  CHECK(text_of(python).find("self.conv = nn.Conv2d(1, 2, kernel_size=3") !=
        std::string_view::npos);
  CHECK(text_of(exported(Export::numpy)).find("def classify(") != std::string_view::npos);
  CHECK(text_of(exported(Export::cpp)).find("inline float check()") != std::string_view::npos);
  CHECK(text_of(exported(Export::check)).find("golden_logits") != std::string_view::npos);
  CHECK(io::export_model(Export::bundle, test::small_model(), {}).problem().code ==
        Code::wrong_state);
  const io::LabPart lab{.program = {std::byte{1}},
                        .training_png = {std::byte{2}},
                        .classification_png = {std::byte{3}}};
  const io::Bytes bundle = io::export_model(Export::bundle, test::small_model(), {}, lab).value();
  const auto zip = io::Zip::open(bundle).value();
  CHECK(zip.names() == std::vector<std::string_view>{"numpy_nn.py", "numpy_nn_training.png",
                                                     "numpy_nn_classification.png",
                                                     "pytorch_cnn.py", "model.pt"});
  CHECK(zip.read("pytorch_cnn.py").value() == python);
  CHECK(io::load_any(zip.read("model.pt").value()).ok());
}

TEST_CASE("export: a network for large images goes into every format", "[io]") {
  using namespace spec;
  const Network large{"large",
                      {1, 256, 256},
                      {{"pool", MaxPool2d{.kernel = 15, .stride = 15}},
                       {"flatten", Flatten{}},
                       {"fc", Linear{.out = 2}}}};
  const io::LoadedModel model{std::move(nn::Network::create(large, 3)).value(), {}};
  const auto format =
      GENERATE(Export::safetensors, Export::half, Export::torch, Export::onnx, Export::npz);
  CAPTURE(io::file_name(format));
  const auto bytes = io::export_model(format, model, {});
  REQUIRE(bytes.ok());
  const auto back = io::load_any(*bytes);
  REQUIRE(back.ok());
  CHECK(back->network.spec() == large);
}

TEST_CASE("export: a layer whose name PyTorch's modules use is refused", "[io]") {
  spec::Network spec = test::small_spec();
  for (const char* name : {"type", "to_empty", "register_full_backward_pre_hook"}) {
    CAPTURE(name);
    spec.layers[2].name = name;
    const io::LoadedModel model{std::move(nn::Network::create(spec, 1)).value(), {}};
    const auto code = io::export_model(Export::pytorch, model, {});
    REQUIRE_FALSE(code.ok());
    CHECK(code.problem().code == Code::bad_spec);
  }
}

TEST_CASE("export: goldens are the first images given, or noise from a fixed seed", "[io]") {
  const io::LoadedModel model = test::small_model();
  std::vector<u8> pixels(17 * 12, 200);
  const io::Goldens given = io::make_goldens(model.network, pixels);
  CHECK(given.pixels == std::vector<u8>(16 * 12, 200));
  CHECK(given.logits.size() == 32);
  const io::Goldens noise = io::make_goldens(model.network, {});
  CHECK(noise.pixels != given.pixels);
  CHECK(noise.pixels == io::make_goldens(model.network, {}).pixels);
  CHECK(noise.logits != given.logits);
}

TEST_CASE("export: the goldens of a half file are those of the weights in it", "[io]") {
  const io::Bytes bytes = exported(Export::half);
  const auto back = io::load_any(bytes);
  REQUIRE(back.ok());
  const auto goldens = io::golden_notes(io::make_goldens(back->network, {}));
  const auto notes = io::read_safetensors(bytes).value().metadata;
  for (const auto& [key, value] : goldens) CHECK(notes.at(key) == value);
  const auto full = io::read_safetensors(exported(Export::safetensors)).value().metadata;
  CHECK(full.at("atelier.golden_logits") != notes.at("atelier.golden_logits"));
}
