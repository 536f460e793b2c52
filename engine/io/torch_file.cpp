#include "engine/io/torch_file.hpp"

#include <algorithm>
#include <map>

#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/half.hpp"
#include "engine/io/npy.hpp"
#include "engine/io/pickle.hpp"
#include "engine/spec/strict_json.hpp"
#include "engine/spec/words.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kPickle = "/data.pkl";
constexpr std::string_view kMean = ".running_mean";
constexpr std::size_t kAlignment = 64;  // of the values in a file, as PyTorch has it
const std::string kFolder = "model/";

using spec::grouped;
using spec::shown;

Bytes copy_of(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

// The tensors as the pickle names them, with BatchNorm's counter after its statistics, and their
// values, one record each.
void add_record(std::vector<PickledTensor>& tensors, std::vector<ZipEntry>& records,
                PickledTensor tensor, Bytes values) {
  tensor.key = std::to_string(tensors.size());
  records.push_back({kFolder + "data/" + tensor.key, std::move(values)});
  tensors.push_back(std::move(tensor));
}

u64 size_of(std::string_view storage) {
  if (storage == "FloatStorage") return 4;
  if (storage == "HalfStorage" || storage == "BFloat16Storage") return 2;
  if (storage == "DoubleStorage" || storage == "LongStorage") return 8;
  return 0;
}

f32 value_at(std::string_view storage, std::span<const std::byte> values, u64 index, u64 size) {
  Reader reader(values.subspan(std::size_t(index * size)));
  if (storage == "FloatStorage") return reader.number<f32>();
  if (storage == "HalfStorage") return from_half(reader.number<u16>());
  if (storage == "BFloat16Storage") return from_bfloat16(reader.number<u16>());
  return f32(reader.number<double>());
}

// Whether the last value of a view lies in a storage of `available` values; nothing overflows.
bool view_fits(const PickledTensor& tensor, u64 count, u64 available) {
  if (count == 0) return true;
  u64 last = tensor.offset;
  if (last >= available) return false;
  for (std::size_t d = 0; d < tensor.dims.size(); ++d) {
    const u64 steps = tensor.dims[d] - 1, stride = tensor.strides[d];
    if (steps == 0) continue;
    if (stride > available / steps) return false;
    last += steps * stride;
    if (last >= available) return false;
  }
  return true;
}

Result<TensorData> read_values(const PickledTensor& view, std::span<const std::byte> values) {
  const Result<u64> count = count_values(view.name, view.dims);
  if (!count.ok()) return count.problem();
  const u64 size = size_of(view.storage);
  if (size == 0 || view.storage == "LongStorage") {
    return bad_file("The tensor " + shown(view.name) + " is a " + shown(view.storage) +
                    ". Convert the model with model.float().");
  }
  const u64 available = u64(values.size()) / size;
  if (*count > available) {  // strides of 0 would make millions of values of one
    return bad_file(
        "The tensor " + shown(view.name) + " claims " + grouped(*count) +
        " values, but its storage holds " + grouped(available) +
        ". The file is damaged, or the tensor was expanded, which no state_dict needs: save "
        "it with .contiguous().");
  }
  if (!view_fits(view, *count, available)) {
    return bad_file("The tensor " + shown(view.name) +
                    " reaches beyond its values. The file is damaged.");
  }
  TensorData tensor{view.name, view.dims, std::vector<f32>(std::size_t(*count))};
  for (u64 i = 0; i < *count; ++i) {
    u64 rest = i, at = view.offset;
    for (std::size_t d = view.dims.size(); d-- > 0; rest /= view.dims[d])
      at += rest % view.dims[d] * view.strides[d];
    tensor.values[std::size_t(i)] = value_at(view.storage, values, at, size);
  }
  if (auto problem = check_finite(tensor)) return *problem;
  return tensor;
}

// Records by name; each is read once, however many tensors share it.
class Storages {
 public:
  Storages(const Zip& zip, std::string folder) : zip_(zip), folder_(std::move(folder)) {}

  Result<std::span<const std::byte>> get(const std::string& key) {
    const auto known = read_.find(key);
    if (known != read_.end()) return std::span<const std::byte>(known->second);
    Result<Bytes> record = zip_.read(folder_ + "data/" + key, kMaxArrayBytes);
    if (!record.ok() && record.problem().code == Code::too_large) return record.problem();
    if (!record.ok()) return bad_file(record.problem().sentence);
    bytes_ += record->size();
    if (bytes_ > 2 * kMaxArrayBytes) {  // all weights in float64
      return Problem{Code::too_large,
                     "The file's tensors share storages that hold far more values "
                     "than they use. Save the state_dict of the model alone."};
    }
    return std::span<const std::byte>(read_[key] = std::move(record).value());
  }

 private:
  const Zip& zip_;
  std::string folder_;
  std::map<std::string, Bytes> read_;
  u64 bytes_ = 0;
};

std::optional<Problem> check_byte_order(const Zip& zip, const std::string& folder) {
  if (!zip.has(folder + "byteorder")) return {};
  const Result<Bytes> order = zip.read(folder + "byteorder", kMaxWeightHeader);
  if (!order.ok()) return order.problem();
  if (std::ranges::equal(*order, bytes_of("little"))) return {};
  return bad_file("The file was written big-endian. Save it again on an ordinary machine.");
}

}  // namespace

std::string_view pickle_of(const Zip& zip) {
  for (std::string_view name : zip.names()) {
    if (name.ends_with(kPickle) && name.find('/') == name.size() - kPickle.size()) return name;
  }
  return {};
}

Result<Bytes> write_torch(const WeightFile& file, std::span<const ZipEntry> extras) {
  if (auto problem = check_writable(file, Precision::full)) return *problem;
  std::vector<PickledTensor> tensors;
  std::vector<ZipEntry> records;
  std::string norm;  // the layer whose counter is still to come
  const auto add_counter = [&] {
    if (!norm.empty()) {
      add_record(tensors, records,
                 {.name = norm + ".num_batches_tracked", .storage = "LongStorage"},
                 Bytes(sizeof(u64)));
    }
    norm.clear();
  };
  for (const TensorData& tensor : file.tensors) {
    if (is_counter_name(tensor.name))
      return bad_file("A tensor cannot be called " + shown(tensor.name) + ".");
    if (!norm.empty() && !tensor.name.starts_with(norm + ".")) add_counter();
    if (tensor.name.ends_with(kMean))
      norm = tensor.name.substr(0, tensor.name.size() - kMean.size());
    add_record(tensors, records,
               {.name = tensor.name, .storage = "FloatStorage", .dims = tensor.dims},
               copy_of(std::as_bytes(std::span(tensor.values))));
  }
  add_counter();
  std::vector<ZipEntry> entries{{kFolder + "data.pkl", write_state_dict(tensors)},
                                {kFolder + "byteorder", copy_of(bytes_of("little"))}};
  std::ranges::move(records, std::back_inserter(entries));
  entries.push_back({kFolder + "version", copy_of(bytes_of("3\n"))});
  entries.push_back({kFolder + std::string(kNotesEntry), write_notes(file.metadata)});
  for (const ZipEntry& extra : extras) entries.push_back({kFolder + extra.name, extra.data});
  return write_zip(entries, kAlignment);
}

Result<WeightFile> read_torch(std::span<const std::byte> bytes) {
  const Result<Zip> zip = Zip::open(bytes);
  if (!zip.ok()) return zip.problem();
  const std::string_view pickle = pickle_of(*zip);
  if (pickle.empty()) return bad_file("The archive holds no state_dict of PyTorch.");
  const std::string folder(pickle.substr(0, pickle.size() + 1 - kPickle.size()));
  if (auto problem = check_byte_order(*zip, folder)) return *problem;
  const Result<Bytes> data = zip->read(pickle, kMaxPickleBytes);
  if (!data.ok()) return data.problem();
  const auto views = read_state_dict(*data);
  if (!views.ok()) return views.problem();
  WeightFile file;
  Storages storages(*zip, folder);
  u64 values = 0;
  for (const PickledTensor& view : *views) {
    if (is_counter_name(view.name)) continue;
    const auto storage = storages.get(view.key);
    if (!storage.ok()) return storage.problem();
    Result<TensorData> tensor = read_values(view, *storage);
    if (!tensor.ok()) return tensor.problem();
    values += tensor->values.size();
    if (values > kMaxWeightValues) return Problem{Code::too_large, "The file has too many values."};
    file.tensors.push_back(std::move(*tensor));
  }
  const std::string notes = folder + std::string(kNotesEntry);
  if (!zip->has(notes)) return file;
  const Result<Bytes> text = zip->read(notes, kMaxWeightHeader);
  if (!text.ok()) return text.problem();
  auto metadata = read_notes(*text);
  if (!metadata.ok()) return metadata.problem();
  file.metadata = std::move(metadata).value();
  return file;
}

}  // namespace engine::io
