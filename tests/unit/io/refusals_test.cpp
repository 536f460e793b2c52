// What files of weights may not hold: more than the caps, values that are none, names that flood a
// sentence, operators that train.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/bytes.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/onnx.hpp"
#include "engine/io/onnx_graph.hpp"
#include "engine/io/pickle.hpp"
#include "engine/io/protobuf.hpp"
#include "engine/io/safetensors.hpp"
#include "engine/io/torch_file.hpp"
#include "tests/support/small_model.hpp"

using namespace engine;
using io::ProtoWriter;

namespace {

bool holds(std::string_view sentence, std::string_view part) {
  return sentence.find(part) != std::string_view::npos;
}

// The problem's code, none when there is no problem.
template <class T>
Code code_of(const Result<T>& result) {
  return result.ok() ? Code::none : result.problem().code;
}

template <class T>
std::string sentence_of(const Result<T>& result) {
  return result.ok() ? "ok" : result.problem().sentence;
}

io::Bytes to_bytes(std::string_view text) {
  const auto bytes = io::bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

io::Bytes floats(const std::vector<f32>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return {bytes.begin(), bytes.end()};
}

// --- files of each format with one tensor

io::Bytes npz_of(std::vector<f32> values) {
  const u64 dims[] = {values.size()};
  return io::write_zip(
      std::vector<io::ZipEntry>{{"w.npy", io::write_npy(dims, std::span<const f32>(values))}});
}

io::PickledTensor pickled(std::vector<u64> dims) {
  return {.name = "w", .storage = "FloatStorage", .key = "0", .dims = std::move(dims)};
}

io::Bytes torch_of(io::Bytes pickle, const std::vector<f32>& values) {
  return io::write_zip(std::vector<io::ZipEntry>{{"model/data.pkl", std::move(pickle)},
                                                 {"model/data/0", floats(values)}});
}

io::onnx::Model onnx_model(std::vector<io::TensorData> tensors) {
  io::onnx::Model model;
  model.initializers = std::move(tensors);
  model.input = {"x", {2}};
  model.output = {"y", {2}};
  return model;
}

io::Bytes onnx_of(std::vector<f32> values) {
  const u64 count = values.size();
  return io::onnx::encode(onnx_model({{"w", {count}, std::move(values)}}));
}

// --- ONNX files by their field numbers, for what io::onnx::encode() cannot say

ProtoWriter value(const char* name) {  // f32 (N, 2)
  ProtoWriter dim, shape, tensor, type, to;
  dim.whole(1, 2);
  shape.message(1, dim);
  shape.message(1, dim);
  tensor.message(2, shape);
  type.message(1, tensor);
  to.text(1, name);
  to.message(2, type);
  return to;
}

io::Bytes onnx_file(const std::vector<ProtoWriter>& nodes,
                    const std::vector<ProtoWriter>& tensors) {
  ProtoWriter graph, opset, to;
  for (const ProtoWriter& node : nodes) graph.message(1, node);
  for (const ProtoWriter& tensor : tensors) graph.message(5, tensor);
  graph.message(11, value("x"));
  graph.message(12, value("y"));
  opset.whole(2, io::onnx::kOpset);
  to.whole(1, io::onnx::kIrVersion);
  to.message(7, graph);
  to.message(8, opset);
  return to.take();
}

ProtoWriter real_tensor(std::string_view name) {  // one f32
  ProtoWriter to;
  to.whole(2, 1);
  to.text(8, name);
  to.raw(9, floats({1}));
  return to;
}

// A bool: as raw data, or listed in int32_data.
ProtoWriter flag(std::string_view name, bool on, bool raw) {
  ProtoWriter to;
  to.whole(2, 9);
  if (!raw) to.whole(5, on ? 1 : 0);
  to.text(8, name);
  if (raw) to.raw(9, io::Bytes{std::byte(on ? 1 : 0)});
  return to;
}

// --- damage

// The archive, whose directory now says that this entry is deflated and holds `size` bytes.
io::Bytes claiming(io::Bytes archive, std::string_view entry, u64 size) {
  const std::string_view text(reinterpret_cast<const char*>(archive.data()), archive.size());
  const std::size_t at = text.rfind(entry) - 46;
  archive[at + 10] = std::byte{8};
  const u32 claimed = u32(size);
  std::memcpy(archive.data() + at + 24, &claimed, sizeof claimed);
  return archive;
}

}  // namespace

TEST_CASE("refusals: a value that is not finite is refused by tensor and index", "[io]") {
  for (const f32 bad : {std::numeric_limits<f32>::infinity(), -std::numeric_limits<f32>::infinity(),
                        std::numeric_limits<f32>::quiet_NaN()}) {
    CAPTURE(bad);
    const io::Bytes pickle = io::write_state_dict(std::vector{pickled({2})});
    for (const auto& file :
         {io::read_npz(npz_of({1, bad})), io::read_torch(torch_of(pickle, {1, bad})),
          io::read_onnx(onnx_of({1, bad}))}) {
      CHECK(code_of(file) == Code::bad_file);
      CHECK(holds(sentence_of(file), "w[1]"));
    }
  }
  CHECK(io::read_npz(npz_of({1, 2})).ok());
  CHECK(io::onnx::decode(onnx_of({1, 2})).ok());
}

TEST_CASE("refusals: an entry above the cap of its use is not even decompressed", "[io]") {
  const io::Bytes five = io::write_zip(std::vector<io::ZipEntry>{{"a", to_bytes("hello")}});
  const auto zip = io::Zip::open(five).value();
  CHECK(zip.read("a", 5).ok());
  CHECK(zip.read("a", 4).problem().code == Code::too_large);
  const auto notes = [](std::size_t bytes) {
    return std::vector<io::ZipEntry>{
        {"atelier.json", to_bytes("{}" + std::string(bytes - 2, ' '))}};
  };
  CHECK(io::read_npz(io::write_zip(notes(io::kMaxWeightHeader))).ok());
  CHECK(code_of(io::read_npz(io::write_zip(notes(io::kMaxWeightHeader + 1)))) == Code::too_large);
  const io::Bytes torch = torch_of(io::write_state_dict(std::vector{pickled({2})}), {1, 2});
  const auto npz = io::read_npz(claiming(npz_of({1, 2}), "w.npy", io::kMaxArrayBytes + 1));
  CHECK(code_of(npz) == Code::too_large);
  CHECK(holds(sentence_of(npz), "w.npy"));
  CHECK(code_of(io::read_torch(claiming(torch, "model/data/0", io::kMaxArrayBytes + 1))) ==
        Code::too_large);
  CHECK(code_of(io::read_torch(claiming(torch, "model/data.pkl", io::kMaxPickleBytes + 1))) ==
        Code::too_large);
  CHECK(io::read_torch(torch).ok());
}

TEST_CASE("refusals: an entry that holds more or less than it says is damaged", "[io]") {
  const auto packed =
      io::Bytes{std::byte{0x4B}, std::byte{0x84}, std::byte{0x03}, std::byte{0}};  // ten bytes 'a'
  const io::Bytes archive = io::write_zip(std::vector<io::ZipEntry>{{"entry", packed}});
  for (u64 claimed : {u64{0}, u64{9}, u64{11}, u64{5'000}}) {
    CAPTURE(claimed);
    const io::Bytes false_size = claiming(archive, "entry", claimed);
    CHECK(code_of(io::Zip::open(false_size).value().read("entry")) == Code::bad_file);
  }
}

TEST_CASE("refusals: a pickle's nodes, names and dimensions have caps", "[io]") {
  const auto nodes = [](std::size_t count) {  // each is put on the stack and dropped
    std::string pickle = "\x80\x02";
    for (std::size_t i = 0; i < count; ++i) pickle += "N0";
    return io::read_state_dict(io::bytes_of(pickle + "}."));
  };
  CHECK(nodes(39'999).ok());
  CHECK(code_of(nodes(40'000)) == Code::too_large);

  const auto read = [](const io::PickledTensor& tensor) {
    return io::read_state_dict(io::write_state_dict(std::vector{tensor}));
  };
  io::PickledTensor tensor = pickled({2});
  tensor.key = std::string(64, '1');
  CHECK(read(tensor).ok());
  tensor.key += '1';
  CHECK(holds(sentence_of(read(tensor)), "65 bytes"));
  tensor = pickled({2});
  tensor.storage = std::string(57, 'A') + "Storage";
  CHECK(read(tensor).ok());
  tensor.storage = 'A' + tensor.storage;
  CHECK(holds(sentence_of(read(tensor)), "torch.AAA"));
  CHECK(read(pickled(std::vector<u64>(8, 1))).ok());
  CHECK(code_of(read(pickled(std::vector<u64>(9, 1)))) == Code::bad_file);

  std::vector<io::PickledTensor> many(io::kMaxWeightTensors, pickled({1, 1, 1, 1}));
  for (std::size_t i = 0; i < many.size(); ++i) many[i].name = std::to_string(i);
  CHECK(io::read_state_dict(io::write_state_dict(many)).ok());
  many.push_back(pickled({1}));
  CHECK(code_of(io::read_state_dict(io::write_state_dict(many))) == Code::too_large);
}

TEST_CASE("refusals: no dimension is above the cap, even where another is 0", "[io]") {
  const auto code = [](std::vector<u64> dims) { return code_of(io::count_values("w", dims)); };
  CHECK(io::count_values("w", std::vector<u64>{0, io::kMaxWeightValues}).value() == 0);
  for (const u64 much : {io::kMaxWeightValues + 1, u64(1) << 40, ~u64{0}}) {
    CAPTURE(much);
    CHECK(code({0, much}) == Code::too_large);
    CHECK(code({much, 0}) == Code::too_large);
  }
  io::WeightFile file;
  file.tensors.push_back({"w", {0, u64(1) << 40}, {}});
  CHECK(code_of(io::write_torch(file)) == Code::too_large);
}

TEST_CASE("refusals: a view of more values than its storage holds", "[io]") {
  const io::Bytes plain = io::write_state_dict(std::vector{pickled({17'000'000, 1})});
  std::string pickle(reinterpret_cast<const char*>(plain.data()), plain.size());
  const std::string_view strides("(J\x01\0\0\0J\x01\0\0\0t", 12);
  const std::size_t at = pickle.find(strides);
  REQUIRE(at != std::string::npos);
  pickle[at + 2] = pickle[at + 7] = '\0';  // every value is the first one
  const auto file = io::read_torch(torch_of(to_bytes(pickle), {1}));
  CHECK(code_of(file) == Code::bad_file);
  CHECK(holds(sentence_of(file), "expanded"));
  CHECK(holds(sentence_of(file), "17,000,000"));
}

TEST_CASE("refusals: an ONNX file's operators, tensors and dimensions have caps", "[io]") {
  const auto decode = [](std::size_t nodes, std::size_t tensors, std::vector<u64> dims,
                         std::size_t values) {
    io::onnx::Model model = onnx_model({});
    for (std::size_t i = 0; i < nodes; ++i) model.nodes.push_back({"Relu", "", {"x"}, {"y"}, {}});
    for (std::size_t i = 0; i < tensors; ++i)
      model.initializers.push_back({std::to_string(i), dims, std::vector<f32>(values)});
    return code_of(io::onnx::decode(io::onnx::encode(model)));
  };
  CHECK(decode(1024, 0, {}, 1) == Code::none);
  CHECK(decode(1025, 0, {}, 1) == Code::too_large);
  CHECK(decode(0, 1024, {}, 1) == Code::none);
  CHECK(decode(0, 1025, {}, 1) == Code::too_large);
  CHECK(decode(0, 1, std::vector<u64>(8, 1), 1) == Code::none);
  CHECK(decode(0, 1, std::vector<u64>(9, 1), 1) == Code::bad_file);
  CHECK(decode(0, 1, {u64{1} << 32, u64{1} << 32}, 0) == Code::too_large);
  CHECK(decode(0, 1, {~u64{0}}, 0) == Code::too_large);
}

TEST_CASE("refusals: ONNX weights in another file are not looked for", "[io]") {
  ProtoWriter entry, located = real_tensor("w"), listed = real_tensor("w");
  entry.text(1, "location");
  entry.text(2, "/etc/passwd");
  located.whole(14, 1);  // data_location: EXTERNAL
  listed.message(13, entry);
  for (const ProtoWriter& tensor : {located, listed}) {
    const auto model = io::onnx::decode(onnx_file({}, {tensor}));
    CHECK(code_of(model) == Code::bad_file);
    CHECK(holds(sentence_of(model), "in another file"));
  }
  ProtoWriter here = real_tensor("w");
  here.whole(14, 0);
  CHECK(io::onnx::decode(onnx_file({}, {here})).ok());
}

TEST_CASE("refusals: a Constant among ONNX's operators is judged as any other tensor", "[io]") {
  const auto read = [](const ProtoWriter& tensor) {  // as Dropout's training_mode
    ProtoWriter attribute, constant, dropout;
    attribute.text(1, "value");
    attribute.message(5, tensor);
    attribute.whole(20, 4);
    constant.text(2, "training");
    constant.text(4, "Constant");
    constant.message(5, attribute);
    for (const char* input : {"x", "", "training"}) dropout.text(1, input);
    dropout.text(2, "y");
    dropout.text(4, "Dropout");
    return sentence_of(io::read_onnx(onnx_file({constant, dropout}, {})));
  };
  ProtoWriter elsewhere = flag("w", false, true), infinite;
  elsewhere.whole(14, 1);
  infinite.whole(2, 1);
  infinite.raw(9, floats({std::numeric_limits<f32>::infinity()}));
  CHECK(read(flag("w", false, true)) == "ok");
  CHECK(holds(read(flag("w", true, true)), "training mode"));
  CHECK(holds(read(elsewhere), "in another file"));
  CHECK(holds(read(infinite), "[0] is"));
}

TEST_CASE("refusals: ONNX's Dropout may not be in training mode", "[io]") {
  struct Case {
    std::vector<std::string> inputs;
    bool good;
  };
  const std::vector<Case> cases{{{"x"}, true},
                                {{"x", ""}, true},
                                {{"x", "", ""}, true},
                                {{"x", "", "off"}, true},
                                {{"x", "", "off listed"}, true},
                                {{"x", "", "on"}, false},
                                {{"x", "", "on listed"}, false},
                                {{"x", "", "computed"}, false}};
  const std::vector<ProtoWriter> flags{flag("off", false, true), flag("off listed", false, false),
                                       flag("on", true, true), flag("on listed", true, false)};
  for (const Case& c : cases) {
    CAPTURE(c.inputs);
    ProtoWriter node;
    for (const std::string& input : c.inputs) node.text(1, input);
    node.text(2, "y");
    node.text(4, "Dropout");
    const auto file = io::read_onnx(onnx_file({node}, flags));
    CHECK(file.ok() == c.good);
    CHECK((file.ok() || holds(sentence_of(file), "training mode")));
  }
}

TEST_CASE("refusals: sentences quote no more of a name than its beginning, without controls",
          "[io]") {
  const std::string name = "\x1B[2J\n" + std::string(4'000, 'n'),
                    json = R"(\u001b)" + name.substr(5);
  const auto safetensors = [](const std::string& header) {
    io::Writer to;
    to.number(u64(header.size()));
    to.text(header);
    return io::read_safetensors(to.bytes()).problem();
  };
  const auto onnx = [](io::onnx::Model model) {
    return io::read_onnx(io::onnx::encode(model)).problem();
  };
  const auto torch = [&](io::PickledTensor tensor) {
    return io::read_torch(torch_of(io::write_state_dict(std::vector{std::move(tensor)}), {1}));
  };
  io::onnx::Model operators = onnx_model({});
  operators.nodes = {{name, name, {"x"}, {"y"}, {}}};
  io::PickledTensor tensor = pickled({1});
  tensor.name = name;
  tensor.storage = "LongStorage";
  const io::LoadedModel model = test::small_model();
  io::WeightFile more = io::weights_of(model.network, {}).value();
  more.tensors.push_back({name, {1}, {0}});
  const std::vector<Problem> problems{
      safetensors("{\"" + json + "\":{}}"),
      safetensors("{\"" + json + R"(":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}})"),
      safetensors("{\"" + json + R"(":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}})"),
      safetensors("{\"" + json + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}})"),
      safetensors("{\"__metadata__\":{\"" + json + "\":1}}"),
      safetensors("{\"" + json + "\":1,\"" + json + "\":1}"),
      io::read_npz(io::write_zip(std::vector<io::ZipEntry>{{name, {}}})).problem(),
      io::read_npz(io::write_zip(std::vector<io::ZipEntry>{{name + ".npy", {}}})).problem(),
      io::read_notes(io::bytes_of("{\"" + json + "\":1}")).problem(),
      torch(tensor).problem(),
      onnx(operators),
      onnx(onnx_model({{name, {2}, {1}}})),
      onnx(onnx_model({{name, {1}, {std::numeric_limits<f32>::infinity()}}})),
      io::model_of(more).problem()};
  for (const Problem& problem : problems) {
    CAPTURE(problem.sentence);
    CHECK(holds(problem.sentence, "nnn"));
    CHECK(problem.sentence.size() < 400);
    CHECK(problem.sentence.find_first_of("\x1B\n") == std::string::npos);
  }
}
