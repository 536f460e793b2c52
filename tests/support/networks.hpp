// Small networks that between them hold every layer, and one training step on made-up samples.
#pragma once
#include <vector>

#include "engine/nn/network.hpp"
#include "engine/spec/train.hpp"
#include "tests/support/layer_run.hpp"

namespace test {

// Ragged inputs, few weights; each ends in log-probabilities or logits of three or more classes.
std::vector<engine::spec::Network> small_networks();

engine::nn::Network make(const engine::spec::Network& spec,
                         engine::u64 seed = 1);  // a spec that infer() accepts

class Training {
 public:
  Training(const engine::spec::Network& spec, engine::Pool& pool, int batch);

  engine::nn::Network& network() { return network_; }
  // One training forward, loss (nll or cross-entropy) and backward on the samples drawn from
  // `seed`; the mean loss. Allocates nothing.
  engine::f32 gradients(engine::u64 seed);
  // As gradients(), on the one sample n of another run of the same network; for a batch of 1.
  engine::f32 gradients_of(const Training& other, int n);
  // The same forward and loss without backward, on the samples of the last call.
  engine::f32 loss();
  // dx = the gradient at the output of `layer` (-1: the images), after loss() or gradients().
  void backward_to(int layer, engine::BatchOut dx);
  std::span<engine::f32> x() { return x_; }

 private:
  engine::f32 step();
  engine::nn::Pass pass() const;

  engine::nn::Network network_;
  engine::Pool& pool_;
  int batch_;
  engine::spec::Loss kind_;
  Floats x_, dy_;
  std::vector<engine::u8> labels_;
  std::vector<engine::u32> samples_;
};

}  // namespace test
