// The data set as the page gets it: numbered chunks, the first small so that training starts at
// once.
//
// A chunk is a 64-byte header (magic, version, place, counts, hash of the payload), then the
// training images, the test images, and the labels of both. Each row of an image is stored as one
// byte for its filter and w bytes of differences (PNG's filters 0..4, chosen for the smallest sum
// of absolute differences), lossless and good for gzip. Chunk files are gzipped when the page is
// built and inflated by the browser; the format itself needs no zlib.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"

namespace engine::data {

inline constexpr u32 kMaxChunkImages = 100'000;  // of one chunk, training and test together
inline constexpr u32 kMaxPackedImages = 1'000'000;
inline constexpr u32 kMaxPackedSide = 256;

struct Chunk {
  u32 index = 0, chunks = 1;            // this one of so many
  u32 first_train = 0, first_test = 0;  // where its images stand in the whole set
  u32 total_train = 0, total_test = 0;  // of the whole set
  Images train, test;                   // of one size; either may be empty
  bool operator==(const Chunk&) const = default;
};

std::vector<std::byte> write_chunk(const Chunk& chunk);
// Any bytes give a chunk or Code::bad_file / too_large.
Result<Chunk> read_chunk(std::span<const std::byte> bytes);

// Appends a chunk to what came before it (an empty Dataset for chunk 0). Code::wrong_state when it
// is not the next.
Status append_chunk(Dataset& dataset, const Chunk& chunk);

// How to cut a set: chunk 0 has `first_train` and `first_test` images, the rest is spread over
// `more` chunks evenly.
struct Cut {
  u32 first_train = 2000, first_test = 1000, more = 6;
};
std::vector<Chunk> cut(const Dataset& dataset, const Cut& how = {});

// The files of the page: "<name>-0.<hash>.bin.gz", ..., and a manifest as JSON:
//   {"name": …, "format": 1, "h": 28, "w": 28, "train": 60000, "test": 10000, "labels": [...],
//    "chunks": [{"file": …, "bytes": its size, "inflated": its size without gzip,
//                "hash": XXH64 of the inflated file, "train": count, "test": count}, ...]}
struct PackedFile {
  std::string name;
  std::vector<std::byte> bytes;
};
struct Package {
  std::vector<PackedFile> files;
  std::string manifest;
};
// `name` of letters, digits, - and _, `labels` also with spaces and /: Code::bad_config otherwise.
// Needs zlib: Code::io_failed in a build without it.
Result<Package> pack(const Dataset& dataset, const std::string& name,
                     std::span<const std::string_view> labels, const Cut& how = {});

}  // namespace engine::data
