#include "tests/support/networks.hpp"

#include <algorithm>
#include <variant>

#include "engine/core/random.hpp"
#include "engine/nn/loss.hpp"

namespace test {

using namespace engine;

std::vector<spec::Network> small_networks() {
  return {
      {.name = "mlp",
       .input = {1, 3, 5},
       .layers = {{"flatten", spec::Flatten{}},
                  {"fc1", spec::Linear{.out = 7}},
                  {"tanh", spec::Tanh{}},
                  {"fc2", spec::Linear{.out = 3, .bias = false}},
                  {"out", spec::LogSoftmax{}}}},
      {.name = "smooth_cnn",
       .input = {2, 7, 5},
       .layers = {{"conv1", spec::Conv2d{.out = 5, .kernel = 3, .stride = 2, .padding = 1}},
                  {"bn1", spec::BatchNorm2d{}},
                  {"tanh", spec::Tanh{}},
                  {"conv2",
                   spec::Conv2d{.out = 3, .kernel = 2, .stride = 1, .padding = 0, .bias = false}},
                  {"sigmoid", spec::Sigmoid{}},
                  {"flatten", spec::Flatten{}},
                  {"fc", spec::Linear{.out = 4}}}},
      {.name = "pooled_cnn",
       .input = {1, 9, 8},
       .layers = {{"conv", spec::Conv2d{.out = 6, .kernel = 3, .stride = 1, .padding = 1}},
                  {"relu1", spec::ReLU{}},
                  {"pool", spec::MaxPool2d{}},
                  {"drop", spec::Dropout{0.25f}},
                  {"flatten", spec::Flatten{}},
                  {"fc1", spec::Linear{.out = 11}},
                  {"relu2", spec::ReLU{}},
                  {"fc2", spec::Linear{.out = 3}},
                  {"out", spec::LogSoftmax{}}}},
      {.name =
           "branches",  // the image read twice, an output three times, a layer twice by one join
       .input = {2, 6, 5},
       .layers = {{"conv1", spec::Conv2d{.out = 3}},
                  {"tanh1", spec::Tanh{}},
                  {"conv2", spec::Conv2d{.out = 3}},
                  {"bn", spec::BatchNorm2d{}},
                  {"add1", spec::Add{}, {"tanh1", "bn", "tanh1"}},
                  {"drop", spec::Dropout{0.25f}},
                  {"conv3", spec::Conv2d{.out = 1, .kernel = 1, .padding = 0}, {"tanh1"}},
                  {"concat1", spec::Concat{}, {"drop", "conv3", "input"}},
                  {"flat1", spec::Flatten{}},
                  {"flat2", spec::Flatten{}, {"concat1"}},
                  {"fc1", spec::Linear{.out = 4}, {"flat1"}},
                  {"fc2", spec::Linear{.out = 4}, {"flat2"}},
                  {"add2", spec::Add{}, {"fc2", "fc1"}},
                  {"out", spec::LogSoftmax{}}}},
      {.name = "mean_cnn",
       .input = {2, 9, 7},
       .layers = {{"conv1", spec::Conv2d{.out = 6, .kernel = 3, .stride = 1, .padding = 1}},
                  {"gelu", spec::GELU{}},
                  {"avg", spec::AvgPool2d{}},
                  {"depthwise", spec::Conv2d{.out = 6, .kernel = 3, .groups = 6}},
                  {"conv2", spec::Conv2d{.out = 5, .kernel = 1, .padding = 0}},
                  {"leaky", spec::LeakyReLU{.negative_slope = 0.1f}},
                  {"mean", spec::GlobalAvgPool{}},
                  {"flatten", spec::Flatten{}},
                  {"fc1", spec::Linear{.out = 8}},
                  {"bn", spec::BatchNorm1d{}},
                  {"silu", spec::SiLU{}},
                  {"softmax", spec::Softmax{}},
                  {"fc2", spec::Linear{.out = 3}},
                  {"out", spec::LogSoftmax{}}}},
  };
}

nn::Network make(const spec::Network& spec, u64 seed) {
  return std::move(nn::Network::create(spec, seed)).value();
}

Training::Training(const spec::Network& spec, Pool& pool, int batch)
    : network_(make(spec)),
      pool_(pool),
      batch_(batch),
      kind_(std::holds_alternative<spec::LogSoftmax>(spec.layers.back().layer)
                ? spec::Loss::nll
                : spec::Loss::cross_entropy),
      x_(std::size_t(batch) * spec.input.size()),
      dy_(std::size_t(batch) * std::size_t(network_.classes())),
      labels_(std::size_t(batch)),
      samples_(std::size_t(batch)) {
  network_.plan(pool, batch, nn::Keep::all);
}

nn::Pass Training::pass() const {
  return {.pool = &pool_, .training = true, .seed = 1, .epoch = 2, .samples = samples_};
}

f32 Training::gradients(u64 seed) {
  Rng rng(seed, Purpose::probe, 5);
  for (f32& v : x_) v = rng.normal();
  for (u8& label : labels_) label = u8(rng.below(u32(network_.classes())));
  for (u32& sample : samples_) sample = rng.below(60000);
  return step();
}

f32 Training::gradients_of(const Training& other, int n) {
  const std::size_t size = x_.size(), at = std::size_t(n);
  std::copy_n(other.x_.begin() + std::ptrdiff_t(at * size), size, x_.begin());
  labels_[0] = other.labels_[at];
  samples_[0] = other.samples_[at];
  return step();
}

f32 Training::step() {
  const f32 mean = loss();
  network_.backward(pass(), {dy_.data(), batch_, {network_.classes(), 1, 1}});
  return mean;
}

f32 Training::loss() {
  const BatchIn y = network_.forward(pass(), {x_.data(), batch_, network_.spec().input});
  return nn::loss(kind_, y, labels_, {dy_.data(), batch_, y.shape}).mean;
}

void Training::backward_to(int layer, BatchOut dx) {
  network_.backward_to(pass(), {dy_.data(), batch_, {network_.classes(), 1, 1}}, layer, dx);
}

}  // namespace test
