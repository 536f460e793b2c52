// Weights as safetensors: u64 size of the header, the header as JSON, then the tensors' values,
// little-endian and row-major, one after the other. PyTorch reads it with
// `safetensors.torch.load_file`.
//
// Reading is total: any bytes give a WeightFile or Code::bad_file / too_large with a sentence. The
// rules are those of the format's own reader (header starts with '{', no duplicate keys, no holes,
// no overlaps, no trailing bytes), and one of ours: a value that is not finite is refused, naming
// tensor and index, for no network can use it.
#pragma once
#include <span>
#include <vector>

#include "engine/io/weight_file.hpp"

namespace engine::io {

// Code::bad_file for values that are not finite (or too large for half precision), dims that do not
// fit the values, names twice. Data starts at a multiple of 8 bytes.
Result<std::vector<std::byte>> write_safetensors(const WeightFile& file,
                                                 Precision precision = Precision::full);

// Reads F32, F16 and BF16, all into f32. PyTorch's counters (*.num_batches_tracked, I64) are
// checked and skipped.
Result<WeightFile> read_safetensors(std::span<const std::byte> bytes);

}  // namespace engine::io
