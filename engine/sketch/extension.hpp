// What an epoch has beyond the images of the data set: versions of each training image, drawings of
// each class, and pictures of none. Every one has an id above those of the images; its pixels are
// made when a batch needs them, anew in each epoch, so that none has to be kept and no network sees
// the same drawing twice. A version belongs to its image: where that validates, or was not taken,
// it never trains.
//
//   id in [0, count)                         the image of that number
//   id in [count (1 + k), count (2 + k))     version k of image id - count (1 + k)
//   id from count (1 + versions) on          drawings, the ten classes in turn; then nothings
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "engine/data/dataset.hpp"
#include "engine/sketch/studio.hpp"

namespace engine::sketch {

inline constexpr u8 kNothing = 255;  // nn::kNoClass

struct Extras {
  u32 versions = 0;  // of each image
  u32 drawings = 0;  // of each class
  u32 nothings = 0;
  bool any() const { return versions > 0 || drawings > 0 || nothings > 0; }
};

class Extension {
 public:
  Extension() = default;
  // The images are borrowed; the run uses the first `count` of them. `workers`: how many threads
  // may call assemble() at once, each with a number of its own.
  Extension(const data::Images& images, u32 count, Extras extras, u64 seed, int workers);

  // Those of the training images, of their versions, of all drawings and nothings.
  std::vector<u32> ids(std::span<const u32> training) const;

  std::optional<u32> parent(u32 id) const;  // the image that a version shows; an image's own id
  u8 label(u32 id) const;                   // kNothing where no garment is shown

  // To be called some images ahead of assemble(): what it will read comes from the memory
  // meanwhile.
  void fetch(u32 id) const;

  // x := the pixels, 0..1.
  void assemble(u32 id, u32 epoch, int worker, std::span<f32> x);

 private:
  u32 drawings() const;  // of all classes
  u32 first_drawing() const { return count_ * (extras_.versions + 1); }

  const data::Images* images_ = nullptr;
  u32 count_ = 0;
  Extras extras_;
  u64 seed_ = 0;
  std::vector<Studio> studios_;
};

}  // namespace engine::sketch
