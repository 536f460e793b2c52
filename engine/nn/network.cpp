#include "engine/nn/network.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/core/math.hpp"
#include "engine/core/random.hpp"
#include "engine/nn/factory.hpp"

namespace engine::nn {

Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::create(const spec::Network& spec, u64 seed) {
  Result<spec::Facts> facts = spec::infer(spec);
  if (!facts) return facts.problem();
  Network network;
  network.spec_ = spec;
  network.facts_ = std::move(facts).value();
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const spec::LayerFacts& layer = network.facts_.layers[i];
    network.layers_.push_back(make_layer(spec.layers[i].layer, layer.in, int(i)));
    ENSURE(network.layers_.back()->output() == layer.out,
           "a layer's output differs from infer()'s");
  }
  network.build_tensors();
  network.initialise(seed);
  return network;
}

void Network::build_tensors() {
  // First the sizes of both blocks, then the places: spans must not move once given out.
  std::vector<std::vector<TensorInfo>> infos;
  std::size_t trained = 0, kept = 0;
  for (const auto& layer : layers_) {
    infos.push_back(layer->tensors());
    for (const TensorInfo& info : infos.back()) {
      (info.role == Role::buffer ? kept : trained) += Arena::aligned(info.size());
    }
  }
  parameters_ = Arena(trained);
  gradients_ = Arena(trained);
  buffers_ = Arena(kept);
  trained = kept = 0;
  first_trained_ = int(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    std::vector<Bound> bound;
    for (TensorInfo& info : infos[i]) {
      const bool buffer = info.role == Role::buffer;
      if (!buffer) first_trained_ = std::min(first_trained_, int(i));
      std::size_t& at = buffer ? kept : trained;
      const std::size_t size = info.size();
      Tensor tensor{.name = spec_.layers[i].name + "." + info.name,
                    .info = std::move(info),
                    .value = (buffer ? buffers_ : parameters_).span().subspan(at, size),
                    .grad = buffer ? std::span<f32>{} : gradients_.span().subspan(at, size)};
      bound.push_back({tensor.value.data(), buffer ? nullptr : tensor.grad.data()});
      tensors_.push_back(std::move(tensor));
      at += Arena::aligned(size);
    }
    layers_[i]->bind(bound);
  }
}

// Each tensor draws from a stream of its own, so that its start does not depend on the tensors
// before it.
void Network::initialise(u64 seed) {
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const Tensor& tensor = tensors_[i];
    if (tensor.info.fan_in == 0) {
      std::fill(tensor.value.begin(), tensor.value.end(), tensor.info.fill);
      continue;
    }
    Rng rng(seed, Purpose::init, 0, u32(i));
    const f32 bound = 1 / math::sqrt(f32(tensor.info.fan_in));
    for (f32& value : tensor.value) value = rng.uniform(-bound, bound);
  }
}

void Network::plan(Pool& pool, int batch, bool training) {
  ENSURE(batch >= 1, "a network is planned for at least one sample");
  batch = std::max(batch, planned_);
  training = training || planned_training_;
  const bool grow = batch > planned_ || training != planned_training_;
  const std::size_t count = layers_.size();
  std::size_t activations = 0, widest = 0, saved = 0, shared = 0, worker = 0;
  activation_at_.resize(count);
  saved_at_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Memory memory = layers_[i]->memory(batch);
    activation_at_[i] = activations;
    saved_at_[i] = saved;
    const bool shares = layers_[i]->passes_through(true) && layers_[i]->passes_through(false);
    const std::size_t out = Arena::aligned(std::size_t(batch) * facts_.layers[i].out.size());
    if (!shares) activations += out;
    widest = std::max(widest, out);
    saved += Arena::aligned(memory.saved);
    shared = std::max(shared, memory.shared);
    worker = std::max(worker, memory.worker);
  }
  pool.reserve_scratch(worker);
  if (!grow) return;
  activations_ = Arena(activations);
  shared_ = Arena(shared);
  saved_ = Arena(training ? saved : 0);
  derivatives_ = Arena(training ? 2 * widest : 0);
  planned_ = batch;
  planned_training_ = training;
  x_ = {};
}

BatchIn Network::input(int layer) const { return layer == 0 ? x_ : activation(layer - 1); }

BatchIn Network::activation(int layer) const {
  ENSURE(layer >= 0 && layer < int(layers_.size()), "no such layer");
  const Shape shape = facts_.layers[std::size_t(layer)].out;
  if (passes_through(layer)) return {input(layer).data, x_.n, shape};
  return {x_ ? activations_.data() + activation_at_[std::size_t(layer)] : nullptr, x_.n, shape};
}

Pass Network::pass_of(const Pass& pass, int layer) {
  Pass own = pass;
  own.saved = planned_training_ ? saved_.data() + saved_at_[std::size_t(layer)] : nullptr;
  own.shared = shared_.data();
  return own;
}

BatchIn Network::forward(const Pass& pass, BatchIn x) {
  ENSURE(x.n >= 1 && x.n <= planned_ && x.shape == spec_.input,
         "a batch that plan() did not make room for");
  ENSURE(pass.pool != nullptr && (planned_training_ || !pass.training),
         "training needs plan(..., true)");
  x_ = x;
  training_ = pass.training;
  for (int i = 0; i < int(layers_.size()); ++i) {
    if (passes_through(i)) continue;
    f32* y = activations_.data() + activation_at_[std::size_t(i)];
    const Shape shape = facts_.layers[std::size_t(i)].out;
    layers_[std::size_t(i)]->forward(pass_of(pass, i), input(i), {y, x.n, shape});
  }
  return activation(int(layers_.size()) - 1);
}

void Network::backward(const Pass& pass, BatchIn dy) { run_backward(pass, dy, first_trained_, {}); }

void Network::backward_to(const Pass& pass, BatchIn dy, int layer, BatchOut dx) {
  ENSURE(layer >= 0 && layer < int(layers_.size()), "no such layer");
  ENSURE(dx && dx.n == dy.n && dx.shape == facts_.layers[std::size_t(layer)].in,
         "dx has another shape");
  run_backward(pass, dy, layer, dx);
}

// Down from the last layer to `layer`, whose dx is the caller's or, without data, not computed. In
// between, the two halves of derivatives_ take turns, so that no layer reads dy from where it
// writes dx.
void Network::run_backward(const Pass& pass, BatchIn dy, int layer, BatchOut dx) {
  ENSURE(x_ && planned_training_ && pass.training == training_,
         "backward comes after a forward with the same pass");
  ENSURE(dy.n == x_.n && dy.shape.size() == facts_.out.size(),
         "dy has another shape than the output");
  std::fill_n(gradients_.data(), gradients_.size(), 0.0f);
  const std::size_t half = derivatives_.size() / 2;
  int turn = 0;
  for (int i = int(layers_.size()) - 1; i >= layer; --i) {
    const Shape shape = facts_.layers[std::size_t(i)].in;
    if (passes_through(i)) {
      dy = {dy.data, dy.n, shape};
      if (i == layer && dx) std::copy_n(dy.data, dy.size(), dx.data);
      continue;
    }
    const BatchOut out =
        i == layer ? dx : BatchOut{derivatives_.data() + std::size_t(turn) * half, x_.n, shape};
    layers_[std::size_t(i)]->backward(pass_of(pass, i), input(i), activation(i), dy, out);
    turn = 1 - turn;
    dy = {out.data, x_.n, shape};
  }
}

u64 Network::weight_hash() const {
  u64 hash = 0;
  for (const Tensor& tensor : tensors_) {
    const u64 pair[2] = {hash, hash_floats(tensor.value)};
    hash = hash_bytes(std::as_bytes(std::span(pair)));
  }
  return hash;
}

void Network::copy_weights(const Network& from) {
  ENSURE(spec_.layers == from.spec_.layers && spec_.input == from.spec_.input,
         "weights of another network");
  std::copy_n(from.parameters_.data(), parameters_.size(), parameters_.data());
  std::copy_n(from.buffers_.data(), buffers_.size(), buffers_.data());
}

}  // namespace engine::nn
