#include "engine/io/safetensors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/random.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/half.hpp"

using namespace engine;

namespace {

std::vector<std::byte> file_of(const std::string& header, std::size_t data_bytes) {
  io::Writer writer;
  writer.number(u64(header.size()));
  writer.text(header);
  for (std::size_t i = 0; i < data_bytes; ++i) writer.number(u8{0});
  return writer.take();
}

io::WeightFile sample() {
  io::WeightFile file;
  file.metadata = {{"a", "text with \"quotes\" and \n"}, {"z", ""}};
  file.tensors = {{"fc.weight", {2, 3}, {1, -2, 0.5f, 1e-30f, 3.25f, -0.0f}},
                  {"scalar", {}, {7}},
                  {"none", {3, 0}, {}},
                  {"fc.bias", {3}, {1, 2, 3}}};
  return file;
}

}  // namespace

TEST_CASE("safetensors: a file comes back as it was, to the bit", "[io]") {
  const io::WeightFile file = sample();
  const auto bytes = io::write_safetensors(file).value();
  const auto back = io::read_safetensors(bytes);
  REQUIRE(back.ok());
  CHECK(back->metadata == file.metadata);
  REQUIRE(back->tensors.size() == 4);
  for (const io::TensorData& tensor : file.tensors) {
    CAPTURE(tensor.name);
    bool found = false;
    for (const io::TensorData& read : back->tensors) found = found || read == tensor;
    CHECK(found);
  }
  CHECK(std::signbit(back->tensors[0].values[5]));
}

TEST_CASE("safetensors: the bytes are those of the format", "[io]") {
  io::WeightFile file;
  file.metadata = {{"k", "v"}};
  file.tensors = {{"w", {2, 1}, {1, 2}}, {"b", {1}, {3}}};
  const auto bytes = io::write_safetensors(file).value();
  io::Reader reader(bytes);
  const u64 size = reader.number<u64>();
  CHECK(size % 8 == 0);
  CHECK(reader.text(size) ==
        R"({"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
        R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})"
        " ");
  CHECK(reader.number<f32>() == 1);
  CHECK(reader.number<f32>() == 2);
  CHECK(reader.number<f32>() == 3);
  CHECK(reader.left() == 0);
}

TEST_CASE("safetensors: half precision is half the size and rounds each value", "[io]") {
  io::WeightFile file;
  file.tensors = {{"w", {1000}, std::vector<f32>(1000)}};
  Rng rng(3, Purpose::probe);
  for (f32& value : file.tensors[0].values) value = rng.normal();
  const auto full = io::write_safetensors(file).value(),
             half = io::write_safetensors(file, io::Precision::half).value();
  CHECK(full.size() - half.size() == 2000);
  const auto back = io::read_safetensors(half).value();
  for (std::size_t i = 0; i < 1000; ++i) {
    CHECK(back.tensors[0].values[i] == io::from_half(io::to_half(file.tensors[0].values[i])));
  }
}

TEST_CASE("safetensors: bfloat16 is read, PyTorch's counters are skipped", "[io]") {
  const std::string header =
      R"({"norm.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
      R"("w":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}})";
  auto bytes = file_of(header, 12);
  bytes[bytes.size() - 1] = std::byte{0xC0};
  bytes[bytes.size() - 2] = std::byte{0x49};
  const auto file = io::read_safetensors(bytes);
  REQUIRE(file.ok());
  REQUIRE(file->tensors.size() == 1);
  CHECK(file->tensors[0].values == std::vector<f32>{0, -3.140625f});
}

TEST_CASE("safetensors: a value that is not finite is refused by tensor and index", "[io]") {
  const f32 value =
      GENERATE(std::numeric_limits<f32>::infinity(), -std::numeric_limits<f32>::infinity(),
               std::numeric_limits<f32>::quiet_NaN());
  CAPTURE(value);
  io::WeightFile file = sample();
  auto bytes = io::write_safetensors(file).value();
  file.tensors[3].values[1] = value;
  const auto written = io::write_safetensors(file);
  REQUIRE_FALSE(written.ok());
  CHECK(written.problem().code == Code::bad_file);
  CHECK(written.problem().sentence.find("fc.bias[1]") != std::string::npos);
  std::memcpy(bytes.data() + bytes.size() - 8, &value, 4);  // fc.bias lies last
  const auto read = io::read_safetensors(bytes);
  REQUIRE_FALSE(read.ok());
  CHECK(read.problem().code == Code::bad_file);
  CHECK(read.problem().sentence.find("fc.bias[1]") != std::string::npos);
}

TEST_CASE("safetensors: what cannot be a file is not written", "[io]") {
  const auto refuses = [](io::WeightFile file, Code code,
                          io::Precision precision = io::Precision::full) {
    const auto bytes = io::write_safetensors(file, precision);
    REQUIRE_FALSE(bytes.ok());
    CHECK(bytes.problem().code == code);
  };
  io::WeightFile file = sample();
  file.tensors[0].dims = {2, 4};
  refuses(file, Code::bad_file);
  file = sample();
  file.tensors[1].name = "fc.weight";
  refuses(file, Code::bad_file);
  file = sample();
  file.tensors[1].name = "__metadata__";
  refuses(file, Code::bad_file);
  file = sample();
  file.tensors[0].values[0] = 65'520;
  refuses(file, Code::bad_file, io::Precision::half);
  CHECK(io::write_safetensors(file).ok());
  file.tensors[0].dims = {u64{1} << 33, u64{1} << 33};
  refuses(file, Code::too_large);
  file = sample();
  file.metadata["long"] = std::string(io::kMaxWeightHeader, 'x');
  refuses(file, Code::too_large);
}

TEST_CASE("safetensors: a damaged file is refused", "[io]") {
  struct Case {
    const char* what;
    std::string header;
    std::size_t data;
    Code code;
  };
  const std::string w = R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const std::vector<Case> cases{
      {"no header", "", 0, Code::bad_file},
      {"a list", "[]", 0, Code::bad_file},
      {"a space first", " {}", 0, Code::bad_file},
      {"not JSON", "{", 0, Code::bad_file},
      {"bytes left over", "{}", 1, Code::bad_file},
      {"truncated", "{" + w + "}", 7, Code::bad_file},
      {"one byte too many", "{" + w + "}", 9, Code::bad_file},
      {"twice the same name", "{" + w + "," + w + "}", 8, Code::bad_file},
      {"overlap", "{" + w + R"(,"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8,
       Code::bad_file},
      {"same place", "{" + w + R"(,"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8,
       Code::bad_file},
      {"hole", "{" + w + R"(,"v":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})", 16,
       Code::bad_file},
      {"does not begin at 0", R"({"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8,
       Code::bad_file},
      {"backwards", R"({"v":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, Code::bad_file},
      {"shape and place differ", R"({"v":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8,
       Code::bad_file},
      {"product wraps to 0",
       R"({"v":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
       Code::too_large},
      {"too many values", R"({"v":{"dtype":"F32","shape":[17000001],"data_offsets":[0,0]}})", 0,
       Code::too_large},
      {"negative shape", R"({"v":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4,
       Code::bad_file},
      {"fraction in the shape", R"({"v":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4,
       Code::bad_file},
      {"nine dimensions",
       R"({"v":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", 4,
       Code::bad_file},
      {"three offsets", R"({"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 4,
       Code::bad_file},
      {"unknown type", R"({"v":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8,
       Code::bad_file},
      {"type is a number", R"({"v":{"dtype":32,"shape":[1],"data_offsets":[0,4]}})", 4,
       Code::bad_file},
      {"no type", R"({"v":{"shape":[1],"data_offsets":[0,4]}})", 4, Code::bad_file},
      {"one member more", R"({"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4,
       Code::bad_file},
      {"tensor is a list", R"({"v":[]})", 0, Code::bad_file},
      {"metadata is a list", R"({"__metadata__":[]})", 0, Code::bad_file},
      {"metadata holds a number", R"({"__metadata__":{"a":1}})", 0, Code::bad_file},
      {"a counter elsewhere", R"({"counter":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})", 8,
       Code::bad_file},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const auto file = io::read_safetensors(file_of(c.header, c.data));
    REQUIRE_FALSE(file.ok());
    CAPTURE(file.problem().sentence);
    CHECK(file.problem().code == c.code);
  }
  CHECK(io::read_safetensors(file_of("{" + w + "}", 8)).ok());
  CHECK(io::read_safetensors(file_of("{}", 0)).ok());
}

TEST_CASE("safetensors: a header that promises too much is refused before anything is read",
          "[io]") {
  io::Writer writer;
  writer.number(~u64{0});
  writer.text("{}");
  CHECK(io::read_safetensors(writer.bytes()).problem().code == Code::too_large);
  CHECK(io::read_safetensors({}).problem().code == Code::bad_file);
  CHECK(io::read_safetensors(io::bytes_of("PK\x03\x04")).problem().code == Code::bad_file);
}
