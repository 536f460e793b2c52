// Runs one layer outside of a network, with memory of its own: for hand-worked cases and for
// comparing batches and threads.
#pragma once
#include <string_view>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/nn/layer.hpp"

namespace test {

using Floats = std::vector<engine::f32>;

class LayerRun {
 public:
  // The layer must live as long. Tensors that start as `fill` are filled; the others are uniform in
  // +-1, by `seed`.
  LayerRun(engine::nn::Layer& layer, engine::Shape input, int batch, int threads = 1,
           engine::u64 seed = 1);

  void set(std::string_view tensor,
           const Floats& values);  // by its name; as many values as it holds
  Floats value(std::string_view tensor) const;
  Floats grad(std::string_view tensor) const;  // summed over all backward passes so far

  // Keys of randomness, and which sample each row is; until set: seed 1, epoch 0, samples 0, 1, ...
  void key(engine::u64 seed, engine::u32 epoch, std::vector<engine::u32> samples);

  Floats forward(const Floats& x, bool training = true);  // batch * input values
  Floats backward(const Floats& dy);                      // after forward; gives dx

 private:
  engine::nn::Pass pass();
  engine::BatchIn x() const { return {x_.data(), batch_, input_}; }
  std::size_t find(std::string_view tensor) const;

  engine::nn::Layer& layer_;
  engine::Shape input_;
  int batch_;
  engine::Pool pool_;
  std::vector<engine::nn::TensorInfo> infos_;
  std::vector<Floats> values_, grads_;
  engine::Arena saved_, shared_;
  bool training_ = true;
  engine::u64 seed_ = 1;
  engine::u32 epoch_ = 0;
  std::vector<engine::u32> samples_;
  Floats x_, y_;
};

Floats normals(std::size_t n, engine::u64 seed);                               // normal numbers
std::vector<engine::u8> labels(std::size_t n, int classes, engine::u64 seed);  // below `classes`
Floats slice(const Floats& values, std::size_t begin, std::size_t n);

}  // namespace test
