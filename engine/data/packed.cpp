#include "engine/data/packed.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "engine/core/hash.hpp"
#include "engine/data/filter.hpp"

namespace engine::data {
namespace {

constexpr std::array<char, 8> kMagic{'A', 'T', 'L', 'R', 'D', 'A', 'T', 'A'};
constexpr u32 kVersion = 1;
constexpr u64 kMaxReserved = u64(64) << 20;  // bytes, on the word of a first chunk alone

// As it lies in the file.
struct Header {
  std::array<char, 8> magic = kMagic;
  u32 version = kVersion;
  u32 index = 0, chunks = 0;
  u32 h = 0, w = 0;
  u32 train = 0, test = 0;
  u32 first_train = 0, first_test = 0;
  u32 total_train = 0, total_test = 0;
  u32 reserved = 0;  // keeps the hash at a multiple of 8
  u64 hash = 0;      // content_hash()
};
static_assert(sizeof(Header) == 64 && std::is_trivially_copyable_v<Header>);
static_assert(std::endian::native == std::endian::little,
              "the header is copied as it lies in memory");

Problem bad(std::string sentence) { return {Code::bad_file, "The data " + std::move(sentence)}; }

// Covers the header too, so that a chunk whose place was damaged is not taken for another.
u64 content_hash(const Header& header, std::span<const std::byte> payload) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(&header, 1));
  return hash_bytes(payload, hash_bytes(bytes.first(offsetof(Header, hash))));
}

Status check_header(const Header& header, std::size_t payload) {
  if (header.magic != kMagic) return bad("chunk is of another kind. Reload the page.");
  if (header.version != kVersion) {
    return bad("chunk is of version " + std::to_string(header.version) + ", this build reads " +
               std::to_string(kVersion) + ". Reload the page.");
  }
  const u64 images = u64(header.train) + header.test;
  if (header.h > kMaxPackedSide || header.w > kMaxPackedSide || images > kMaxChunkImages ||
      header.total_train > kMaxPackedImages || header.total_test > kMaxPackedImages) {
    return Problem{Code::too_large, "The data chunk says it holds " + std::to_string(images) +
                                        " images of " + std::to_string(header.h) + " x " +
                                        std::to_string(header.w) + ", more than is read."};
  }
  if (header.h < 1 || header.w < 1 || images == 0 || header.index >= header.chunks ||
      header.reserved != 0 || u64(header.first_train) + header.train > header.total_train ||
      u64(header.first_test) + header.test > header.total_test) {
    return bad("chunk " + std::to_string(header.index) + " contradicts itself. Load it again.");
  }
  const u64 expected = images * (u64(header.h) * (header.w + 1) + 1);
  if (payload != expected) {
    return bad("chunk " + std::to_string(header.index) + " should have " +
               std::to_string(expected) + " bytes after its header, but has " +
               std::to_string(payload) + ". Load it again.");
  }
  return Done{};
}

// Rows of `images`, one after the other, taken off the front of `payload`.
Status read_pixels(std::span<const u8>& payload, u32 count, Images& images) {
  const std::size_t packed = packed_size(images.h, images.w);
  images.pixels.resize(count * images.area());
  for (u32 i = 0; i < count; ++i) {
    const std::span<u8> image(images.pixels.data() + i * images.area(), images.area());
    if (!unfilter(payload.subspan(i * packed, packed), images.h, images.w, image)) {
      return bad("chunk has a row with an unknown filter. Load it again.");
    }
  }
  payload = payload.subspan(count * packed);
  return Done{};
}

void read_labels(std::span<const u8>& payload, u32 count, Images& images) {
  images.labels.assign(payload.begin(), payload.begin() + std::ptrdiff_t(count));
  payload = payload.subspan(count);
}

}  // namespace

std::vector<std::byte> write_chunk(const Chunk& chunk) {
  const Images& shaped = chunk.train.count() > 0 ? chunk.train : chunk.test;
  std::vector<u8> payload;
  for (const Images* part : {&chunk.train, &chunk.test}) {
    ENSURE(part->count() == 0 || (part->h == shaped.h && part->w == shaped.w),
           "a chunk has images of one size");
    ENSURE(part->pixels.size() == part->count() * part->area(), "every image has a label");
    for (u32 i = 0; i < part->count(); ++i) filter(part->image(i), part->h, part->w, payload);
  }
  payload.insert(payload.end(), chunk.train.labels.begin(), chunk.train.labels.end());
  payload.insert(payload.end(), chunk.test.labels.begin(), chunk.test.labels.end());
  Header header;
  header.index = chunk.index;
  header.chunks = chunk.chunks;
  header.h = u32(shaped.h);
  header.w = u32(shaped.w);
  header.train = chunk.train.count();
  header.test = chunk.test.count();
  header.first_train = chunk.first_train;
  header.first_test = chunk.first_test;
  header.total_train = chunk.total_train;
  header.total_test = chunk.total_test;
  const std::span<const std::byte> content = std::as_bytes(std::span(payload));
  header.hash = content_hash(header, content);
  ENSURE(check_header(header, payload.size()).ok(), "a chunk beyond the limits of the format");
  std::vector<std::byte> bytes(sizeof header + content.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, content.data(), content.size());
  return bytes;
}

Result<Chunk> read_chunk(std::span<const std::byte> bytes) {
  Header header;
  if (bytes.size() < sizeof header) {
    return bad("chunk has only " + std::to_string(bytes.size()) + " bytes. Load it again.");
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::span<const std::byte> content = bytes.subspan(sizeof header);
  const Status status = check_header(header, content.size());
  if (!status.ok()) return status.problem();
  if (content_hash(header, content) != header.hash) {
    return bad("chunk " + std::to_string(header.index) + " was damaged on its way. Load it again.");
  }
  Chunk chunk{header.index,
              header.chunks,
              header.first_train,
              header.first_test,
              header.total_train,
              header.total_test,
              {},
              {}};
  chunk.train.h = chunk.test.h = int(header.h);
  chunk.train.w = chunk.test.w = int(header.w);
  std::span<const u8> payload(reinterpret_cast<const u8*>(content.data()), content.size());
  for (const auto& [part, count] :
       {std::pair{&chunk.train, header.train}, std::pair{&chunk.test, header.test}}) {
    const Status read = read_pixels(payload, count, *part);
    if (!read.ok()) return read.problem();
  }
  read_labels(payload, header.train, chunk.train);
  read_labels(payload, header.test, chunk.test);
  return chunk;
}

Status append_chunk(Dataset& dataset, const Chunk& chunk) {
  const bool first = dataset.train.count() == 0 && dataset.test.count() == 0;
  if (chunk.first_train != dataset.train.count() || chunk.first_test != dataset.test.count() ||
      (!first && (chunk.train.h != dataset.train.h || chunk.train.w != dataset.train.w))) {
    return Problem{Code::wrong_state,
                   "Data chunk " + std::to_string(chunk.index) +
                       " is not the next one: " + std::to_string(dataset.train.count()) +
                       " training images are loaded, it begins at " +
                       std::to_string(chunk.first_train) + "."};
  }
  // Growing in steps would for a while take three times what is there.
  const auto reserve = [&](Images& to, const Images& from, u32 total) {
    const u64 bytes = u64(total) * from.area();
    if (bytes <= kMaxReserved) to.pixels.reserve(std::size_t(bytes));
  };
  if (first) {
    reserve(dataset.train, chunk.train, chunk.total_train);
    reserve(dataset.test, chunk.test, chunk.total_test);
  }
  const auto append = [](Images& to, const Images& from) {
    to.h = from.h;
    to.w = from.w;
    to.pixels.insert(to.pixels.end(), from.pixels.begin(), from.pixels.end());
    to.labels.insert(to.labels.end(), from.labels.begin(), from.labels.end());
  };
  append(dataset.train, chunk.train);
  append(dataset.test, chunk.test);
  return Done{};
}

std::vector<Chunk> cut(const Dataset& dataset, const Cut& how) {
  const u32 train = dataset.train.count(), test = dataset.test.count();
  ENSURE(train > 0 && test > 0, "only a full data set can be cut");
  const u32 first_train = std::min(how.first_train, train),
            first_test = std::min(how.first_test, test);
  const u32 more = first_train == train && first_test == test ? 0 : how.more;
  ENSURE(more > 0 || (first_train == train && first_test == test),
         "the rest needs at least one chunk");
  const auto slice = [](const Images& all, u32 from, u32 to) {
    const auto at = [&](u32 i) { return all.pixels.begin() + std::ptrdiff_t(i * all.area()); };
    return Images{
        all.h,
        all.w,
        {at(from), at(to)},
        {all.labels.begin() + std::ptrdiff_t(from), all.labels.begin() + std::ptrdiff_t(to)}};
  };
  std::vector<Chunk> chunks;
  u32 train_at = 0, test_at = 0;
  for (u32 i = 0; i <= more; ++i) {
    // Where chunk i ends: the rest in equal parts, to within one image.
    const u32 train_end =
        i == 0 ? first_train : first_train + u32(u64(train - first_train) * i / more);
    const u32 test_end = i == 0 ? first_test : first_test + u32(u64(test - first_test) * i / more);
    chunks.push_back({i, more + 1, train_at, test_at, train, test,
                      slice(dataset.train, train_at, train_end),
                      slice(dataset.test, test_at, test_end)});
    train_at = train_end;
    test_at = test_end;
  }
  return chunks;
}

}  // namespace engine::data
