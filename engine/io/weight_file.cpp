#include "engine/io/weight_file.hpp"

#include <cmath>
#include <set>

#include "engine/io/bad_file.hpp"
#include "engine/io/half.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

using spec::grouped;
using spec::shown;

std::optional<Problem> check_tensor(const TensorData& tensor, Precision precision) {
  const Result<u64> count = count_values(tensor.name, tensor.dims);
  if (!count.ok()) return count.problem();
  if (*count != tensor.values.size()) {
    return bad_file(shown(tensor.name) + " has " + grouped(tensor.values.size()) +
                    " values, but its shape needs " + grouped(*count) + ".");
  }
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    const f32 value =
        precision == Precision::half ? from_half(to_half(tensor.values[i])) : tensor.values[i];
    if (std::isfinite(value)) continue;
    return bad_file(
        shown(tensor.name) + "[" + std::to_string(i) + "] is " + spec::in_words(tensor.values[i]) +
        (std::isfinite(tensor.values[i])
             ? ", too large for half precision. Save in full precision."
             : ". Such weights are of no use: train again with a smaller learning rate."));
  }
  return {};
}

}  // namespace

bool is_counter_name(std::string_view name) { return name.ends_with("num_batches_tracked"); }

Result<u64> count_values(std::string_view name, std::span<const u64> dims) {
  u64 count = 1;
  for (u64 d : dims) {
    const bool fits = dims.size() <= kMaxTensorDims && d <= kMaxWeightValues &&
                      (d == 0 || count <= kMaxWeightValues / d);
    if (!fits) {
      return Problem{Code::too_large, "The tensor " + shown(name) +
                                          " is too large: at most 8 dimensions and " +
                                          grouped(kMaxWeightValues) + " values are possible."};
    }
    count *= d;
  }
  return count;
}

std::optional<Problem> check_writable(const WeightFile& file, Precision precision) {
  std::set<std::string_view> names;
  u64 values = 0;
  for (const TensorData& tensor : file.tensors) {
    if (auto problem = check_tensor(tensor, precision)) return problem;
    if (!names.insert(tensor.name).second)
      return bad_file("Two tensors are called " + shown(tensor.name) + ". Rename one.");
    values += tensor.values.size();
  }
  if (values > kMaxWeightValues || names.size() > kMaxWeightTensors) {
    return Problem{Code::too_large, "The weights are too many for one file: at most " +
                                        grouped(kMaxWeightTensors) + " tensors and " +
                                        grouped(kMaxWeightValues) + " values are written."};
  }
  return {};
}

std::optional<Problem> check_finite(const TensorData& tensor) {
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    if (std::isfinite(tensor.values[i])) continue;
    return bad_file(shown(tensor.name) + "[" + std::to_string(i) + "] is " +
                    spec::in_words(tensor.values[i]) + ". No network can use such a weight.");
  }
  return {};
}

}  // namespace engine::io
