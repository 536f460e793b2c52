// Shapes, weights and work of a network, from its spec alone; or the sentence that says why it
// cannot be built.
#pragma once
#include <vector>

#include "engine/core/result.hpp"
#include "engine/spec/layers.hpp"

namespace engine::spec {

struct LayerFacts {
  Shape in, out;          // `in`: of the first of `from`
  std::vector<int> from;  // the layers that it reads, -1: the input
  u64 weights = 0;        // trained parameters
  u64 multiply_adds = 0;  // of one forward pass of one sample
  u64 bytes = 0;          // of its output for one sample, as f32
  int field = 1;          // receptive field: side in pixels of the square of the input that one
                          // output value depends on; at most the input's larger side
};

struct Facts {
  std::vector<LayerFacts> layers;  // one for each layer of the spec
  Shape out;
  u64 weights = 0;
  u64 multiply_adds = 0;
};

// Errors are Code::bad_spec, e.g. "conv2 expects 32 channels, gets 16. Set its input to 16, or
// conv1's output to 32." Caps: 64 layers, 16,384 channels or features, 4 M weights in one layer, 16
// M in all, 256 MiB of activations at batch 64, 255 outputs (labels are 8-bit): enough for a lab,
// small enough that no spec can exhaust a tab. As in PyTorch, Linear, BatchNorm1d, Softmax and
// LogSoftmax want a flat list and convolution, pooling and BatchNorm2d an image: Flatten and Linear
// make a list, and an input of (C, 1, 1) is one from the start.
// Every output but the last must be read by a later layer. The receptive field follows Araujo,
// Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (Distill, 2019).
Result<Facts> infer(const Network& network);

// As infer(), but never fails: facts of the layers up to the first wrong one, and the problem
// beside them with the wrong layer's index. For the editor, which shows both while the user types.
struct Draft {
  Facts facts;
  int wrong_layer = -1;  // -1: none, or the fault is of the whole network (problem.code != none)
  Problem problem;
};
Draft infer_draft(const Network& network);

}  // namespace engine::spec
