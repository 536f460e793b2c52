// Examples for the eye: what training would see of one image.
#pragma once
#include <vector>

#include "engine/data/dataset.hpp"
#include "engine/spec/train.hpp"

namespace engine::train {

// `count` pictures of the images' size, one byte a pixel. The kinds that an epoch of `train` has
// take turns: the image, a version of it, a drawing of its class, a picture of nothing; each is
// then changed by the augmentation. Images of another size than 28 x 28 have no drawings. The same
// index and seed give the same pictures. index < images.count().
std::vector<u8> examples(const data::Images& images, const spec::Train& train, u32 index, u32 seed,
                         u32 count);

}  // namespace engine::train
