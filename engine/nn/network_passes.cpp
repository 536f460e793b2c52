// The passes of a network through its graph.
#include <algorithm>
#include <array>

#include "engine/core/check.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/nn/network.hpp"
#include "engine/nn/ranges.hpp"

namespace engine::nn {
namespace {

void add_to(Pool& pool, const f32* x, BatchOut y) {
  run_ranges(pool, y.size(),
             [&](std::size_t at, std::size_t n) { kernels::add(x + at, y.data + at, n); });
}

}  // namespace

BatchIn Network::output(int node) const {
  if (node < 0) return x_;
  const Node& at = nodes_[std::size_t(node)];
  const Shape shape = facts_.layers[std::size_t(node)].out;
  if (passes_through(at) || (at.done_before && shares_relus()))
    return {output(at.from[0]).data, x_.n, shape};
  return {x_ ? activations_.data() + at.output : nullptr, x_.n, shape};
}

BatchIn Network::activation(int layer) const {
  ENSURE(layer >= 0 && layer < int(nodes_.size()), "no such layer");
  ENSURE(keep_ != Keep::output || layer == int(nodes_.size()) - 1,
         "activations were not planned to be kept");
  return output(layer);
}

Pass Network::pass_of(const Pass& pass, const Node& node) {
  Pass own = pass;
  own.rectify = node.rectifies && shares_relus();
  own.gate = node.gates > target_.output;
  own.saved = keep_ == Keep::all ? saved_.data() + node.saved : nullptr;
  own.shared = shared_.data();
  own.layer = int(&node - nodes_.data());
  return own;
}

void Network::run_forward(const Pass& pass, const Node& node, BatchOut y) {
  if (node.layer) return node.layer->forward(pass_of(pass, node), output(node.from[0]), y);
  std::array<BatchIn, spec::kMaxSources> inputs;
  for (std::size_t i = 0; i < node.from.size(); ++i) inputs[i] = output(node.from[i]);
  node.join->forward(*pass.pool, {inputs.data(), node.from.size()}, y);
}

BatchIn Network::forward(const Pass& pass, BatchIn x) {
  ENSURE(x.n >= 1 && x.n <= planned_ && x.shape == spec_.input,
         "a batch that plan() did not make room for");
  ENSURE(pass.pool != nullptr && (keep_ == Keep::all || !pass.training),
         "training needs plan(..., Keep::all)");
  x_ = x;
  training_ = pass.training;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (passes_through(nodes_[i]) || (nodes_[i].done_before && shares_relus())) continue;
    run_forward(pass, nodes_[i],
                {activations_.data() + nodes_[i].output, x.n, facts_.layers[i].out});
    if (pass.watch) pass.watch->done(int(i), Work::forward);
  }
  return output(int(nodes_.size()) - 1);
}

void Network::backward(const Pass& pass, BatchIn dy) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) wanted_[i] = nodes_[i].trains;
  run_backward(pass, dy, kNowhere, {});
}

void Network::backward_to(const Pass& pass, BatchIn dy, int layer, BatchOut dx) {
  ENSURE(layer >= -1 && layer < int(nodes_.size()), "no such layer");
  const Shape shape = layer < 0 ? spec_.input : facts_.layers[std::size_t(layer)].out;
  ENSURE(dx && dx.n == dy.n && dx.shape == shape, "dx has another shape");
  for (int i = 0; i < int(nodes_.size()); ++i) {
    const auto wanted = [&](int from) {
      return from == layer || (from >= 0 && wanted_[std::size_t(from)]);
    };
    const std::vector<int>& from = nodes_[std::size_t(i)].from;
    wanted_[std::size_t(i)] = i > layer && std::any_of(from.begin(), from.end(), wanted);
  }
  if (layer == int(nodes_.size()) - 1) {
    std::fill_n(gradients_.data(), gradients_.size(), 0.0f);
    std::copy_n(dy.data, dy.size(), dx.data);
    return;
  }
  run_backward(pass, dy, layer, dx);
}

// wanted_ says whose outputs' gradients are needed. The gradient at `target` goes to the caller's
// dx.
void Network::run_backward(const Pass& pass, BatchIn dy, int target, BatchOut dx) {
  ENSURE(x_ && keep_ == Keep::all && pass.training == training_,
         "backward comes after a forward with the same pass");
  ENSURE(dy.n == x_.n && dy.shape.size() == facts_.out.size(),
         "dy has another shape than the output");
  std::fill_n(gradients_.data(), gradients_.size(), 0.0f);
  std::fill(gradient_of_.begin(), gradient_of_.end(), BatchIn{});
  if (pass.watch) pass.watch->done(int(nodes_.size()) - 1, Work::clearing);
  target_ = {target, dx, false};
  gradient_of_.back() = {dy.data, dy.n, facts_.out};
  for (int i = int(nodes_.size()) - 1; i >= 0; --i) {
    if (!wanted_[std::size_t(i)]) continue;
    const Node& node = nodes_[std::size_t(i)];
    const BatchIn own = gradient_of_[std::size_t(i)];
    if (node.layer && !is_wanted(node.from[0]) && !passes_through(node)) {
      node.layer->backward(pass_of(pass, node), output(node.from[0]), output(i), own, {});
      if (pass.watch) pass.watch->done(i, Work::weight_gradient);
      continue;
    }
    for (std::size_t k = 0; k < node.from.size(); ++k) {
      if (is_wanted(node.from[k])) backward_into(pass, i, k, own);
    }
    if (pass.watch) pass.watch->done(i, Work::input_gradient);
  }
}

bool Network::is_wanted(int output) const {
  return output == target_.output || (output >= 0 && wanted_[std::size_t(output)]);
}

// Where the gradient of an output is gathered, and whether something is there already.
Network::Gathered Network::gathered(int output) {
  if (output == target_.output) return {target_.dx, target_.begun};
  const BatchIn before = gradient_of_[std::size_t(output)];
  const Shape shape = facts_.layers[std::size_t(output)].out;
  return {{derivatives_.data() + nodes_[std::size_t(output)].gradient, x_.n, shape}, bool(before)};
}

// The gradient that node `at` hands to its input number `input`: assigned by the first reader that
// comes along, added by the others, from the last to the first.
void Network::backward_into(const Pass& pass, int at, std::size_t input, BatchIn dy) {
  const Node& node = nodes_[std::size_t(at)];
  const int from = node.from[input];
  const Gathered place = gathered(from);
  const bool hands_on = passes_through(node) || node.done_after;
  const bool alone = from != target_.output && nodes_[std::size_t(from)].readers == 1;
  if (hands_on && alone) {
    gradient_of_[std::size_t(from)] = {dy.data, dy.n, place.sum.shape};
    return;
  }
  const BatchOut dx = place.begun ? BatchOut{sum_.data(), x_.n, place.sum.shape} : place.sum;
  if (hands_on) {
    std::copy_n(dy.data, dy.size(), dx.data);
  } else if (node.join) {
    node.join->backward(*pass.pool, int(input), dy, dx);
  } else {
    node.layer->backward(pass_of(pass, node), output(from), output(at), dy, dx);
  }
  if (place.begun) add_to(*pass.pool, dx.data, place.sum);
  if (from == target_.output) {
    target_.begun = true;
  } else {
    gradient_of_[std::size_t(from)] = {place.sum.data, place.sum.n, place.sum.shape};
  }
}

}  // namespace engine::nn
