// A small fully connected network out of the lab's layers: Linear, activation, Linear, ..., Linear
// to one output, Sigmoid.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "engine/lab/layers.hpp"

namespace engine::lab {

enum class Activation : u32 { relu = 0, sigmoid = 1 };

// The parameters of all Linear layers: a copy that nothing shares with the network.
struct Weights {
  std::vector<Array> w, b;
};

class Network {
 public:
  // `hidden` may be empty: then a single Linear leads to the output.
  Network(int in, std::span<const int> hidden, Activation activation, Rng& rng);

  Array forward(const Array& x);    // x (N, in) -> y (N, 1), each within 0..1
  Array backward(const Array& dy);  // dL/dx; every Linear keeps the gradients of each sample
  void update(double rate);         // by the mean over the batch

  Weights weights() const;
  void restore(const Weights& weights);  // of a network of the same shape
  std::span<Linear* const> linears() const { return linears_; }

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<Linear*> linears_;  // those of layers_ that have parameters
};

}  // namespace engine::lab
