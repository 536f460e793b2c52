#include "engine/lab/network.hpp"

#include "engine/core/check.hpp"

namespace engine::lab {

Network::Network(int in, std::span<const int> hidden, Activation activation, Rng& rng) {
  const auto linear = [&](int from, int to) {
    auto layer = std::make_unique<Linear>(from, to, rng);
    linears_.push_back(layer.get());
    layers_.push_back(std::move(layer));
  };
  for (const int units : hidden) {
    linear(in, units);
    in = units;
    if (activation == Activation::relu)
      layers_.push_back(std::make_unique<ReLU>());
    else
      layers_.push_back(std::make_unique<Sigmoid>());
  }
  linear(in, 1);
  layers_.push_back(std::make_unique<Sigmoid>());
}

Array Network::forward(const Array& x) {
  Array y = x;
  for (const auto& layer : layers_) y = layer->forward(y);
  return y;
}

Array Network::backward(const Array& dy) {
  Array gradient = dy;
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer)
    gradient = (*layer)->backward(gradient);
  return gradient;
}

void Network::update(double rate) {
  for (const auto& layer : layers_) layer->update(rate);
}

Weights Network::weights() const {
  Weights copy;
  for (const Linear* linear : linears_) {
    copy.w.push_back(linear->w());
    copy.b.push_back(linear->b());
  }
  return copy;
}

void Network::restore(const Weights& weights) {
  ENSURE(weights.w.size() == linears_.size() && weights.b.size() == linears_.size(),
         "weights of another network");
  for (std::size_t i = 0; i < linears_.size(); ++i) linears_[i]->assign(weights.w[i], weights.b[i]);
}

}  // namespace engine::lab
