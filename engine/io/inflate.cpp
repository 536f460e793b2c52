#include "engine/io/inflate.hpp"

#include <array>

namespace engine::io {
namespace {

constexpr int kLongestCode = 15;
constexpr u64 kBestRatio = 1032;  // 258 bytes from two bits at best

Problem damaged() {
  return {Code::bad_file, "Compressed data in the file is damaged. Download or save it again."};
}

// Bits from the least significant on. Past the end it gives zeros and ok() turns false.
class Bits {
 public:
  explicit Bits(std::span<const std::byte> bytes) : bytes_(bytes) {}

  u32 take(int count) {
    while (held_ < count) {
      if (at_ == bytes_.size()) return ok_ = false, 0;
      bits_ |= u32(bytes_[at_++]) << held_;
      held_ += 8;
    }
    const u32 value = bits_ & ((1u << count) - 1);
    bits_ >>= count;
    held_ -= count;
    return value;
  }
  void drop_to_byte() { bits_ = 0, held_ = 0; }  // fewer than 8 bits are held between symbols
  bool at_end() const { return at_ == bytes_.size(); }
  bool ok() const { return ok_; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  u32 bits_ = 0;
  int held_ = 0;
  bool ok_ = true;
};

// A canonical Huffman code: how many codes have each length, and the symbols in order of their
// codes.
class Codes {
 public:
  // False when the lengths claim more codes than there are. An incomplete code is accepted; a code
  // that is not in use then decodes to nothing.
  bool build(std::span<const u8> lengths) {
    count_ = {};
    for (u8 length : lengths) ++count_[length];
    int left = 1;
    for (int length = 1; length <= kLongestCode; ++length) {
      left = 2 * left - count_[std::size_t(length)];
      if (left < 0) return false;
    }
    std::array<int, kLongestCode + 2> at{};
    for (std::size_t length = 1; length <= kLongestCode; ++length)
      at[length + 1] = at[length] + count_[length];
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0) symbols_[std::size_t(at[lengths[symbol]]++)] = int(symbol);
    }
    return true;
  }

  // The next symbol, or -1.
  int decode(Bits& bits) const {
    int code = 0, first = 0, index = 0;
    for (std::size_t length = 1; length <= kLongestCode; ++length) {
      code |= int(bits.take(1));
      if (!bits.ok()) return -1;
      const int count = count_[length];
      if (code - first < count) return symbols_[std::size_t(index + code - first)];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }

 private:
  std::array<int, kLongestCode + 1> count_{};
  std::array<int, 288> symbols_{};
};

class Inflater {
 public:
  Inflater(std::span<const std::byte> bytes, u64 size) : bits_(bytes), size_(size) {
    out_.reserve(std::size_t(size));
  }

  bool run() {
    for (bool last = false; !last;) {
      last = bits_.take(1) == 1;
      const u32 kind = bits_.take(2);
      const bool good = kind == 0   ? stored()
                        : kind == 1 ? fixed_codes() && compressed()
                                    : kind == 2 && read_codes() && compressed();
      if (!good || !bits_.ok()) return false;
    }
    return out_.size() == size_ && bits_.at_end();
  }
  std::vector<std::byte> take() { return std::move(out_); }

 private:
  bool stored() {
    bits_.drop_to_byte();
    const u32 length = bits_.take(16), check = bits_.take(16);
    if (!bits_.ok() || (length ^ check) != 0xFFFF || length > size_ - out_.size()) return false;
    for (u32 i = 0; i < length && bits_.ok(); ++i) out_.push_back(std::byte(bits_.take(8)));
    return bits_.ok();
  }

  bool fixed_codes() {
    std::array<u8, 288> lengths{};
    for (std::size_t i = 0; i < lengths.size(); ++i)
      lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    std::array<u8, 30> five{};
    five.fill(5);
    return literals_.build(lengths) && distances_.build(five);
  }

  bool read_codes() {
    static constexpr std::array<u8, 19> kOrder{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                               11, 4,  12, 3, 13, 2, 14, 1, 15};
    const std::size_t literals = bits_.take(5) + 257, distances = bits_.take(5) + 1;
    const std::size_t count = bits_.take(4) + 4;
    if (literals > 286 || distances > 30) return false;
    std::array<u8, 320> lengths{};
    for (std::size_t i = 0; i < count; ++i) lengths[kOrder[i]] = u8(bits_.take(3));
    Codes codes;
    if (!codes.build(std::span(lengths).first(19))) return false;
    lengths.fill(0);
    for (std::size_t i = 0; i < literals + distances;) {
      const int symbol = codes.decode(bits_);
      if (symbol < 0 || (symbol == 16 && i == 0)) return false;
      const u8 value = symbol < 16 ? u8(symbol) : symbol == 16 ? lengths[i - 1] : u8{0};
      const u32 repeat = symbol < 16    ? 1
                         : symbol == 16 ? 3 + bits_.take(2)
                         : symbol == 17 ? 3 + bits_.take(3)
                                        : 11 + bits_.take(7);
      if (repeat > literals + distances - i) return false;
      for (u32 r = 0; r < repeat; ++r) lengths[i++] = value;
    }
    return lengths[256] != 0 && literals_.build(std::span(lengths).first(literals)) &&
           distances_.build(std::span(lengths).subspan(literals, distances));
  }

  bool compressed() {
    for (;;) {
      const int symbol = literals_.decode(bits_);
      if (symbol < 0) return false;
      if (symbol == 256) return true;
      if (symbol < 256) {
        if (out_.size() == size_) return false;
        out_.push_back(std::byte(symbol));
      } else if (!copy(symbol - 257)) {
        return false;
      }
    }
  }

  // The length and distance of a match, each a base and further bits.
  bool copy(int length_symbol) {
    if (length_symbol > 28) return false;
    u32 length = 258;
    if (length_symbol < 28) {
      const int extra = length_symbol < 8 ? 0 : length_symbol / 4 - 1;
      length = extra == 0 ? 3 + u32(length_symbol)
                          : 3 + (u32(4 + length_symbol % 4) << extra) + bits_.take(extra);
    }
    const int symbol = distances_.decode(bits_);
    if (symbol < 0 || symbol > 29) return false;
    const int extra = symbol < 4 ? 0 : symbol / 2 - 1;
    const u32 distance =
        extra == 0 ? 1 + u32(symbol) : 1 + (u32(2 + symbol % 2) << extra) + bits_.take(extra);
    if (!bits_.ok() || distance > out_.size() || length > size_ - out_.size()) return false;
    for (u32 i = 0; i < length; ++i) out_.push_back(out_[out_.size() - distance]);
    return true;
  }

  Bits bits_;
  u64 size_;
  std::vector<std::byte> out_;
  Codes literals_, distances_;
};

}  // namespace

Result<std::vector<std::byte>> inflate(std::span<const std::byte> bytes, u64 size) {
  if (size > kBestRatio * (u64(bytes.size()) + 1)) return damaged();
  Inflater inflater(bytes, size);
  if (!inflater.run()) return damaged();
  return inflater.take();
}

}  // namespace engine::io
