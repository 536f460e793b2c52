// The files that the page loads: gzipped chunks under hashed names, and their manifest.
#include <algorithm>
#include <string_view>

#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "engine/data/packed.hpp"

namespace engine::data {
namespace {

// Such text needs no escapes in JSON.
bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '_' || c == '/';
  });
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string member(const char* key, u64 value) {
  return quoted(key) + ": " + std::to_string(value);
}

std::string head(const Dataset& dataset, const std::string& name,
                 std::span<const std::string_view> labels) {
  std::string list;
  for (std::string_view label : labels) list += (list.empty() ? "" : ", ") + quoted(label);
  return "{\"name\": " + quoted(name) + ", " + member("format", 1) + ", " +
         member("h", u64(dataset.train.h)) + ", " + member("w", u64(dataset.train.w)) + ", " +
         member("train", dataset.train.count()) + ", " + member("test", dataset.test.count()) +
         ",\n \"labels\": [" + list + "],\n \"chunks\": [";
}

// What write_chunk() would take for our own mistake.
Status check_limits(const Dataset& dataset, const Cut& how) {
  const Images& train = dataset.train;
  const u64 rest = u64(train.count()) + dataset.test.count();
  if (train.h > int(kMaxPackedSide) || train.w > int(kMaxPackedSide) ||
      train.count() > kMaxPackedImages || dataset.test.count() > kMaxPackedImages ||
      u64(how.first_train) + how.first_test > kMaxChunkImages ||
      rest > u64(kMaxChunkImages - 2) * how.more) {
    return Problem{Code::too_large, "The data set is too large for the page: at most " +
                                        std::to_string(kMaxPackedImages) + " images of " +
                                        std::to_string(kMaxPackedSide) + " x " +
                                        std::to_string(kMaxPackedSide) + ", " +
                                        std::to_string(kMaxChunkImages) + " in a chunk."};
  }
  return Done{};
}

}  // namespace

Result<Package> pack(const Dataset& dataset, const std::string& name,
                     std::span<const std::string_view> labels, const Cut& how) {
  if (!is_plain(name) || name.find_first_of(" /") != std::string::npos ||
      !std::all_of(labels.begin(), labels.end(), is_plain)) {
    return Problem{
        Code::bad_config,
        "A data set's name may have letters, digits, - and _; its labels also spaces and /."};
  }
  const Status limits = check_limits(dataset, how);
  if (!limits.ok()) return limits.problem();
  Package package;
  package.manifest = head(dataset, name, labels);
  for (const Chunk& chunk : cut(dataset, how)) {
    const std::vector<std::byte> plain = write_chunk(chunk);
    Result<std::vector<std::byte>> packed = gzip(plain);
    if (!packed.ok()) return packed.problem();
    const std::string hash = hex(hash_bytes(plain));
    const std::string file = name + "-" + std::to_string(chunk.index) + "." + hash + ".bin.gz";
    package.manifest += (chunk.index == 0 ? "\n  {\"file\": " : ",\n  {\"file\": ") + quoted(file) +
                        ", " + member("bytes", packed->size()) + ", " +
                        member("inflated", plain.size()) + ", \"hash\": " + quoted(hash) + ", " +
                        member("train", chunk.train.count()) + ", " +
                        member("test", chunk.test.count()) + "}";
    package.files.push_back({file, std::move(*packed)});
  }
  package.manifest += "]}\n";
  return package;
}

}  // namespace engine::data
