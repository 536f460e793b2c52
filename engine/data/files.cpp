#include "engine/data/files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#ifdef ATELIER_HAVE_ZLIB
#include <zlib.h>
#endif

namespace engine::data {
namespace {

constexpr std::size_t kBlock = 1 << 16;
constexpr const char* kUnfinished = ".part";

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

Problem refused(const std::string& path, const char* verb) {
  const Code code = errno == ENOENT ? Code::not_found : Code::io_failed;
  return {code, path + " cannot be " + verb + ": " + std::strerror(errno) + "."};
}

// A device, a pipe or a link. It is written into: renaming would put a file in its place, and root
// would be left without /dev/null.
bool is_special(const std::string& path) {
  struct stat found{};
  return lstat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
}

}  // namespace

Result<std::vector<std::byte>> read_file(const std::string& path, u64 cap) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return refused(path, "opened");
  std::vector<std::byte> bytes;
  while (bytes.size() <= cap) {
    const std::size_t had = bytes.size();
    bytes.resize(had + kBlock);
    const std::size_t got = std::fread(bytes.data() + had, 1, kBlock, file.get());
    bytes.resize(had + got);
    if (got < kBlock) break;
  }
  if (std::ferror(file.get()) != 0) return refused(path, "read");
  if (bytes.size() > cap) {
    return Problem{Code::too_large, path + " is larger than " + std::to_string(cap) + " bytes."};
  }
  return bytes;
}

Status write_file(const std::string& path, std::span<const std::byte> bytes) {
  const std::string to = is_special(path) ? path : path + kUnfinished;
  File file(std::fopen(to.c_str(), "wb"));
  if (file == nullptr) return refused(to, "opened");
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (written && closed && (to == path || std::rename(to.c_str(), path.c_str()) == 0))
    return Done{};
  const Problem problem = refused(path, "written");
  if (to != path) std::remove(to.c_str());
  return problem;
}

Status write_text(const std::string& path, std::string_view text) {
  return write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

Status can_write(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode))
    return Problem{Code::io_failed, path + " cannot be written: it is a folder."};
  if (is_special(path)) return Done{};  // opening a pipe would wait for its reader
  const std::string to = path + kUnfinished;
  const File file(std::fopen(to.c_str(), "wb"));
  if (file == nullptr) return refused(to, "opened");
  std::remove(to.c_str());
  return Done{};
}

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

#ifdef ATELIER_HAVE_ZLIB

namespace {

// Z_FILTERED below: on chunks of FashionMNIST (data/filter.hpp) 2.5 % smaller than the default.
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, with gzip's header and checksum

}  // namespace

Result<std::vector<std::byte>> gzip(std::span<const std::byte> bytes) {
  z_stream stream{};
  if (bytes.size() > kMaxFileBytes ||
      deflateInit2(&stream, 9, Z_DEFLATED, kGzipWindow, 9, Z_FILTERED) != Z_OK) {
    return Problem{Code::too_large, "There is not enough memory to compress " +
                                        std::to_string(bytes.size()) + " bytes."};
  }
  std::vector<std::byte> packed(deflateBound(&stream, uLong(bytes.size())));
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));  // zlib does not write there
  stream.avail_in = uInt(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = uInt(packed.size());
  const int end = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  ENSURE(end == Z_STREAM_END, "deflateBound() was too small");
  return packed;
}

Result<std::vector<std::byte>> gunzip(std::span<const std::byte> bytes, u64 cap,
                                      const std::string& name) {
  z_stream stream{};
  if (bytes.size() > kMaxFileBytes) return Problem{Code::too_large, name + " is too large."};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK)
    return Problem{Code::io_failed, "There is not enough memory for " + name + "."};
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));  // zlib does not write there
  stream.avail_in = uInt(bytes.size());
  std::vector<std::byte> plain;
  int state = Z_OK;
  while (state == Z_OK && plain.size() <= cap) {
    const std::size_t had = plain.size();
    plain.resize(had + kBlock);
    stream.next_out = reinterpret_cast<Bytef*>(plain.data() + had);
    stream.avail_out = uInt(kBlock);
    state = inflate(&stream, Z_NO_FLUSH);
    plain.resize(had + kBlock - stream.avail_out);
  }
  const bool whole = state == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (plain.size() > cap)
    return Problem{Code::too_large, name + " holds more than " + std::to_string(cap) + " bytes."};
  if (!whole)
    return Problem{Code::bad_file,
                   name + " is damaged or truncated: it cannot be inflated after byte " +
                       std::to_string(plain.size()) + "."};
  return plain;
}

#else

Result<std::vector<std::byte>> gzip(std::span<const std::byte>) {
  return Problem{Code::io_failed, "This build cannot compress files."};
}

Result<std::vector<std::byte>> gunzip(std::span<const std::byte>, u64, const std::string& name) {
  return Problem{Code::io_failed,
                 name + " is compressed with gzip, which this build cannot read. Unpack it first."};
}

#endif

Result<std::vector<std::byte>> maybe_gunzip(std::vector<std::byte> bytes, u64 cap,
                                            const std::string& name) {
  if (!is_gzip(bytes)) return bytes;
  return gunzip(bytes, cap, name);
}

}  // namespace engine::data
