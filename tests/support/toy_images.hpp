// Small labelled images that a network can learn in a few steps, and a small network with every
// kind of state: batch statistics (buffers), dropout (random masks), a partial last batch.
#pragma once
#include "engine/data/dataset.hpp"
#include "engine/spec/layers.hpp"
#include "engine/spec/train.hpp"

namespace test {

// `count` images of h x w, labels at random below `classes`: dark noise with one bright band of
// rows, its place given by the label. h >= classes.
engine::data::Images toy_images(engine::u32 count, int h, int w, int classes, engine::u64 seed);

// Convolution, batch normalisation, ReLU, dropout, linear, log-softmax.
engine::spec::Network toy_network(int h, int w, int classes);

// Two epochs of SGD with momentum on everything, batch 8, augmentation on.
engine::spec::Train toy_config();

}  // namespace test
