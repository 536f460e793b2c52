#include "engine/cli/labelled.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>

#include "engine/cli/picture.hpp"
#include "engine/data/files.hpp"
#include "engine/data/idx.hpp"
#include "engine/kernels/image.hpp"

namespace engine::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPictures = 100'000;

// The entries of a folder that are not hidden, by name; the order is that of the images.
Result<std::vector<fs::path>> entries_of(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with(".")) paths.push_back(at->path());
  }
  if (error)
    return Problem{Code::not_found,
                   folder + " cannot be read as a folder: " + error.message() + "."};
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string plain(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      letters += char(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

// The class that a folder's name stands for.
std::optional<u8> class_of(const std::string& name) {
  u8 number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  if (read.ec == std::errc{} && read.ptr == name.data() + name.size()) return number;
  const auto names = data::fashion_mnist_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (plain(names[i]) == plain(name)) return u8(i);
  }
  return {};
}

Result<Labelled> from_idx(const fs::path& images_path, const fs::path& labels_path) {
  const auto images = data::read_idx_pair(images_path.string(), labels_path.string());
  if (!images.ok()) return images.problem();
  Labelled set;
  set.shape = {1, images->h, images->w};
  set.labels = images->labels;
  set.x.resize(images->pixels.size());
  std::transform(images->pixels.begin(), images->pixels.end(), set.x.begin(), data::pixel_value);
  set.origin = std::to_string(set.count()) + " images of " + images_path.filename().string();
  return set;
}

Status add_picture(const std::string& path, u8 label, Labelled& set) {
  const auto file = data::read_file(path);
  if (!file.ok()) return file.problem();
  const auto picture = decode_picture(*file, path);
  if (!picture.ok()) return picture.problem();
  const std::size_t at = set.x.size(), area = set.shape.size();
  set.x.resize(at + area);
  const std::span<f32> x = std::span(set.x).subspan(at, area);
  if (picture->width == set.shape.w && picture->height == set.shape.h) {
    std::transform(picture->grey.begin(), picture->grey.end(), x.begin(), data::pixel_value);
  } else {
    kernels::preprocess_image({picture->grey.data(), picture->width, picture->height}, x);
  }
  set.labels.push_back(label);
  return Done{};
}

Result<Labelled> from_pictures(const std::vector<fs::path>& folders) {
  Labelled set;
  for (const fs::path& folder : folders) {
    const std::optional<u8> label = class_of(folder.filename().string());
    if (!label) {
      return Problem{Code::bad_file, folder.string() +
                                         " is no class: name the folder by the class's number, or "
                                         "by its name in FashionMNIST."};
    }
    const auto files = entries_of(folder.string());
    if (!files.ok()) return files.problem();
    if (set.labels.size() + files->size() > kMaxPictures)
      return Problem{Code::too_large, "More than " + std::to_string(kMaxPictures) +
                                          " pictures cannot be graded on. Use fewer."};
    for (const fs::path& file : *files) {
      if (Status added = add_picture(file.string(), *label, set); !added.ok())
        return added.problem();
    }
  }
  set.origin =
      std::to_string(set.count()) + " pictures in " + std::to_string(folders.size()) + " folders";
  return set;
}

}  // namespace

Result<Labelled> load_labelled(const std::string& folder) {
  const auto entries = entries_of(folder);
  if (!entries.ok()) return entries.problem();
  std::vector<fs::path> images, labels, folders;
  for (const fs::path& path : *entries) {
    std::error_code error;
    const std::string name = path.filename().string();
    if (fs::is_directory(path, error)) folders.push_back(path);
    if (name.find("images-idx3") != std::string::npos) images.push_back(path);
    if (name.find("labels-idx1") != std::string::npos) labels.push_back(path);
  }
  const auto training = [](const fs::path& path) {
    return path.filename().string().starts_with("train");
  };
  if (images.size() > 1) std::erase_if(images, training);
  if (labels.size() > 1) std::erase_if(labels, training);
  Result<Labelled> set = images.size() == 1 && labels.size() == 1 ? from_idx(images[0], labels[0])
                                                                  : from_pictures(folders);
  if (set.ok() && set->count() == 0) {
    return Problem{Code::not_found, folder +
                                        " holds neither one pair of IDX files nor a folder of "
                                        "pictures for each class. Choose another."};
  }
  return set;
}

}  // namespace engine::cli
