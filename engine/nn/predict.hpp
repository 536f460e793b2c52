// Classifies any number of images with a network, batch by batch.
#pragma once
#include <span>

#include "engine/nn/network.hpp"

namespace engine::nn {

// Below this share of the most likely class a network says 'not sure'. Networks that were trained
// with pictures of nothing (train: `nothings`) stay under it for what is no garment.
inline constexpr f32 kLeastSure = 0.6f;

// Whether the largest of some class probabilities reaches kLeastSure.
bool is_sure(std::span<const f32> probabilities);

// x holds N inputs, scaled as in training; labels N values; probabilities N rows of
// network.classes() values (for one output: the probability of class 1), or empty when not wanted.
// Dropout and batch statistics are off. Results do not depend on `batch` (>= 1) or on the number of
// threads. N = 0 does nothing. Classes from 255 on share the label 255. Allocates only if the
// network has no plan for such batches yet.
void predict(Network& network, Pool& pool, BatchIn x, int batch, std::span<u8> labels,
             std::span<f32> probabilities);

}  // namespace engine::nn
