#include "engine/data/idx.hpp"

#include <cstring>

#include "engine/data/files.hpp"

namespace engine::data {
namespace {

Problem bad(const std::string& name, const std::string& what) {
  return {Code::bad_file, name + " " + what};
}

u32 big_endian(std::span<const std::byte> bytes, std::size_t at) {
  return u32(bytes[at]) << 24 | u32(bytes[at + 1]) << 16 | u32(bytes[at + 2]) << 8 |
         u32(bytes[at + 3]);
}

// The header: two zeros, the type (8 for bytes), the number of dimensions, then each of them.
Result<std::vector<u32>> read_dims(std::span<const std::byte> bytes, std::size_t count,
                                   const std::string& name) {
  const std::size_t size = 4 + 4 * count;
  if (bytes.size() < size) {
    return bad(name, "has only " + std::to_string(bytes.size()) +
                         " bytes, less than the header of an IDX file.");
  }
  if (big_endian(bytes, 0) != u32(0x0800 + count)) {
    return bad(name, "is not an IDX file of 8-bit " +
                         std::string(count == 3 ? "images" : "labels") + ": it begins with " +
                         std::to_string(big_endian(bytes, 0)) + " instead of " +
                         std::to_string(0x0800 + count) + ".");
  }
  std::vector<u32> dims;
  for (std::size_t i = 0; i < count; ++i) dims.push_back(big_endian(bytes, 4 + 4 * i));
  return dims;
}

Status check_size(u64 count, u64 each, std::size_t found, std::size_t header,
                  const std::string& name) {
  if (count == 0) return bad(name, "is empty: its header says 0.");
  if (count > kMaxIdxBytes / each) {
    return Problem{Code::too_large, name + " says it holds " + std::to_string(count) +
                                        " items of " + std::to_string(each) + " bytes; at most " +
                                        std::to_string(kMaxIdxBytes) + " bytes are read."};
  }
  if (found - header != count * each) {
    return bad(name, "should have " + std::to_string(count * each) +
                         " bytes after its header, but has " + std::to_string(found - header) +
                         ". It is " + (found - header < count * each ? "truncated." : "damaged."));
  }
  return Done{};
}

std::vector<u8> copy(std::span<const std::byte> bytes) {
  std::vector<u8> values(bytes.size());
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// The plain file of a folder, or the one with .gz.
Result<std::vector<std::byte>> read_of_folder(const std::string& folder, const std::string& file) {
  Result<std::vector<std::byte>> plain = read_maybe_gzip(folder + "/" + file);
  if (plain.ok() || plain.problem().code != Code::not_found) return plain;
  Result<std::vector<std::byte>> packed = read_maybe_gzip(folder + "/" + file + ".gz");
  if (packed.ok() || packed.problem().code != Code::not_found) return packed;
  return Problem{Code::not_found,
                 folder + " has neither " + file + " nor " + file +
                     ".gz. Give a folder with the four files of a data set in MNIST's form."};
}

Result<Images> join(Result<Images> images, Result<std::vector<u8>> labels,
                    const std::string& name) {
  if (!images.ok()) return images;
  if (!labels.ok()) return labels.problem();
  const std::size_t count = images->pixels.size() / images->area();
  if (count != labels->size()) {
    return bad(name, "has " + std::to_string(count) + " images, but there are " +
                         std::to_string(labels->size()) + " labels.");
  }
  images->labels = std::move(*labels);
  return images;
}

Result<Images> load_part(const std::string& folder, const std::string& part) {
  const std::string images_file = part + "-images-idx3-ubyte",
                    labels_file = part + "-labels-idx1-ubyte";
  const Result<std::vector<std::byte>> images = read_of_folder(folder, images_file);
  if (!images.ok()) return images.problem();
  const Result<std::vector<std::byte>> labels = read_of_folder(folder, labels_file);
  if (!labels.ok()) return labels.problem();
  return join(parse_idx_images(*images, images_file), parse_idx_labels(*labels, labels_file),
              images_file);
}

}  // namespace

Result<Images> parse_idx_images(std::span<const std::byte> bytes, const std::string& name) {
  const Result<std::vector<u32>> dims = read_dims(bytes, 3, name);
  if (!dims.ok()) return dims.problem();
  const u32 count = (*dims)[0], h = (*dims)[1], w = (*dims)[2];
  if (h < 1 || w < 1 || h > kMaxIdxSide || w > kMaxIdxSide) {
    return bad(name, "holds images of " + std::to_string(h) + " x " + std::to_string(w) +
                         " pixels; sides from 1 to " + std::to_string(kMaxIdxSide) + " are read.");
  }
  const Status size = check_size(count, u64(h) * w, bytes.size(), 16, name);
  if (!size.ok()) return size.problem();
  return Images{int(h), int(w), copy(bytes.subspan(16)), {}};
}

Result<std::vector<u8>> parse_idx_labels(std::span<const std::byte> bytes,
                                         const std::string& name) {
  const Result<std::vector<u32>> dims = read_dims(bytes, 1, name);
  if (!dims.ok()) return dims.problem();
  const Status size = check_size((*dims)[0], 1, bytes.size(), 8, name);
  if (!size.ok()) return size.problem();
  return copy(bytes.subspan(8));
}

Result<std::vector<std::byte>> read_maybe_gzip(const std::string& path, u64 cap) {
  Result<std::vector<std::byte>> bytes = read_file(path, cap);
  if (!bytes.ok()) return bytes;
  return maybe_gunzip(std::move(*bytes), cap, path);
}

Result<Images> read_idx_pair(const std::string& images_path, const std::string& labels_path) {
  const Result<std::vector<std::byte>> images = read_maybe_gzip(images_path);
  if (!images.ok()) return images.problem();
  const Result<std::vector<std::byte>> labels = read_maybe_gzip(labels_path);
  if (!labels.ok()) return labels.problem();
  return join(parse_idx_images(*images, images_path), parse_idx_labels(*labels, labels_path),
              images_path);
}

Result<Dataset> load_idx_folder(const std::string& folder) {
  Result<Images> train = load_part(folder, "train");
  if (!train.ok()) return train.problem();
  Result<Images> test = load_part(folder, "t10k");
  if (!test.ok()) return test.problem();
  if (train->h != test->h || train->w != test->w) {
    return bad(folder, "has training images of " + std::to_string(train->h) + " x " +
                           std::to_string(train->w) + " pixels, but test images of " +
                           std::to_string(test->h) + " x " + std::to_string(test->w) + ".");
  }
  return Dataset{std::move(*train), std::move(*test)};
}

}  // namespace engine::data
