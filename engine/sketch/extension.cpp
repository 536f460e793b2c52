#include "engine/sketch/extension.hpp"

#include "engine/core/check.hpp"
#include "engine/sketch/garments.hpp"

namespace engine::sketch {

Extension::Extension(const data::Images& images, u32 count, u32 versions, u32 drawings_per_class,
                     u64 seed, int workers)
    : images_(&images),
      count_(count),
      versions_(versions),
      drawings_(drawings_per_class * kGarmentClasses),
      seed_(seed),
      studios_(versions + drawings_per_class > 0 ? std::size_t(workers) : 0) {}

std::vector<u32> Extension::ids(std::span<const u32> training) const {
  std::vector<u32> all(training.begin(), training.end());
  all.reserve(training.size() * (std::size_t(versions_) + 1) + drawings_);
  for (u32 k = 1; k <= versions_; ++k) {
    for (u32 id : training) all.push_back(count_ * k + id);
  }
  for (u32 i = 0; i < drawings_; ++i) all.push_back(count_ * (versions_ + 1) + i);
  return all;
}

std::optional<u32> Extension::parent(u32 id) const {
  if (id >= count_ * (versions_ + 1)) return {};
  return id % count_;
}

u8 Extension::label(u32 id) const {
  if (const auto image = parent(id)) return images_->labels[*image];
  return u8((id - count_ * (versions_ + 1)) % kGarmentClasses);
}

void Extension::assemble(u32 id, u32 epoch, int worker, std::span<f32> x) {
  if (id < count_) {
    u8 label = 0;
    return data::assemble(*images_, std::span(&id, 1), x, std::span(&label, 1));
  }
  ENSURE(std::size_t(worker) < studios_.size(), "every thread draws in a studio of its own");
  Studio& studio = studios_[std::size_t(worker)];
  const Key key{seed_, epoch, id};
  if (const auto image = parent(id)) {
    studio.version(images_->image(*image), key, x);
  } else {
    studio.garment(label(id), key, x);
  }
}

}  // namespace engine::sketch
