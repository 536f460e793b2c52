#include "engine/io/npy.hpp"

#include <bit>
#include <cctype>
#include <charconv>

#include "engine/io/bad_file.hpp"
#include "engine/io/bytes.hpp"
#include "engine/io/half.hpp"
#include "engine/spec/strict_json.hpp"

namespace engine::io {
namespace {

using spec::Json;
using spec::shown;

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::string_view kEnding = ".npy";
constexpr std::size_t kAlignment = 64;  // of the values in a file, as NumPy has it
constexpr u64 kMaxHeader = 4096;

void write_head(Writer& to, std::string_view type, std::span<const u64> dims) {
  std::string shape;
  for (u64 d : dims) shape += std::to_string(d) + (dims.size() == 1 ? "," : ", ");
  if (dims.size() > 1) shape.resize(shape.size() - 2);
  std::string head =
      "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  while ((kMagic.size() + 4 + head.size() + 1) % kAlignment != 0) head += ' ';
  to.text(kMagic);
  to.number(u16{1});  // version 1.0
  to.number(u16(head.size() + 1));
  to.text(head + "\n");
}

// What the header says.
struct Head {
  std::string type;
  bool fortran = false;
  std::vector<u64> dims;
};

// Reads the Python literal {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, whose keys
// may come in any order, and nothing else.
class HeadParser {
 public:
  explicit HeadParser(std::string_view text) : text_(text) {}

  bool read(Head& head) {
    bool seen[3] = {false, false, false};
    if (!eat('{')) return false;
    while (!eat('}')) {
      std::string key;
      if (!quoted(key) || !eat(':')) return false;
      const int which = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (which < 0 || seen[which]) return false;
      seen[which] = true;
      const bool good = which == 0   ? quoted(head.type)
                        : which == 1 ? truth(head.fortran)
                                     : shape(head.dims);
      if (!good) return false;
      if (!eat(',')) {
        if (!eat('}')) return false;
        break;
      }
    }
    blanks();
    return seen[0] && seen[1] && seen[2] && text_.empty();
  }

 private:
  void blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  bool eat(char c) {
    blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view wanted) {
    blanks();
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }
  bool quoted(std::string& to) {
    blanks();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return false;
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return false;
    to = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }
  bool truth(bool& to) {
    to = word("True");
    return to || word("False");
  }
  bool shape(std::vector<u64>& dims) {
    if (!eat('(')) return false;
    while (!eat(')')) {
      blanks();
      u64 dim = 0;
      const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), dim);
      if (read.ec != std::errc{} || dims.size() == kMaxTensorDims) return false;
      dims.push_back(dim);
      text_.remove_prefix(std::size_t(read.ptr - text_.data()));
      if (!eat(',')) return eat(')');
    }
    return true;
  }

  std::string_view text_;
};

Result<Head> read_head(Reader& reader, const std::string& name) {
  const bool magic = reader.text(kMagic.size()) == kMagic;
  const u8 major = reader.number<u8>();
  reader.number<u8>();
  const u64 size = major == 1 ? reader.number<u16>() : reader.number<u32>();
  if (!reader.ok() || !magic || major < 1 || major > 3 || size > kMaxHeader)
    return bad_file(shown(name) + " is no NumPy array, or one of a newer format.");
  Head head;
  if (!HeadParser(reader.text(size)).read(head) || !reader.ok())
    return bad_file(shown(name) + " has a header that is not one of a plain NumPy array.");
  return head;
}

f32 read_value(Reader& reader, u64 size) {
  return size == 4   ? reader.number<f32>()
         : size == 2 ? from_half(reader.number<u16>())
                     : f32(reader.number<double>());
}

// Fortran order has the first index running fastest.
std::vector<f32> to_c_order(const std::vector<f32>& values, const std::vector<u64>& dims) {
  std::vector<f32> ordered(values.size());
  for (u64 i = 0; i < values.size(); ++i) {
    u64 rest = i, at = 0, step = 1;
    std::vector<u64> index(dims.size());
    for (std::size_t d = dims.size(); d-- > 0; rest /= dims[d]) index[d] = rest % dims[d];
    for (std::size_t d = 0; d < dims.size(); step *= dims[d++]) at += index[d] * step;
    ordered[std::size_t(i)] = values[std::size_t(at)];
  }
  return ordered;
}

bool is_extra(std::string_view name) {
  return name.starts_with("golden_") || name.starts_with("atelier");
}

}  // namespace

Bytes write_npy(std::span<const u64> dims, std::span<const f32> values) {
  Writer to;
  write_head(to, "<f4", dims);
  to.raw(std::as_bytes(values));
  return to.take();
}

Bytes write_npy(std::span<const u64> dims, std::span<const u8> values) {
  Writer to;
  write_head(to, "|u1", dims);
  to.raw(std::as_bytes(values));
  return to.take();
}

Result<TensorData> read_npy(std::span<const std::byte> bytes, std::string_view called) {
  const std::string name(called.substr(0, 200));
  Reader reader(bytes);
  const Result<Head> head = read_head(reader, name);
  if (!head.ok()) return head.problem();
  const Result<u64> count = count_values(name, head->dims);
  if (!count.ok()) return count.problem();
  const bool counter = head->type == "<i8" && is_counter_name(name);
  const u64 size = head->type == "<f4"              ? 4
                   : head->type == "<f2"            ? 2
                   : head->type == "<f8" || counter ? 8
                                                    : 0;
  if (size == 0) {
    return bad_file("The array " + shown(name) + " is of type " + shown(head->type) +
                    ". Save it with .astype(numpy.float32).");
  }
  if (reader.left() != *count * size) {
    return bad_file("The array " + shown(name) + " should have " + std::to_string(*count * size) +
                    " bytes of values but has " + std::to_string(reader.left()) + ".");
  }
  TensorData tensor{name, head->dims, {}};
  if (counter) return tensor;
  tensor.values.resize(std::size_t(*count));
  for (f32& value : tensor.values) value = read_value(reader, size);
  if (head->fortran) tensor.values = to_c_order(tensor.values, tensor.dims);
  if (auto problem = check_finite(tensor)) return *problem;
  return tensor;
}

Bytes write_notes(const std::map<std::string, std::string>& metadata) {
  Json json = Json::object();
  for (const auto& [key, value] : metadata) json[key] = value;
  const std::string text = spec::dump_json(json);
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

Result<std::map<std::string, std::string>> read_notes(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Result<Json> json = spec::parse_json(text, kMaxWeightHeader, "The file's atelier.json");
  if (!json.ok()) return bad_file(json.problem().sentence);
  if (!json->is_object()) return bad_file("The file's atelier.json must be an object of texts.");
  std::map<std::string, std::string> notes;
  for (const auto& [key, value] : json->items()) {
    if (!value.is_string())
      return bad_file("The file's atelier.json may hold texts only, but " + shown(key) +
                      " is none.");
    notes[key] = value.get_ref<const std::string&>();
  }
  return notes;
}

Result<Bytes> write_npz(const WeightFile& file, std::span<const ZipEntry> extras) {
  if (auto problem = check_writable(file, Precision::full)) return *problem;
  std::vector<ZipEntry> entries;
  for (const TensorData& tensor : file.tensors) {
    if (is_extra(tensor.name))
      return bad_file("A tensor cannot be called " + shown(tensor.name) + ".");
    entries.push_back({tensor.name + std::string(kEnding), write_npy(tensor.dims, tensor.values)});
  }
  entries.push_back({std::string(kNotesEntry), write_notes(file.metadata)});
  entries.insert(entries.end(), extras.begin(), extras.end());
  return write_zip(entries, kAlignment);
}

Result<WeightFile> read_npz(std::span<const std::byte> bytes) {
  const Result<Zip> zip = Zip::open(bytes);
  if (!zip.ok()) return zip.problem();
  WeightFile file;
  u64 values = 0;
  for (std::string_view entry : zip->names()) {
    if (is_extra(entry) && entry != kNotesEntry) continue;
    const bool array = entry.ends_with(kEnding);
    if (!array && entry != kNotesEntry)
      return bad_file("The archive holds " + shown(entry) + ", which is no array.");
    const Result<Bytes> data = zip->read(entry, array ? kMaxArrayBytes : kMaxWeightHeader);
    if (!data.ok()) return data.problem();
    if (!array) {
      auto notes = read_notes(*data);
      if (!notes.ok()) return notes.problem();
      file.metadata = std::move(notes).value();
      continue;
    }
    Result<TensorData> tensor = read_npy(*data, entry.substr(0, entry.size() - kEnding.size()));
    if (!tensor.ok()) return tensor.problem();
    if (is_counter_name(tensor->name)) continue;
    values += tensor->values.size();
    file.tensors.push_back(std::move(*tensor));
    if (file.tensors.size() > kMaxWeightTensors || values > kMaxWeightValues)
      return Problem{Code::too_large, "The archive holds too many arrays or values."};
  }
  return file;
}

}  // namespace engine::io
