// Weights by name, with notes beside them: what every format of weights is read into and written
// from.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::io {

inline constexpr u64 kMaxWeightHeader = 1 << 20;  // bytes of JSON, pickle or names
// In all: spec's cap of 16 M weights, and buffers.
inline constexpr u64 kMaxWeightValues = 17'000'000;
inline constexpr u64 kMaxWeightTensors = 1024;
// Bytes of one array in an archive: all values in float32, or any one layer's in float64, and a
// header.
inline constexpr u64 kMaxArrayBytes = 4 * kMaxWeightValues + 8192;
inline constexpr std::size_t kMaxTensorDims = 8;

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

// F32; F16, rounded to nearest even: half the size, 3 digits.
enum class Precision : u32 { full, half };

// PyTorch's counters of batches (*.num_batches_tracked): whole numbers, of no use to a network
// here.
bool is_counter_name(std::string_view name);

// The product of dims. Code::too_large for more than 8 dims or kMaxWeightValues values, or for one
// dim that is more, though another be 0; without overflow on the way.
Result<u64> count_values(std::string_view name, std::span<const u64> dims);

// The problem that keeps `file` from being written: values that are not finite (or too large for
// half precision), dims that do not fit the values, a name twice, sizes above the caps.
std::optional<Problem> check_writable(const WeightFile& file, Precision precision);

// The problem of a tensor that was read: Code::bad_file when a value is not finite, naming it.
std::optional<Problem> check_finite(const TensorData& tensor);

}  // namespace engine::io
