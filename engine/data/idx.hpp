// The IDX format of MNIST: 8-bit images (idx3: count, rows, columns) and labels (idx1: count),
// big-endian headers. Parsing is total: any bytes give values or Code::bad_file / too_large. `name`
// stands in the sentences.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/data/dataset.hpp"

namespace engine::data {

inline constexpr u32 kMaxIdxSide = 1024;           // pixels
inline constexpr u64 kMaxIdxBytes = u64(1) << 28;  // of one file, inflated

// Images without labels (labels.empty()): count is pixels.size() / area().
Result<Images> parse_idx_images(std::span<const std::byte> bytes, const std::string& name);
Result<std::vector<u8>> parse_idx_labels(std::span<const std::byte> bytes, const std::string& name);

// Both files of a set; Code::bad_file when the counts differ, and the codes of reading and parsing.
Result<Images> read_idx_pair(const std::string& images_path, const std::string& labels_path);

// Reads a file; when it begins as gzip does, inflated. The codes of read_file() and gunzip()
// (files.hpp).
Result<std::vector<std::byte>> read_maybe_gzip(const std::string& path, u64 cap = kMaxIdxBytes);

}  // namespace engine::data
