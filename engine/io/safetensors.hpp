// Weights as safetensors: u64 size of the header, the header as JSON, then the tensors' values,
// little-endian and row-major, one after the other. PyTorch reads it with
// `safetensors.torch.load_file`.
//
// Reading is total: any bytes give a WeightFile or Code::bad_file / too_large with a sentence. The
// rules are those of the format's own reader (header starts with '{', no duplicate keys, no holes,
// no overlaps, no trailing bytes), and one of ours: a value that is not finite is refused, naming
// tensor and index, for no network can use it.
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::io {

inline constexpr u64 kMaxWeightHeader = 1 << 20;  // bytes of JSON
inline constexpr u64 kMaxWeightValues =
    17'000'000;  // in all: spec's cap of 16 M weights, and buffers
inline constexpr u64 kMaxWeightTensors = 1024;

struct TensorData {
  std::string name;
  std::vector<u64> dims;    // empty: a scalar
  std::vector<f32> values;  // as many as the product of dims
  bool operator==(const TensorData&) const = default;
};

struct WeightFile {
  std::map<std::string, std::string> metadata;
  std::vector<TensorData> tensors;  // in the order of their values in the file
  bool operator==(const WeightFile&) const = default;
};

enum class Precision : u32 {
  full,
  half
};  // F32; F16, rounded to nearest even: half the size, 3 digits

// Code::bad_file for values that are not finite (or too large for half precision), dims that do not
// fit the values, names twice. Data starts at a multiple of 8 bytes.
Result<std::vector<std::byte>> write_safetensors(const WeightFile& file,
                                                 Precision precision = Precision::full);

// Reads F32, F16 and BF16, all into f32. PyTorch's counters (*.num_batches_tracked, I64) are
// checked and skipped.
Result<WeightFile> read_safetensors(std::span<const std::byte> bytes);

}  // namespace engine::io
