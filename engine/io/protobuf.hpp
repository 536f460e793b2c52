// The wire format of protocol buffers: numbered fields of four kinds. Enough for ONNX.
//
// Reading is total: a field that does not fit ends the reading, and ok() turns false for good.
// Groups, which nobody uses any more, are refused.
#pragma once
#include <bit>
#include <span>
#include <string_view>

#include "engine/io/bytes.hpp"

namespace engine::io {

class ProtoWriter {
 public:
  void whole(u32 field, std::int64_t value) {
    tag(field, 0);
    varint(u64(value));
  }
  void real(u32 field, f32 value) {
    tag(field, 5);
    to_.number(value);
  }
  void raw(u32 field, std::span<const std::byte> bytes) {
    tag(field, 2);
    varint(bytes.size());
    to_.raw(bytes);
  }
  void text(u32 field, std::string_view text) { raw(field, bytes_of(text)); }
  void message(u32 field, const ProtoWriter& message) { raw(field, message.to_.bytes()); }
  std::vector<std::byte> take() { return to_.take(); }

 private:
  void tag(u32 field, u32 kind) { varint(u64(field) << 3 | kind); }
  void varint(u64 value) {
    for (; value >= 0x80; value >>= 7) to_.number(u8(value | 0x80));
    to_.number(u8(value));
  }

  Writer to_;
};

struct ProtoField {
  u32 number = 0;
  u32 kind = 0;                      // 0 varint, 1 eight bytes, 2 bytes, 5 four bytes
  u64 value = 0;                     // of kinds 0, 1 and 5: their bits
  std::span<const std::byte> bytes;  // of kind 2

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::int64_t whole() const { return std::int64_t(value); }
  f32 real() const { return std::bit_cast<f32>(u32(value)); }
};

class ProtoReader {
 public:
  explicit ProtoReader(std::span<const std::byte> bytes) : reader_(bytes) {}

  // The next field; false at the end or when the rest is damaged.
  bool next(ProtoField& field) {
    if (!ok() || reader_.left() == 0) return false;
    const u64 tag = varint();
    field = {.number = u32(tag >> 3), .kind = u32(tag & 7), .value = 0, .bytes = {}};
    switch (field.kind) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.value = reader_.number<u64>();
        break;
      case 2:
        field.bytes = reader_.take(varint());
        break;
      case 5:
        field.value = reader_.number<u32>();
        break;
      default:
        ok_ = false;
    }
    ok_ = ok_ && tag >> 3 >= 1 && tag >> 32 == 0;
    return ok();
  }
  // A number alone, as packed repeated fields hold them.
  u64 varint() {
    u64 value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const u8 byte = reader_.number<u8>();
      value |= u64(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  bool at_end() const { return reader_.left() == 0; }
  bool ok() const { return ok_ && reader_.ok(); }

 private:
  Reader reader_;
  bool ok_ = true;
};

}  // namespace engine::io
