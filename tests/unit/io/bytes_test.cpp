#include "engine/io/bytes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace engine;

TEST_CASE("bytes: numbers and texts come back as they were written", "[io]") {
  io::Writer writer;
  writer.number(u8{0xAB});
  writer.number(u16{0x1234});
  writer.number(u32{0xDEADBEEF});
  writer.number(~u64{0} - 1);
  writer.number(-1.5f);
  writer.text("text");
  const std::size_t unpadded = writer.size();
  writer.pad(8, std::byte{7});
  CHECK(unpadded == 23);
  CHECK(writer.size() == 24);
  const std::vector<std::byte> bytes = writer.take();
  CHECK(bytes[1] == std::byte{0x34});  // little-endian
  io::Reader reader(bytes);
  CHECK(reader.number<u8>() == 0xAB);
  CHECK(reader.number<u16>() == 0x1234);
  CHECK(reader.number<u32>() == 0xDEADBEEF);
  CHECK(reader.number<u64>() == ~u64{0} - 1);
  CHECK(reader.number<f32>() == -1.5f);
  CHECK(reader.text(4) == "text");
  CHECK(reader.left() == 1);
  CHECK(reader.number<u8>() == 7);
  CHECK(reader.ok());
}

TEST_CASE("bytes: reading past the end gives zeros and stays failed", "[io]") {
  const std::vector<std::byte> bytes(5, std::byte{1});
  io::Reader reader(bytes);
  reader.number<u32>();
  CHECK(reader.number<u32>() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.number<u8>() == 0);  // though one byte is left
  CHECK(reader.take(0).empty());
  CHECK_FALSE(reader.ok());
  io::Reader huge(bytes);
  CHECK(huge.take(~u64{0}).empty());
  CHECK_FALSE(huge.ok());
  io::Reader nothing({});
  CHECK(nothing.take(0).empty());
  CHECK(nothing.ok());
  CHECK(nothing.text(1).empty());
  CHECK_FALSE(nothing.ok());
}
