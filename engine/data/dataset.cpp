#include "engine/data/dataset.hpp"

#include <algorithm>

#include "engine/core/check.hpp"

namespace engine::data {
namespace {

constexpr std::array<std::string_view, 10> kFashionMnistNames{
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

}  // namespace

std::span<const std::string_view> fashion_mnist_names() { return kFashionMnistNames; }

Result<Dataset> load_fashion_mnist(const std::string& folder) {
  Result<Dataset> dataset = load_idx_folder(folder);
  if (!dataset.ok()) return dataset;
  for (const Images* part : {&dataset->train, &dataset->test}) {
    const u8 largest = *std::max_element(part->labels.begin(), part->labels.end());
    if (part->h == 28 && part->w == 28 && largest < kFashionMnistNames.size()) continue;
    return Problem{Code::bad_file, folder + " holds images of " + std::to_string(part->h) + " x " +
                                       std::to_string(part->w) + " pixels with labels up to " +
                                       std::to_string(largest) +
                                       "; FashionMNIST has 28 x 28 and labels from 0 to 9."};
  }
  return dataset;
}

void assemble(const Images& images, std::span<const u32> ids, std::span<f32> x,
              std::span<u8> labels) {
  const std::size_t area = images.area();
  ENSURE(x.size() == ids.size() * area && labels.size() == ids.size(),
         "a batch of another size than its ids");
  for (std::size_t n = 0; n < ids.size(); ++n) {
    ENSURE(ids[n] < images.count(), "no image has this id");
    const std::span<const u8> image = images.image(ids[n]);
    f32* row = x.data() + n * area;
    for (std::size_t i = 0; i < area; ++i) row[i] = pixel_value(image[i]);
    labels[n] = images.labels[ids[n]];
  }
}

void fetch(const Images& images, u32 id) {
  constexpr std::size_t kLine = 64;
  u32 bytes = 0;
  const std::span<const u8> image = images.image(id);
  for (std::size_t i = 0; i < image.size(); i += kLine) bytes += image[i];
  asm volatile("" : : "r"(bytes));  // uses them: else nothing would be read
}

}  // namespace engine::data
