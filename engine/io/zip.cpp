#include "engine/io/zip.hpp"

#include <algorithm>
#include <set>

#include "engine/core/check.hpp"
#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/crc32.hpp"
#include "engine/io/inflate.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

constexpr u32 kLocal = 0x04034B50, kCentral = 0x02014B50, kEnd = 0x06054B50;
constexpr u64 kLocalBytes = 30, kEndBytes = 22;
constexpr u16 kVersion = 20;       // 2.0: deflate
constexpr u16 kFirstDay = 0x0021;  // 1980-01-01, the first date that there is
constexpr u16 kNameIsUtf8 = 1 << 11;
constexpr u16 kEncrypted = 1;
constexpr u16 kPadding = 0x4246;  // "FB"

// What local header and directory have in common, from the flags to the length of the name.
void write_facts(Writer& to, const ZipEntry& entry, u32 crc) {
  to.number(kNameIsUtf8);
  to.number(u16{0});  // stored
  to.number(u16{0});
  to.number(kFirstDay);
  to.number(crc);
  to.number(u32(entry.data.size()));
  to.number(u32(entry.data.size()));
  to.number(u16(entry.name.size()));
}

// The length of the extra field that lets data begin at a multiple of `alignment`.
std::size_t padding_for(std::size_t data_at, std::size_t alignment) {
  if (data_at % alignment == 0) return 0;
  const std::size_t with_head = data_at + 4;
  return 4 + (alignment - with_head % alignment) % alignment;
}

void write_entry(Writer& to, const ZipEntry& entry, u32 crc, std::size_t alignment) {
  const std::size_t plain = to.size() + kLocalBytes + entry.name.size();
  const std::size_t padding = padding_for(plain, alignment);
  to.number(kLocal);
  to.number(kVersion);
  write_facts(to, entry, crc);
  to.number(u16(padding));
  to.text(entry.name);
  if (padding > 0) {
    to.number(kPadding);
    to.number(u16(padding - 4));
    to.pad(alignment);
  }
  to.raw(entry.data);
}

void write_directory_entry(Writer& to, const ZipEntry& entry, u32 crc, std::size_t offset) {
  to.number(kCentral);
  to.number(kVersion);
  to.number(kVersion);
  write_facts(to, entry, crc);
  to.number(u16{0});  // extra
  to.number(u16{0});  // comment
  to.number(u16{0});  // disk
  to.number(u16{0});  // attributes inside
  to.number(u32{0});  // and outside
  to.number(u32(offset));
  to.text(entry.name);
}

// The end record lies within the last 64 KB, and its comment reaches to the end of the file.
u64 find_end(std::span<const std::byte> bytes) {
  const u64 furthest = bytes.size() < kEndBytes + 0xFFFF ? 0 : bytes.size() - kEndBytes - 0xFFFF;
  for (u64 at = bytes.size() < kEndBytes ? 0 : bytes.size() - kEndBytes + 1; at-- > furthest;) {
    Reader reader(bytes.subspan(std::size_t(at)));
    if (reader.number<u32>() != kEnd) continue;
    reader.take(16);
    if (reader.number<u16>() == reader.left() && reader.ok()) return at;
  }
  return bytes.size();
}

}  // namespace

bool is_zip(std::span<const std::byte> bytes) {
  const u32 begin = Reader(bytes).number<u32>();
  return begin == kLocal || begin == kEnd;
}

Bytes write_zip(std::span<const ZipEntry> entries, std::size_t alignment) {
  ENSURE(entries.size() <= kMaxZipEntries, "too many entries for one archive");
  Writer to;
  std::vector<std::size_t> offsets;
  std::vector<u32> crcs;
  for (const ZipEntry& entry : entries) {
    ENSURE(entry.name.size() <= 0xFFFF && entry.data.size() <= kMaxZipBytes,
           "an entry is too large for an archive");
    offsets.push_back(to.size());
    crcs.push_back(crc32(entry.data));
    write_entry(to, entry, crcs.back(), alignment);
  }
  const std::size_t directory = to.size();
  for (std::size_t i = 0; i < entries.size(); ++i)
    write_directory_entry(to, entries[i], crcs[i], offsets[i]);
  const std::size_t end = to.size();
  ENSURE(u64(end) < ~u32{0}, "an archive stays below 4 GB");
  to.number(kEnd);
  to.number(u32{0});  // disks
  to.number(u16(entries.size()));
  to.number(u16(entries.size()));
  to.number(u32(end - directory));
  to.number(u32(directory));
  to.number(u16{0});  // comment
  return to.take();
}

Result<Zip> Zip::open(std::span<const std::byte> bytes) {
  const u64 end_at = find_end(bytes);
  if (end_at == bytes.size())
    return bad_file("The archive has no end record. It is truncated, or no zip file.");
  Reader end(bytes.subspan(std::size_t(end_at) + 4));
  const u32 disks = end.number<u32>();
  const u16 here = end.number<u16>(), count = end.number<u16>();
  const u32 size = end.number<u32>(), offset = end.number<u32>();
  if (disks != 0 || here != count || u64(offset) + size > end_at)
    return bad_file("The archive is damaged, in pieces or above 4 GB. Save it again as one file.");
  if (count > kMaxZipEntries) {
    return Problem{Code::too_large, "The archive has " + spec::grouped(count) +
                                        " entries; at most " + spec::grouped(kMaxZipEntries) +
                                        " are read."};
  }
  Zip zip(bytes);
  Reader reader(bytes.subspan(offset, size));
  std::set<std::string_view> names;
  u64 total = 0;
  for (u16 i = 0; i < count; ++i) {
    Item item;
    const u32 magic = reader.number<u32>();
    reader.take(4);
    const u16 flags = reader.number<u16>();
    item.method = reader.number<u16>();
    reader.take(4);
    item.crc = reader.number<u32>();
    item.packed = reader.number<u32>();
    item.size = reader.number<u32>();
    const u16 name = reader.number<u16>(), extra = reader.number<u16>();
    const u16 comment = reader.number<u16>();
    reader.take(8);
    item.offset = reader.number<u32>();
    item.name = reader.text(name);
    reader.take(u64(extra) + comment);
    if (!reader.ok() || magic != kCentral)
      return bad_file("The archive's directory is damaged. Download or save it again.");
    if ((flags & kEncrypted) != 0) return bad_file("The archive is encrypted. Save it without.");
    if (!names.insert(item.name).second)
      return bad_file("The archive holds " + spec::shown(item.name) + " twice.");
    total += item.size;
    if (total > kMaxZipBytes) {
      return Problem{Code::too_large, "The archive says it holds more than " +
                                          spec::grouped(kMaxZipBytes) + " bytes."};
    }
    zip.items_.push_back(item);
  }
  if (reader.left() != 0) return bad_file("The archive's directory is damaged. Save it again.");
  return zip;
}

std::vector<std::string_view> Zip::names() const {
  std::vector<std::string_view> names;
  for (const Item& item : items_) names.push_back(item.name);
  return names;
}

const Zip::Item* Zip::find(std::string_view name) const {
  const auto at = std::find_if(items_.begin(), items_.end(),
                               [&](const Item& item) { return item.name == name; });
  return at == items_.end() ? nullptr : &*at;
}

Result<Bytes> Zip::read(std::string_view name, u64 cap) const {
  const Item* item = find(name);
  const std::string shown = spec::shown(name);
  if (item == nullptr) return Problem{Code::not_found, "The archive has no " + shown + "."};
  if (item->size > cap) {
    return Problem{Code::too_large, shown + " in the archive says it holds " +
                                        spec::grouped(item->size) + " bytes; at most " +
                                        spec::grouped(cap) + " are read."};
  }
  Reader reader(bytes_);
  reader.take(item->offset);
  const u32 magic = reader.number<u32>();
  reader.take(22);
  const u16 name_bytes = reader.number<u16>(), extra = reader.number<u16>();
  reader.take(u64(name_bytes) + extra);
  const std::span<const std::byte> packed = reader.take(item->packed);
  if (!reader.ok() || magic != kLocal)
    return bad_file(shown + " in the archive is damaged. Download or save it again.");
  Bytes data;
  if (item->method == 8) {
    Result<Bytes> inflated = inflate(packed, item->size);
    if (!inflated.ok()) return bad_file(shown + ": " + inflated.problem().sentence);
    data = std::move(inflated).value();
  } else if (item->method == 0 && item->packed == item->size) {
    data.assign(packed.begin(), packed.end());
  } else {
    return bad_file(shown + " is compressed in another way than deflate. Save it without.");
  }
  if (crc32(data) != item->crc)
    return bad_file(shown + " in the archive is damaged: its checksum differs. Save it again.");
  return data;
}

}  // namespace engine::io
