// PyTorch's files of weights: a state_dict as torch.save writes it (since 1.6), which
// torch.load(path, weights_only=True) reads, in float32. BatchNorm's num_batches_tracked is there
// (0), so that load_state_dict(strict=True) finds all it wants. What the network says of itself
// rides in further records that PyTorch leaves alone (atelier.json).
//
// Reading executes nothing (pickle.hpp): float32, float16, bfloat16 and float64 storages, any
// strides.
#pragma once
#include <span>

#include "engine/io/weight_file.hpp"
#include "engine/io/zip.hpp"

namespace engine::io {

// `extras` are further entries, by names without the archive's folder. Code::bad_file, too_large:
// both ways.
Result<Bytes> write_torch(const WeightFile& file, std::span<const ZipEntry> extras = {});
Result<WeightFile> read_torch(std::span<const std::byte> bytes);

// The name of the archive's pickle ("model/data.pkl"); empty when `zip` is none of PyTorch's.
std::string_view pickle_of(const Zip& zip);

}  // namespace engine::io
