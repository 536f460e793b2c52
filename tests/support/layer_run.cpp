#include "tests/support/layer_run.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/random.hpp"

namespace test {

using engine::Purpose;
using engine::Rng;
namespace nn = engine::nn;

LayerRun::LayerRun(nn::Layer& layer, engine::Shape input, int batch, int threads, engine::u64 seed)
    : layer_(layer), input_(input), batch_(batch), pool_(threads), infos_(layer.tensors()) {
  const nn::Memory memory = layer.memory(batch);
  saved_ = engine::Arena(memory.saved);
  shared_ = engine::Arena(memory.shared);
  pool_.reserve_scratch(memory.worker);
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    values_.emplace_back(infos_[i].size(), infos_[i].fill);
    grads_.emplace_back(infos_[i].size(), 0.0f);
    Rng rng(seed, Purpose::init, 0, engine::u32(i));
    if (infos_[i].fan_in > 0) {
      for (engine::f32& v : values_[i]) v = rng.uniform(-1, 1);
    }
  }
  std::vector<nn::Bound> bound;
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    bound.push_back(
        {values_[i].data(), infos_[i].role == nn::Role::buffer ? nullptr : grads_[i].data()});
  }
  layer.bind(bound);
  for (int n = 0; n < batch; ++n) samples_.push_back(engine::u32(n));
}

std::size_t LayerRun::find(std::string_view tensor) const {
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (infos_[i].name == tensor) return i;
  }
  ENSURE(false, "the layer has no such tensor");
  return 0;
}

void LayerRun::set(std::string_view tensor, const Floats& values) {
  Floats& to = values_[find(tensor)];
  ENSURE(to.size() == values.size(), "as many values as the tensor holds");
  std::ranges::copy(values, to.begin());
}

Floats LayerRun::value(std::string_view tensor) const { return values_[find(tensor)]; }

Floats LayerRun::grad(std::string_view tensor) const { return grads_[find(tensor)]; }

void LayerRun::key(engine::u64 seed, engine::u32 epoch, std::vector<engine::u32> samples) {
  seed_ = seed;
  epoch_ = epoch;
  samples_ = std::move(samples);
}

nn::Pass LayerRun::pass() {
  return {.pool = &pool_,
          .training = training_,
          .seed = seed_,
          .epoch = epoch_,
          .samples = samples_,
          .saved = saved_.data(),
          .shared = shared_.data()};
}

Floats LayerRun::forward(const Floats& x, bool training) {
  training_ = training;
  x_ = x;
  y_.assign(std::size_t(batch_) * layer_.output().size(), 0.0f);
  ENSURE(x.size() == std::size_t(batch_) * input_.size(), "x is a batch of inputs");
  layer_.forward(pass(), this->x(), {y_.data(), batch_, layer_.output()});
  return y_;
}

Floats LayerRun::backward(const Floats& dy) {
  ENSURE(dy.size() == y_.size(), "dy has the shape of y");
  Floats dx(x_.size());
  layer_.backward(pass(), x(), {y_.data(), batch_, layer_.output()},
                  {dy.data(), batch_, layer_.output()}, {dx.data(), batch_, input_});
  return dx;
}

Floats normals(std::size_t n, engine::u64 seed) {
  Rng rng(seed, Purpose::probe, 77);
  Floats values(n);
  for (engine::f32& v : values) v = rng.normal();
  return values;
}

std::vector<engine::u8> labels(std::size_t n, int classes, engine::u64 seed) {
  Rng rng(seed, Purpose::probe, 78);
  std::vector<engine::u8> values(n);
  for (engine::u8& v : values) v = engine::u8(rng.below(engine::u32(classes)));
  return values;
}

Floats slice(const Floats& values, std::size_t begin, std::size_t n) {
  const auto at = values.begin() + std::ptrdiff_t(begin);
  return {at, at + std::ptrdiff_t(n)};
}

}  // namespace test
