#include "engine/nn/network.hpp"

#include <algorithm>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/nn/factory.hpp"
#include "engine/nn/init.hpp"

namespace engine::nn {

Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::create(const spec::Network& spec, u64 seed, spec::Init init) {
  Result<spec::Facts> facts = spec::infer(spec);
  if (!facts) return facts.problem();
  Network network;
  network.spec_ = spec;
  network.facts_ = std::move(facts).value();
  network.build_nodes();
  network.build_tensors();
  network.initialise(seed, init);
  return network;
}

Network::Node Network::make_node(std::size_t at) const {
  const spec::Layer& layer = spec_.layers[at].layer;
  const spec::LayerFacts& facts = facts_.layers[at];
  Node node;
  node.from = facts.from;
  if (spec::joins(layer)) {
    std::vector<Shape> inputs;
    for (const int from : node.from)
      inputs.push_back(from < 0 ? spec_.input : facts_.layers[std::size_t(from)].out);
    node.join = make_join(layer, inputs);
  } else {
    node.layer = make_layer(layer, facts.in, int(at));
  }
  const Shape out = node.layer ? node.layer->output() : node.join->output();
  ENSURE(out == facts.out, "a layer's output differs from infer()'s");
  return node;
}

void Network::build_nodes() {
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    Node node = make_node(i);
    if (node.layer) {
      for (const TensorInfo& info : node.layer->tensors())
        node.trains = node.trains || info.role != Role::buffer;
    }
    for (const int from : node.from) {
      if (from < 0) {
        ++image_readers_;
      } else {
        ++nodes_[std::size_t(from)].readers;
        node.trains = node.trains || nodes_[std::size_t(from)].trains;
      }
    }
    nodes_.push_back(std::move(node));
  }
  share_relus();
  gradient_of_.resize(nodes_.size());
  wanted_.resize(nodes_.size());
}

// Finds the ReLUs whose work their neighbours can do: each the other's only one, but for what is
// handed on as it is.
void Network::share_relus() {
  const auto is_relu = [this](int node) {
    return std::holds_alternative<spec::ReLU>(spec_.layers[std::size_t(node)].layer);
  };
  const auto only_reader = [this](int from) {
    return from >= 0 && nodes_[std::size_t(from)].readers == 1;
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    int from = node.from[0];
    if (!node.layer || !only_reader(from)) continue;
    Node& before = nodes_[std::size_t(from)];
    if (is_relu(int(i)) && before.layer && before.layer->rectifies())
      node.done_before = before.rectifies = true;
    while (only_reader(from) && always_passes_through(from))
      from = nodes_[std::size_t(from)].from[0];
    if (!node.layer->gates() || !only_reader(from) || !is_relu(from)) continue;
    node.gates = from;
    nodes_[std::size_t(from)].done_after = true;
  }
}

void Network::build_tensors() {
  // First the sizes of both blocks, then the places: spans must not move once given out.
  std::vector<std::vector<TensorInfo>> infos;
  std::size_t trained = 0, kept = 0;
  for (const Node& node : nodes_) {
    infos.push_back(node.layer ? node.layer->tensors() : std::vector<TensorInfo>());
    for (const TensorInfo& info : infos.back()) {
      (info.role == Role::buffer ? kept : trained) += Arena::aligned(info.size());
    }
  }
  parameters_ = Arena(trained);
  gradients_ = Arena(trained);
  buffers_ = Arena(kept);
  trained = kept = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    std::vector<Bound> bound;
    for (TensorInfo& info : infos[i]) {
      const bool buffer = info.role == Role::buffer;
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
    if (nodes_[i].layer) nodes_[i].layer->bind(bound);
  }
}

void Network::initialise(u64 seed, spec::Init init) {
  for (std::size_t i = 0; i < tensors_.size(); ++i)
    nn::initialise(tensors_[i].info, init, seed, u32(i), tensors_[i].value);
}

std::vector<Lifetime> Network::output_lifetimes(int batch, Keep keep) const {
  const int count = int(nodes_.size());
  std::vector<Lifetime> lives(nodes_.size());
  for (int i = count - 1; i >= 0; --i) {
    const Node& node = nodes_[std::size_t(i)];
    Lifetime& life = lives[std::size_t(i)];
    const bool done = node.done_before && keep != Keep::activations;
    const bool idle = done || (node.layer && node.layer->passes_through(false));
    const bool shares =
        done || (idle && (keep == Keep::output || node.layer->passes_through(true)));
    life.first = keep == Keep::output ? i : 0;
    if (keep != Keep::output || i == count - 1) life.last = count;
    if (!shares)
      life.size = Arena::aligned(std::size_t(batch) * facts_.layers[std::size_t(i)].out.size());
    for (const int from : node.from) {
      if (from < 0) continue;
      Lifetime& read = lives[std::size_t(from)];  // what is handed on lives as long as its readers
      read.last = std::max({read.last, i, idle ? life.last : 0});
    }
  }
  return lives;
}

// A gradient is made by the last reader and used up by its own layer, or handed on by it.
std::vector<Lifetime> Network::gradient_lifetimes(int batch) const {
  std::vector<Lifetime> lives(nodes_.size());
  for (int i = 0; i < int(nodes_.size()); ++i) {
    const Node& node = nodes_[std::size_t(i)];
    Lifetime& life = lives[std::size_t(i)];
    const bool hands_on =
        node.done_after ||
        (node.layer && (node.layer->passes_through(true) || node.layer->passes_through(false)));
    life = {i, i, 0};
    if (hands_on && node.from[0] >= 0) life.first = lives[std::size_t(node.from[0])].first;
    for (const int from : node.from) {
      if (from < 0) continue;
      Lifetime& read = lives[std::size_t(from)];
      read.last = i;
      read.size = Arena::aligned(std::size_t(batch) * facts_.layers[std::size_t(from)].out.size());
    }
  }
  return lives;
}

Network::Room Network::room_for(int batch, Keep keep) const {
  Room room;
  if (image_readers_ > 1) room.summed = std::size_t(batch) * spec_.input.size();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    room.saved_at.push_back(room.saved);
    if (nodes_[i].readers > 1)
      room.summed = std::max(room.summed, std::size_t(batch) * facts_.layers[i].out.size());
    if (!nodes_[i].layer) continue;
    const Memory memory = nodes_[i].layer->memory(batch);
    room.saved += Arena::aligned(memory.saved);
    room.shared = std::max(room.shared, memory.shared);
    room.worker = std::max(room.worker, memory.worker);
  }
  room.outputs = share_memory(output_lifetimes(batch, keep));
  if (keep == Keep::all) {
    room.gradients = share_memory(gradient_lifetimes(batch));
  } else {
    room.saved = room.summed = 0;
    room.gradients.at.resize(nodes_.size());
  }
  return room;
}

u64 Network::bytes_for(int batch, Keep keep) const {
  const Room room = room_for(batch, keep);
  return sizeof(f32) *
         (u64(room.outputs.total) + room.gradients.total + room.saved + room.shared + room.summed);
}

void Network::plan(Pool& pool, int batch, Keep keep) {
  ENSURE(batch >= 1, "a network is planned for at least one sample");
  batch = std::max(batch, planned_);
  keep = std::max(keep, keep_);
  if (batch == planned_ && keep == keep_) return pool.reserve_scratch(scratch_);
  const Room room = room_for(batch, keep);
  scratch_ = room.worker;
  pool.reserve_scratch(scratch_);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].saved = room.saved_at[i];
    nodes_[i].output = room.outputs.at[i];
    nodes_[i].gradient = room.gradients.at[i];
  }
  activations_ = Arena(room.outputs.total);
  shared_ = Arena(room.shared);
  saved_ = Arena(room.saved);
  derivatives_ = Arena(room.gradients.total);
  sum_ = Arena(room.summed);
  planned_ = batch;
  keep_ = keep;
  x_ = {};
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
