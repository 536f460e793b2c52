// Whole files, and gzip. Native builds and tests; the page has no files.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::data {

inline constexpr u64 kMaxFileBytes = u64(1) << 28;

// Code::not_found, io_failed, too_large.
Result<std::vector<std::byte>> read_file(const std::string& path, u64 cap = kMaxFileBytes);

// Writes beside the path and renames, so that a crash never leaves half a file; into what is there
// when that is no ordinary file (/dev/stdout, a link). Code::io_failed.
Status write_file(const std::string& path, std::span<const std::byte> bytes);
Status write_text(const std::string& path, std::string_view text);  // the same
// Whether it could, as far as can be seen before there is anything to write. Leaves no trace.
Status can_write(const std::string& path);

bool is_gzip(std::span<const std::byte> bytes);

// Level 9, without a time stamp: the same bytes give the same file. Code::too_large above
// kMaxFileBytes. A build without zlib answers Code::io_failed.
Result<std::vector<std::byte>> gzip(std::span<const std::byte> bytes);
// Code::bad_file for damaged or truncated data, too_large above `cap` bytes. `name` stands in the
// sentence.
Result<std::vector<std::byte>> gunzip(std::span<const std::byte> bytes, u64 cap,
                                      const std::string& name);
// Bytes that begin as gzip does are inflated, with gunzip()'s codes and cap; others come back as
// they are, of any size.
Result<std::vector<std::byte>> maybe_gunzip(std::vector<std::byte> bytes, u64 cap,
                                            const std::string& name);

}  // namespace engine::data
