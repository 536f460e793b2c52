// Zip archives: what .npz, .pt and bundles are. Written with stored entries, whose values other
// programs map into memory; read with stored and deflated ones.
//
// Reading is total. Sizes and places are those of the central directory at the end of the file, as
// every reader takes them; each entry is checked against its CRC. Encrypted entries, other
// compressions and archives in pieces or above 4 GB are refused.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::io {

using Bytes = std::vector<std::byte>;

inline constexpr std::size_t kMaxZipEntries = 4096;
inline constexpr u64 kMaxZipBytes = u64(1) << 28;  // of all entries together, decompressed

struct ZipEntry {
  std::string name;
  Bytes data;
  bool operator==(const ZipEntry&) const = default;
};

bool is_zip(std::span<const std::byte> bytes);

// The data of each entry begins at a multiple of `alignment` (a power of two up to 4096; by an
// extra field "FB" of zeros, as PyTorch does it). No time stamps: the same entries give the same
// bytes. Names must differ and be shorter than 64 KB; all together must stay below 4 GB.
Bytes write_zip(std::span<const ZipEntry> entries, std::size_t alignment = 1);

class Zip {
 public:
  // The bytes stay the caller's and must outlive the object. Code::bad_file, too_large.
  static Result<Zip> open(std::span<const std::byte> bytes);

  std::vector<std::string_view> names() const;  // in the order of the directory
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Code::not_found when there is no such entry; too_large, before anything is decompressed, when
  // it says that it holds more than `cap` bytes.
  Result<Bytes> read(std::string_view name, u64 cap = kMaxZipBytes) const;

 private:
  struct Item {
    std::string_view name;
    u32 method = 0, crc = 0, packed = 0, size = 0, offset = 0;
  };
  explicit Zip(std::span<const std::byte> bytes) : bytes_(bytes) {}
  const Item* find(std::string_view name) const;

  std::span<const std::byte> bytes_;
  std::vector<Item> items_;
};

}  // namespace engine::io
