#include "engine/train/examples.hpp"

#include <optional>

#include "engine/data/permutation.hpp"
#include "engine/sketch/garments.hpp"
#include "engine/sketch/studio.hpp"
#include "engine/train/augment.hpp"

namespace engine::train {
namespace {

enum class Kind { image, version, drawing, nothing };

std::vector<Kind> kinds_of(const data::Images& images, const spec::Train& train, u32 label) {
  std::vector<Kind> kinds{Kind::image};
  if (images.h != sketch::kSide || images.w != sketch::kSide) return kinds;
  if (train.versions > 0) kinds.push_back(Kind::version);
  if (train.drawings > 0 && label < sketch::kGarmentClasses) kinds.push_back(Kind::drawing);
  if (train.nothings > 0) kinds.push_back(Kind::nothing);
  return kinds;
}

}  // namespace

std::vector<u8> examples(const data::Images& images, const spec::Train& train, u32 index, u32 seed,
                         u32 count) {
  const u32 label = images.labels[index];
  const std::vector<Kind> kinds = kinds_of(images, train, label);
  std::optional<sketch::Studio> studio;
  if (kinds.size() > 1) studio.emplace();
  const data::Permutation permutation(train.permute, images.area());
  std::vector<f32> plain(images.area()), changed(images.area());
  std::vector<u8> pixels;
  pixels.reserve(std::size_t(count) * images.area());
  for (u32 i = 0; i < count; ++i) {
    const sketch::Key key{seed, i, index};
    u8 shown = 0;
    switch (kinds[i % kinds.size()]) {
      case Kind::image:
        data::assemble(images, {&index, 1}, plain, {&shown, 1});
        break;
      case Kind::version:
        studio->version(images.image(index), key, plain);
        break;
      case Kind::drawing:
        studio->garment(label, key, plain);
        break;
      case Kind::nothing:
        studio->nothing(key, plain);
        break;
    }
    augment_image(train.augment, seed, i, index, images.h, images.w, plain, changed);
    permutation.apply(changed, plain);
    for (f32 v : changed) pixels.push_back(data::to_pixel(v));
  }
  return pixels;
}

}  // namespace engine::train
