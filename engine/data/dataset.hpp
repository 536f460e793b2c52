// Labelled images in memory. Pixels stay 8-bit until a batch is assembled (60,000 images: 47 MB
// instead of 188).
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::data {

struct Images {
  int h = 0, w = 0;
  std::vector<u8> pixels;  // (count, h, w); 0 is black
  std::vector<u8> labels;  // (count)
  u32 count() const { return u32(labels.size()); }
  std::size_t area() const { return std::size_t(h) * std::size_t(w); }
  std::span<const u8> image(u32 i) const { return {pixels.data() + i * area(), area()}; }
  bool operator==(const Images&) const = default;
};

struct Dataset {
  Images train, test;
  bool operator==(const Dataset&) const = default;
};

// The ten classes of FashionMNIST, in the order of its labels.
std::span<const std::string_view> fashion_mnist_names();

// The folder in which Debian's package dataset-fashion-mnist keeps its files.
inline constexpr const char* kFashionMnistFolder = "/usr/share/datasets/fashion-mnist";

// Reads train-images-idx3-ubyte, train-labels-idx1-ubyte and the two t10k files of a folder, each
// plain or with .gz. Works for every data set in MNIST's form. Code::not_found, io_failed,
// bad_file, too_large; native builds only (in the page, chunks arrive instead: packed.hpp).
Result<Dataset> load_idx_folder(const std::string& folder);
// The same, and Code::bad_file for images of another size than 28 x 28 or labels above 9.
Result<Dataset> load_fashion_mnist(const std::string& folder = kFashionMnistFolder);

// The one formula from 8-bit to f32: value * (1/255), one rounding each, so that 0 gives 0 and 255
// gives exactly 1.
inline f32 pixel_value(u8 value) { return f32(value) * (1.0f / 255.0f); }
// And back, rounded; value 0..1.
inline u8 to_pixel(f32 value) { return u8(value * 255.0f + 0.5f); }

// x (ids, 1, h, w) := the pixels of the images of `ids`, labels (ids) := theirs. Sizes must fit
// exactly, ids must exist.
void assemble(const Images& images, std::span<const u32> ids, std::span<f32> x,
              std::span<u8> labels);

// Reads a byte of each cache line of an image, so that the memory delivers the images of a batch,
// which lie anywhere, at the same time and not one after another when each is assembled.
void fetch(const Images& images, u32 id);

}  // namespace engine::data
