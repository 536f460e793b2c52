// NumPy arrays: one as .npy, a network's weights as .npz, which numpy.load reads.
//
// An .npz of ours holds an array for each tensor under its PyTorch name, and what it says about
// itself as atelier.json. Reading is total: float16, float32 and float64 arrays, little-endian, in
// C or Fortran order, stored or compressed; nothing is ever unpickled.
#pragma once
#include <span>
#include <string>

#include "engine/io/weight_file.hpp"
#include "engine/io/zip.hpp"

namespace engine::io {

Bytes write_npy(std::span<const u64> dims, std::span<const f32> values);
Bytes write_npy(std::span<const u64> dims, std::span<const u8> values);

// `name` is the tensor's, and stands in sentences. Code::bad_file, too_large.
Result<TensorData> read_npy(std::span<const std::byte> bytes, std::string_view name);

// `extras` are further entries (whole file names); they are skipped by read_npz when their names
// begin with "golden_" or "atelier". Code::bad_file, too_large: both ways.
Result<Bytes> write_npz(const WeightFile& file, std::span<const ZipEntry> extras = {});
Result<WeightFile> read_npz(std::span<const std::byte> bytes);

// The notes of a file as the JSON of atelier.json, in archives of any kind.
inline constexpr std::string_view kNotesEntry = "atelier.json";
Bytes write_notes(const std::map<std::string, std::string>& metadata);
Result<std::map<std::string, std::string>> read_notes(std::span<const std::byte> bytes);

}  // namespace engine::io
