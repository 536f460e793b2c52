#include "engine/io/safetensors.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/half.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

using spec::grouped;
using spec::Json;
using spec::quoted;
using spec::shown;

constexpr std::string_view kMetadata = "__metadata__";

// --- writing

std::string header_text(const WeightFile& file, u64 value_bytes, const char* dtype) {
  Json header = Json::object();
  if (!file.metadata.empty()) {
    Json metadata = Json::object();
    for (const auto& [key, value] : file.metadata) metadata[key] = value;
    header[std::string(kMetadata)] = std::move(metadata);
  }
  u64 at = 0;
  for (const TensorData& tensor : file.tensors) {
    const u64 end = at + tensor.values.size() * value_bytes;
    header[tensor.name] = {{"dtype", dtype}, {"shape", tensor.dims}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = spec::dump_json(header);
  while (text.size() % 8 != 0) text += ' ';  // so that the values begin at a multiple of 8
  return text;
}

// --- reading

// What the header says of one tensor.
struct Entry {
  std::string name, dtype;
  std::vector<u64> dims;
  u64 count = 1;
  u64 begin = 0, end = 0;
};

u64 size_of(const std::string& dtype) {
  if (dtype == "F32") return 4;
  if (dtype == "F16" || dtype == "BF16") return 2;
  return 0;
}

bool is_list_of_numbers(const Json& json, std::size_t low, std::size_t high) {
  return json.is_array() && json.size() >= low && json.size() <= high &&
         std::all_of(json.begin(), json.end(),
                     [](const Json& n) { return n.is_number_unsigned(); });
}

// Numbers that are u64 or nothing: no conversion can fail.
Result<Entry> read_entry(const std::string& name, const Json& json) {
  Entry entry;
  entry.name = name;
  for (const char* key : {"dtype", "shape", "data_offsets"}) {
    if (!json.is_object() || json.size() != 3 || !json.contains(key)) {
      return bad_file("The tensor " + shown(name) +
                      " must have dtype, shape and data_offsets, and nothing else.");
    }
  }
  const Json &dtype = json["dtype"], &shape = json["shape"], &offsets = json["data_offsets"];
  if (!dtype.is_string()) return bad_file("The dtype of " + shown(name) + " must be text.");
  if (!is_list_of_numbers(shape, 0, kMaxTensorDims)) {
    return bad_file("The shape of " + shown(name) +
                    " must be a list of at most 8 whole numbers, is " + quoted(shape) + ".");
  }
  if (!is_list_of_numbers(offsets, 2, 2)) {
    return bad_file("The data_offsets of " + shown(name) + " must be two whole numbers, are " +
                    quoted(offsets) + ".");
  }
  entry.dtype = dtype.get_ref<const std::string&>();
  entry.begin = offsets[0].get<u64>();
  entry.end = offsets[1].get<u64>();
  for (const Json& d : shape) entry.dims.push_back(d.get<u64>());
  const Result<u64> count = count_values(name, entry.dims);
  if (!count.ok()) return count.problem();
  entry.count = *count;
  return entry;
}

bool is_counter(const Entry& entry) {
  return entry.dtype == "I64" && entry.dims.empty() && is_counter_name(entry.name);
}

std::optional<Problem> check_entry(const Entry& entry, u64 expected_begin) {
  const u64 size = is_counter(entry) ? 8 : size_of(entry.dtype);
  if (size == 0) {
    return bad_file("The tensor " + shown(entry.name) + " is of type " + shown(entry.dtype) +
                    ". Convert it to F32, F16 or BF16.");
  }
  if (entry.begin != expected_begin || entry.end < entry.begin ||
      entry.end - entry.begin != entry.count * size) {
    return bad_file("The tensor " + shown(entry.name) + " lies at " + grouped(entry.begin) +
                    " to " + grouped(entry.end) + ", but should lie at " + grouped(expected_begin) +
                    " to " + grouped(expected_begin + entry.count * size) +
                    ". The file is damaged.");
  }
  return {};
}

Result<TensorData> read_values(const Entry& entry, Reader& reader) {
  TensorData tensor{entry.name, entry.dims, std::vector<f32>(std::size_t(entry.count))};
  const bool full = entry.dtype == "F32", half = entry.dtype == "F16";
  for (f32& value : tensor.values) {
    value = full   ? reader.number<f32>()
            : half ? from_half(reader.number<u16>())
                   : from_bfloat16(reader.number<u16>());
  }
  if (auto problem = check_finite(tensor)) return *problem;
  return tensor;
}

std::optional<Problem> read_metadata(const Json& json, WeightFile& file) {
  if (!json.is_object()) return bad_file("__metadata__ must be an object of texts.");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string())
      return bad_file("__metadata__ may hold texts only, but " + shown(key) + " is " +
                      quoted(value) + ".");
    file.metadata[key] = value.get_ref<const std::string&>();
  }
  return {};
}

Result<Json> read_header(Reader& reader) {
  const u64 size = reader.number<u64>();
  if (!reader.ok()) return bad_file("The file is too short to be safetensors.");
  if (size > kMaxWeightHeader) {
    return Problem{Code::too_large, "This is not a safetensors file, or its header of " +
                                        grouped(size) + " bytes is above " +
                                        grouped(kMaxWeightHeader) + "."};
  }
  const std::string_view text = reader.text(size);
  if (!reader.ok())
    return bad_file("The file ends within its header of " + grouped(size) +
                    " bytes. It is truncated.");
  if (text.empty() || text[0] != '{')
    return bad_file("This is not a safetensors file: its header does not begin with {.");
  Result<Json> json = spec::parse_json(text, kMaxWeightHeader, "The file's header");
  if (!json.ok()) return bad_file(json.problem().sentence);
  return json;
}

// All entries in the order of their values, without holes, overlaps or bytes left over.
Result<std::vector<Entry>> read_entries(const Json& header, u64 data_bytes, WeightFile& file) {
  std::vector<Entry> entries;
  u64 values = 0;
  for (const auto& [name, json] : header.items()) {
    if (name == kMetadata) {
      if (auto problem = read_metadata(json, file)) return *problem;
      continue;
    }
    Result<Entry> entry = read_entry(name, json);
    if (!entry.ok()) return entry.problem();
    values += entry->count;
    entries.push_back(std::move(*entry));
    if (entries.size() > kMaxWeightTensors || values > kMaxWeightValues) {
      return Problem{Code::too_large, "The file has more than " + grouped(kMaxWeightTensors) +
                                          " tensors or " + grouped(kMaxWeightValues) + " values."};
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;  // empty tensors first
  });
  u64 at = 0;
  for (const Entry& entry : entries) {
    if (auto problem = check_entry(entry, at)) return *problem;
    at = entry.end;
  }
  if (at != data_bytes) {
    return bad_file("The file has " + grouped(data_bytes) +
                    " bytes of values, but its header describes " + grouped(at) + ". It is " +
                    (at > data_bytes ? "truncated." : "damaged."));
  }
  return entries;
}

}  // namespace

Result<std::vector<std::byte>> write_safetensors(const WeightFile& file, Precision precision) {
  const u64 value_bytes = precision == Precision::half ? 2 : 4;
  if (auto problem = check_writable(file, precision)) return *problem;
  u64 values = 0;
  for (const TensorData& tensor : file.tensors) {
    if (tensor.name == kMetadata)
      return bad_file("A tensor cannot be called __metadata__. Rename it.");
    values += tensor.values.size();
  }
  const std::string header =
      header_text(file, value_bytes, precision == Precision::half ? "F16" : "F32");
  if (header.size() > kMaxWeightHeader)
    return Problem{Code::too_large, "The notes are too large for one file. Shorten them."};
  Writer writer;
  writer.reserve(8 + header.size() + std::size_t(values * value_bytes));
  writer.number(u64(header.size()));
  writer.text(header);
  for (const TensorData& tensor : file.tensors) {
    if (precision == Precision::full) {
      writer.raw(std::as_bytes(std::span(tensor.values)));
    } else {
      for (f32 value : tensor.values) writer.number(to_half(value));
    }
  }
  return writer.take();
}

Result<WeightFile> read_safetensors(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  Result<Json> header = read_header(reader);
  if (!header.ok()) return header.problem();
  WeightFile file;
  Result<std::vector<Entry>> entries = read_entries(*header, reader.left(), file);
  if (!entries.ok()) return entries.problem();
  for (const Entry& entry : *entries) {
    if (is_counter(entry)) {
      reader.number<u64>();
      continue;
    }
    Result<TensorData> tensor = read_values(entry, reader);
    if (!tensor.ok()) return tensor.problem();
    file.tensors.push_back(std::move(*tensor));
  }
  return file;
}

}  // namespace engine::io
