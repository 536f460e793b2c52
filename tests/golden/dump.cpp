#include "tests/golden/dump.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string_view>

namespace golden {
namespace {

using engine::f32;
using engine::u32;
using engine::u64;

constexpr std::string_view kMagic = "ATELIER GOLDEN 1\n";
constexpr u32 kMaxName = 200, kMaxValues = 1u << 26;

// Steps from the most negative number upwards.
std::int64_t place(f32 value) {
  const u32 bits = std::bit_cast<u32>(value);
  const auto magnitude = std::int64_t(bits & 0x7fffffffu);
  return bits >> 31 ? -magnitude : magnitude;
}

// NaNs are one, as in hash_floats().
bool same(f32 a, f32 b) {
  return std::bit_cast<u32>(a) == std::bit_cast<u32>(b) || (a != a && b != b);
}

std::string text_of(f32 value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.9g (%08x)", double(value), std::bit_cast<u32>(value));
  return text;
}

std::string distance_text(std::int64_t distance) {
  return distance < 0 ? "one is not a number" : std::to_string(distance) + " ulp apart";
}

std::string compare(const Tensor& a, const Tensor& b, const std::string& mine,
                    const std::string& other) {
  if (a.values.size() != b.values.size()) {
    return a.name + " has " + std::to_string(a.values.size()) + " values in " + mine + ", " +
           std::to_string(b.values.size()) + " in " + other;
  }
  std::string text;
  std::size_t differ = 0;
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const f32 x = a.values[i], y = b.values[i];
    if (same(x, y)) continue;
    const std::int64_t distance = ulps(x, y);
    if (differ++ == 0) {
      text = a.name + "[" + std::to_string(i) + "] is " + text_of(x) + " in " + mine + ", " +
             text_of(y) + " in " + other + ": " + distance_text(distance);
    }
    largest = std::max(largest, distance);
  }
  if (differ == 0) return text;
  return text + "; " + std::to_string(differ) + " of " + std::to_string(a.values.size()) +
         " values differ, by up to " + std::to_string(largest) + " ulp";
}

class File {
 public:
  explicit File(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {}
  ~File() {
    if (file_) std::fclose(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return file_ != nullptr; }
  bool read(void* bytes, std::size_t size) {
    return size == 0 || std::fread(bytes, 1, size, file_) == size;
  }
  bool at_end() {
    const int c = std::fgetc(file_);
    if (c != EOF) std::ungetc(c, file_);
    return c == EOF;
  }
  bool read_tensor(Tensor& tensor) {
    u32 length = 0, count = 0;
    if (!read(&length, sizeof length) || length > kMaxName) return false;
    tensor.name.resize(length);
    if (!read(tensor.name.data(), length) || !read(&count, sizeof count) || count > kMaxValues)
      return false;
    // In pieces, so that a count that lies fills no memory.
    constexpr std::size_t kPiece = 1u << 16;
    while (tensor.values.size() < count) {
      const std::size_t at = tensor.values.size(), n = std::min(kPiece, count - at);
      tensor.values.resize(at + n);
      if (!read(tensor.values.data() + at, n * sizeof(f32))) return false;
    }
    return true;
  }

 private:
  std::FILE* file_;
};

}  // namespace

DumpWriter::DumpWriter(const std::string& path)
    : file_(std::fopen(path.c_str(), "wb")), good_(file_ != nullptr) {
  write(kMagic.data(), kMagic.size());
}

DumpWriter::~DumpWriter() { finish(); }

void DumpWriter::write(const void* bytes, std::size_t size) {
  if (good_ && size > 0) good_ = std::fwrite(bytes, 1, size, file_) == size;
}

void DumpWriter::add(const std::string& name, std::span<const f32> values) {
  const auto length = u32(name.size()), count = u32(values.size());
  write(&length, sizeof length);
  write(name.data(), name.size());
  write(&count, sizeof count);
  write(values.data(), values.size_bytes());
}

bool DumpWriter::finish() {
  if (file_ && std::fclose(file_) != 0) good_ = false;
  file_ = nullptr;
  return good_;
}

engine::Result<std::vector<Tensor>> read_dump(const std::string& path) {
  File file(path);
  if (!file.is_open())
    return engine::Problem{engine::Code::not_found, "There is no file " + path + "."};
  const engine::Problem damaged{engine::Code::bad_file,
                                path + " is no whole dump of a golden run. Make it again."};
  std::string magic(kMagic.size(), ' ');
  if (!file.read(magic.data(), magic.size()) || magic != kMagic) return damaged;
  std::vector<Tensor> tensors;
  while (!file.at_end()) {
    if (!file.read_tensor(tensors.emplace_back())) return damaged;
  }
  return tensors;
}

std::int64_t ulps(f32 a, f32 b) {
  if (a != a || b != b) return -1;
  return std::abs(place(a) - place(b));
}

std::string first_difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b,
                             const std::string& mine, const std::string& other) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i >= a.size()) return b[i].name + " is in " + other + " only";
    if (i >= b.size()) return a[i].name + " is in " + mine + " only";
    if (a[i].name != b[i].name)
      return mine + " goes on with " + a[i].name + ", " + other + " with " + b[i].name;
    if (std::string text = compare(a[i], b[i], mine, other); !text.empty()) return text;
  }
  return "";
}

}  // namespace golden
