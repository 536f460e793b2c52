#include "engine/sketch/extension.hpp"

#include "engine/core/check.hpp"
#include "engine/sketch/garments.hpp"

namespace engine::sketch {

Extension::Extension(const data::Images& images, u32 count, Extras extras, u64 seed, int workers)
    : images_(&images),
      count_(count),
      extras_(extras),
      seed_(seed),
      studios_(extras.any() ? std::size_t(workers) : 0) {}

u32 Extension::drawings() const { return extras_.drawings * kGarmentClasses; }

std::vector<u32> Extension::ids(std::span<const u32> training) const {
  std::vector<u32> all(training.begin(), training.end());
  const u32 drawn = drawings() + extras_.nothings;
  all.reserve(training.size() * (std::size_t(extras_.versions) + 1) + drawn);
  for (u32 k = 1; k <= extras_.versions; ++k) {
    for (u32 id : training) all.push_back(count_ * k + id);
  }
  for (u32 i = 0; i < drawn; ++i) all.push_back(first_drawing() + i);
  return all;
}

std::optional<u32> Extension::parent(u32 id) const {
  if (id >= first_drawing()) return {};
  return id % count_;
}

u8 Extension::label(u32 id) const {
  if (const auto image = parent(id)) return images_->labels[*image];
  const u32 drawing = id - first_drawing();
  return drawing < drawings() ? u8(drawing % kGarmentClasses) : kNothing;
}

void Extension::fetch(u32 id) const {
  if (id < count_) data::fetch(*images_, id);
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
  } else if (const u8 shown = label(id); shown != kNothing) {
    studio.garment(shown, key, x);
  } else {
    studio.nothing(key, x);
  }
}

}  // namespace engine::sketch
