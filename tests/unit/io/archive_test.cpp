// Zip archives, deflate streams and NumPy arrays.
#include <catch2/catch_test_macros.hpp>
#include <string_view>

#include "engine/io/bytes.hpp"
#include "engine/io/crc32.hpp"
#include "engine/io/inflate.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/zip.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/small_model.hpp"

using namespace engine;

namespace {

io::Bytes text_bytes(std::string_view text) {
  const auto bytes = io::bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

io::Bytes raw(std::initializer_list<int> values) {
  io::Bytes bytes;
  for (int v : values) bytes.push_back(std::byte(v));
  return bytes;
}

std::vector<io::ZipEntry> entries() {
  return {{"a.txt", text_bytes("hello")}, {"folder/b", {}}, {"c", text_bytes("\x01\x02\x03")}};
}

}  // namespace

TEST_CASE("crc32: the check value of the polynomial", "[io]") {
  CHECK(io::crc32(io::bytes_of("123456789")) == 0xCBF43926u);
  CHECK(io::crc32({}) == 0);
}

TEST_CASE("inflate: stored, fixed and dynamic blocks", "[io]") {
  // What zlib gives for "hello" stored, and for "aaaaaaaaaa" at level 9.
  const auto stored = raw({0x01, 0x05, 0x00, 0xFA, 0xFF, 'h', 'e', 'l', 'l', 'o'});
  CHECK(io::inflate(stored, 5).value() == text_bytes("hello"));
  const auto fixed = raw({0x4B, 0x84, 0x03, 0x00});
  CHECK(io::inflate(fixed, 10).value() == text_bytes("aaaaaaaaaa"));
  // NumPy's compressed archive: dynamic codes over real weights, judged by its CRCs and values.
  const auto file = io::read_npz(test::seed_file("npz/compressed"));
  REQUIRE(file.ok());
  CHECK(file->tensors.size() == 8);
}

TEST_CASE("inflate: wrong sizes, truncated and endless streams are refused", "[io]") {
  const auto fixed = raw({0x4B, 0x84, 0x03, 0x00});
  for (u64 size : {u64{0}, u64{9}, u64{11}, u64{4'000'000'000}, ~u64{0}})
    CHECK(io::inflate(fixed, size).problem().code == Code::bad_file);
  test::for_each_truncation(fixed, [](auto bytes) { CHECK_FALSE(io::inflate(bytes, 10).ok()); });
  CHECK_FALSE(io::inflate(raw({0x4B, 0x84, 0x03, 0x00, 0x00}), 10).ok());  // a byte too many
  CHECK_FALSE(io::inflate(raw({0x07}), 0).ok());                           // no such block
}

TEST_CASE("zip: what is written is read, at aligned places", "[io]") {
  for (std::size_t alignment : {1u, 8u, 64u}) {
    CAPTURE(alignment);
    const io::Bytes bytes = io::write_zip(entries(), alignment);
    const auto zip = io::Zip::open(bytes);
    REQUIRE(zip.ok());
    CHECK(zip->names() == std::vector<std::string_view>{"a.txt", "folder/b", "c"});
    for (const io::ZipEntry& entry : entries()) CHECK(zip->read(entry.name).value() == entry.data);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    CHECK(text.find("hello") % alignment == 0);
    CHECK(zip->read("d").problem().code == Code::not_found);
  }
  CHECK(io::Zip::open(io::write_zip({})).value().names().empty());
}

TEST_CASE("zip: damage is noticed", "[io]") {
  const io::Bytes whole = io::write_zip(entries(), 64);
  test::for_each_truncation(whole, [](auto bytes) { CHECK_FALSE(io::Zip::open(bytes).ok()); });
  io::Bytes changed = whole;
  const std::string_view text(reinterpret_cast<const char*>(whole.data()), whole.size());
  changed[text.find("hello")] ^= std::byte{1};
  CHECK(io::Zip::open(changed).value().read("a.txt").problem().code == Code::bad_file);
  int refused = 0;
  for (u32 seed = 0; seed < 2'000; ++seed) {
    const io::Bytes bytes = test::damaged(whole, seed);
    const auto zip = io::Zip::open(bytes);
    if (!zip.ok() || !zip->read("a.txt").ok()) ++refused;
  }
  CHECK(refused > 1'000);
}

TEST_CASE("zip: a claim of gigabytes in a small file allocates nothing", "[io]") {
  io::Bytes bytes =
      io::write_zip(std::vector<io::ZipEntry>{{"big", raw({0x4B, 0x84, 0x03, 0x00})}});
  const std::size_t directory = 30 + 3 + 4;
  bytes[directory + 10] = std::byte{8};                                          // deflated
  for (std::size_t i = 24; i < 28; ++i) bytes[directory + i] = std::byte{0xF0};  // its size
  CHECK(io::Zip::open(bytes).problem().code == Code::too_large);
  bytes[directory + 27] = std::byte{0x0F};  // 250 MB: below the cap, above what 4 bytes can hold
  CHECK(io::Zip::open(bytes).value().read("big").problem().code == Code::bad_file);
}

TEST_CASE("npy: arrays round trip, in either order and any real type", "[io]") {
  const std::vector<u64> dims{2, 3};
  const std::vector<f32> values{1, 2, 3, 4, 5, 6};
  const auto back = io::read_npy(io::write_npy(dims, values), "array");
  REQUIRE(back.ok());
  CHECK(*back == io::TensorData{"array", dims, values});
  CHECK(io::read_npy(io::write_npy({}, values), "array").problem().code == Code::bad_file);
  CHECK(io::read_npy(test::seed_file("npz/array"), "array").value().values ==
        std::vector<f32>{0, 1, 2, 3, 4, 5});  // written by NumPy
  const auto stored = io::read_npz(test::seed_file("npz/stored"));
  REQUIRE(stored.ok());
  CHECK(stored->tensors[0] == io::TensorData{"half", {2, 3}, {0, 1, 2, 3, 4, 5}});
  CHECK(stored->tensors[1] == io::TensorData{"double", {}, {1.5f}});
}

TEST_CASE("npy: headers that are no plain array's are refused", "[io]") {
  const auto with = [](std::string_view header, std::size_t values) {
    io::Writer to;
    to.text("\x93NUMPY");
    to.number(u16{1});
    to.number(u16(header.size()));
    to.text(header);
    for (std::size_t i = 0; i < values; ++i) to.number(f32{1});
    return to.take();
  };
  CHECK(io::read_npy(with("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}\n", 2), "a")
            .ok());
  for (const char* header :
       {"", "{}", "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"}) {
    CAPTURE(header);
    const auto array = io::read_npy(with(header, 2), "a");
    REQUIRE_FALSE(array.ok());
    CHECK((array.problem().code == Code::bad_file || array.problem().code == Code::too_large));
  }
}
