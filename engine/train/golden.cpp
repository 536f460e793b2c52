#include "engine/train/golden.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/core/hash.hpp"
#include "engine/core/random.hpp"
#include "engine/kernels/optimize.hpp"
#include "engine/kernels/pointwise.hpp"
#include "engine/nn/factory.hpp"
#include "engine/nn/init.hpp"
#include "engine/nn/loss.hpp"
#include "engine/nn/network.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/train/average.hpp"
#include "engine/train/clip.hpp"
#include "engine/train/mixup.hpp"
#include "engine/train/optimizer.hpp"

namespace engine::train {
namespace {

using Floats = std::vector<f32>;

class Run {
 public:
  Run(int threads, const GoldenTap& tap) : pool_(threads), tap_(tap) {}
  std::vector<GoldenLine> lines() && { return std::move(lines_); }

  void random();
  void elementary();
  void layer(const std::string& name, const spec::Layer& layer, Shape input);
  void join(const std::string& name, const spec::Layer& layer, std::span<const Shape> inputs);
  void updates();
  void recipe();
  void training(const spec::Network& spec, const spec::Train& train, u32 steps);

 private:
  void add(std::string name, std::span<const f32> values) {
    add(std::move(name), values, hash_floats(values));
  }
  // With a hash that is not of the values as floats.
  void add(std::string name, std::span<const f32> values, u64 hash) {
    if (tap_) tap_(name, values);
    lines_.push_back({std::move(name), hash});
  }

  Pool pool_;
  const GoldenTap& tap_;
  std::vector<GoldenLine> lines_;
};

Floats normals(std::size_t n, u32 stream) {
  Rng rng(1, Purpose::probe, stream);
  Floats values(n);
  for (f32& v : values) v = rng.normal();
  return values;
}

Floats uniforms(std::size_t n, u32 stream) {
  Rng rng(1, Purpose::probe, stream);
  Floats values(n);
  for (f32& v : values) v = rng.uniform(-1, 1);
  return values;
}

void Run::random() {
  Rng rng(7, Purpose::probe);
  Floats uniform(1000);
  for (f32& v : uniform) v = rng.uniform();
  add("random.uniform", uniform);
  add("random.normal", normals(1000, 1));
  std::vector<u32> order(1000);
  for (u32 i = 0; i < 1000; ++i) order[i] = i;
  shuffle(order, rng);
  add("random.shuffle", Floats(order.begin(), order.end()),
      hash_bytes(std::as_bytes(std::span(order))));
}

void Run::elementary() {
  // Evenly over both tails, where the formulas change.
  Floats x(4001), y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (f32(i) - 2000.5f) / 20;
  kernels::exp(x.data(), y.data(), x.size());
  add("math.exp", y);
  kernels::log(y.data(), y.data(), y.size());
  add("math.log", y);
  kernels::tanh(x.data(), y.data(), x.size());
  add("math.tanh", y);
  kernels::sigmoid(x.data(), y.data(), x.size());
  add("math.sigmoid", y);
}

// y, dx, and the gradients and buffers of one layer, on a batch of 11: more than there are shards,
// and not a multiple.
void Run::layer(const std::string& name, const spec::Layer& layer, Shape input) {
  constexpr int kBatch = 11;
  const auto made = nn::make_layer(layer, input, 3);
  const nn::Memory memory = made->memory(kBatch);
  pool_.reserve_scratch(memory.worker);
  Arena saved(memory.saved), shared(memory.shared);
  std::vector<Floats> values, gradients;
  std::vector<nn::Bound> bound;
  const std::vector<nn::TensorInfo> infos = made->tensors();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const bool drawn = infos[i].fan_in > 0;
    values.push_back(drawn ? normals(infos[i].size(), u32(10 + i))
                           : Floats(infos[i].size(), infos[i].fill));
    gradients.emplace_back(infos[i].size(), 0.0f);
  }
  for (std::size_t i = 0; i < infos.size(); ++i) {
    bound.push_back({values[i].data(), gradients[i].data()});
  }
  made->bind(bound);
  std::vector<u32> samples(kBatch);
  for (u32 n = 0; n < kBatch; ++n) samples[n] = n * n;
  const nn::Pass pass{.pool = &pool_,
                      .training = true,
                      .seed = 5,
                      .epoch = 2,
                      .samples = samples,
                      .saved = saved.data(),
                      .shared = shared.data()};
  const Floats x = normals(kBatch * input.size(), 2);
  const Floats dy = normals(kBatch * made->output().size(), 3);
  Floats y(dy.size()), dx(x.size());
  made->forward(pass, {x.data(), kBatch, input}, {y.data(), kBatch, made->output()});
  add(name + ".y", y);
  made->backward(pass, {x.data(), kBatch, input}, {y.data(), kBatch, made->output()},
                 {dy.data(), kBatch, made->output()}, {dx.data(), kBatch, input});
  add(name + ".dx", dx);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const bool buffer = infos[i].role == nn::Role::buffer;
    add(name + (buffer ? "." : ".d_") + infos[i].name, buffer ? values[i] : gradients[i]);
  }
}

// y and the dx of the last input of a layer that reads several.
void Run::join(const std::string& name, const spec::Layer& layer, std::span<const Shape> inputs) {
  constexpr int kBatch = 11;
  const auto made = nn::make_join(layer, inputs);
  std::vector<Floats> values;
  std::vector<BatchIn> xs;
  values.reserve(inputs.size());
  for (const Shape& input : inputs) {
    values.push_back(uniforms(kBatch * input.size(), u32(20 + values.size())));
    xs.push_back({values.back().data(), kBatch, input});
  }
  Floats y(kBatch * made->output().size()), dx(values.back().size());
  made->forward(pool_, xs, {y.data(), kBatch, made->output()});
  add(name + ".y", y);
  const Floats dy = uniforms(y.size(), 19);
  made->backward(pool_, int(inputs.size()) - 1, {dy.data(), kBatch, made->output()},
                 {dx.data(), kBatch, inputs.back()});
  add(name + ".dx", dx);
}

void Run::updates() {
  constexpr std::size_t kSize = 20011;  // two ranges
  const auto update = [&](const std::string& name, const spec::Train& train) {
    Floats parameters = normals(kSize, 4);
    Optimizer optimizer(train, kSize);
    for (u32 step = 0; step < 5; ++step) {
      optimizer.step(pool_, parameters, normals(kSize, 5 + step), 0.01f);
    }
    add("update." + name, parameters);
  };
  update("sgd", {.optimizer = spec::OptimizerKind::sgd, .nesterov = true, .weight_decay = 0.01f});
  update("adam", {.optimizer = spec::OptimizerKind::adam, .weight_decay = 0.01f});
  update("adamw", {.optimizer = spec::OptimizerKind::adamw, .weight_decay = 0.01f});
  update("rmsprop",
         {.optimizer = spec::OptimizerKind::rmsprop, .rms_momentum = 0.9f, .weight_decay = 0.01f});
  Floats gradients = normals(kSize, 4);
  GradientClip(kSize).clip(pool_, gradients, 1);
  add("update.clip", gradients);
  Floats average = normals(kSize, 5);
  update_average(pool_, 0.9f, normals(kSize, 6), average);
  add("update.average", average);
}

// What may be added to plain training, each part alone.
void Run::recipe() {
  const nn::TensorInfo info{"weight", {17, 23, 3, 3}, nn::Role::weight, 207};
  Floats value(info.size());
  const std::pair<const char*, spec::Init> ways[] = {{"init.he_normal", spec::Init::he_normal},
                                                     {"init.he_uniform", spec::Init::he_uniform},
                                                     {"init.xavier", spec::Init::xavier},
                                                     {"init.lab", spec::Init::lab}};
  for (const auto& [name, how] : ways) {
    nn::initialise(info, how, 3, 1, value);
    add(name, value);
  }
  Floats shares(1000);
  for (u32 i = 0; i < 1000; ++i) shares[i] = mixup_share(0.2f, 3, 1, i);
  add("mixup.shares", shares);
  const int rows = 100, classes = 10;
  const Floats y = normals(std::size_t(rows * classes), 7);
  Floats dy(y.size());
  std::vector<u8> labels(rows), others(rows);
  for (u32 i = 0; i < u32(rows); ++i) labels[i] = u8(i % 10), others[i] = u8(i / 10);
  const nn::Targets targets{labels, others, std::span(shares).first(rows), 0.1f};
  nn::loss(spec::Loss::cross_entropy, {y.data(), rows, {classes, 1, 1}}, targets,
           {dy.data(), rows, {classes, 1, 1}});
  add("loss.soft_dy", dy);
}

// The drawing as pixels scaled to 0..1.
u8 draw_image(u32 sample, Shape shape, f32* x) {
  std::vector<u8> pixels(shape.size());
  const u8 label = draw_golden_image(sample, shape, pixels);
  for (std::size_t i = 0; i < pixels.size(); ++i) x[i] = f32(pixels[i]) * (1.0f / 255);
  return label;
}

// Every tensor that Network::weight_hash() takes, one after the other.
Floats weights_of(const nn::Network& network) {
  Floats values;
  for (const nn::Tensor& tensor : network.tensors())
    values.insert(values.end(), tensor.value.begin(), tensor.value.end());
  return values;
}

void Run::training(const spec::Network& spec, const spec::Train& train, u32 steps) {
  Result<nn::Network> created = nn::Network::create(spec, train.seed);
  ENSURE(created.ok(), "a golden network is a valid one");
  nn::Network& network = *created;
  const int batch = int(train.batch);
  network.plan(pool_, batch, nn::Keep::all);
  Optimizer optimizer(train, network.parameters().size());
  const std::size_t size = spec.input.size();
  Floats x(std::size_t(batch) * size), dy(std::size_t(batch) * std::size_t(network.classes()));
  Floats losses;
  std::vector<u32> samples(train.batch);
  std::vector<u8> labels(train.batch);
  for (u32 step = 0; step < steps; ++step) {
    for (u32 n = 0; n < train.batch; ++n) {
      samples[n] = (step * train.batch + n) % 100;
      labels[n] = draw_image(samples[n], spec.input, x.data() + n * size);
    }
    const nn::Pass pass{.pool = &pool_,
                        .training = true,
                        .seed = train.seed,
                        .epoch = step * train.batch / 100,
                        .samples = samples};
    const BatchIn y = network.forward(pass, {x.data(), batch, spec.input});
    losses.push_back(nn::loss(train.loss, y, labels, {dy.data(), batch, y.shape}).mean);
    network.backward(pass, {dy.data(), batch, y.shape});
    optimizer.step(pool_, network.parameters(), network.gradients(), train.learning_rate);
    if ((step + 1) % 10 == 0) {
      add(spec.name + ".weights_" + std::to_string(step + 1), weights_of(network),
          network.weight_hash());
    }
  }
  add(spec.name + ".losses", losses);
}

// The lab's network on images of 10 x 10: an eighth of the work.
spec::Network small_lab_cnn() {
  spec::Network network = *spec::find_in_zoo("lab_cnn");
  network.input = {1, 10, 10};
  return network;
}

spec::Network smooth_cnn() {
  return {.name = "smooth_cnn",
          .input = {1, 13, 11},
          .layers = {{"conv1", spec::Conv2d{.out = 9, .stride = 2}},
                     {"bn1", spec::BatchNorm2d{}},
                     {"tanh", spec::Tanh{}},
                     {"conv2", spec::Conv2d{.out = 17, .kernel = 5, .stride = 2, .padding = 2}},
                     {"bn2", spec::BatchNorm2d{}},
                     {"sigmoid", spec::Sigmoid{}},
                     {"flatten", spec::Flatten{}},
                     {"fc", spec::Linear{.out = 10}}}};
}

}  // namespace

// A bright square whose place is the class, over integer noise.
u8 draw_golden_image(u32 sample, Shape shape, std::span<u8> pixels) {
  Rng rng(3, Purpose::probe, 9, sample);
  const int label = int(rng.below(10));
  const int side = shape.h / 3, top = label / 3 * side / 2, left = label % 3 * side;
  for (int h = 0; h < shape.h; ++h) {
    for (int w = 0; w < shape.w; ++w) {
      const bool inside = h >= top && h < top + side && w >= left && w < left + side;
      pixels[std::size_t(h * shape.w + w)] = u8((inside ? 160 : 0) + rng.below(96));
    }
  }
  return u8(label);
}

std::vector<GoldenLine> golden_run(int threads, const GoldenTap& tap) {
  Run run(threads, tap);
  run.random();
  run.elementary();
  run.layer("linear", spec::Linear{.out = 37}, {131, 1, 1});
  run.layer("conv2d_3x3", spec::Conv2d{.out = 13}, {5, 15, 17});
  run.layer("conv2d_5x5_stride_2", spec::Conv2d{.out = 6, .kernel = 5, .stride = 2, .padding = 2},
            {3, 11, 14});
  run.layer("maxpool2d", spec::MaxPool2d{}, {5, 15, 17});
  run.layer("batchnorm2d", spec::BatchNorm2d{}, {5, 15, 17});
  run.layer("dropout", spec::Dropout{.p = 0.3f}, {5, 15, 17});
  run.layer("relu", spec::ReLU{}, {5, 15, 17});
  run.layer("sigmoid", spec::Sigmoid{}, {5, 15, 17});
  run.layer("tanh", spec::Tanh{}, {5, 15, 17});
  run.layer("log_softmax", spec::LogSoftmax{}, {10, 1, 1});
  run.layer("leaky_relu", spec::LeakyReLU{}, {5, 15, 17});
  run.layer("gelu", spec::GELU{}, {5, 15, 17});
  run.layer("silu", spec::SiLU{}, {5, 15, 17});
  run.layer("softmax", spec::Softmax{}, {37, 1, 1});
  run.layer("batchnorm1d", spec::BatchNorm1d{}, {37, 1, 1});
  run.layer("avgpool2d", spec::AvgPool2d{}, {5, 15, 17});
  run.layer("global_avgpool", spec::GlobalAvgPool{}, {5, 15, 17});
  run.layer("conv2d_groups", spec::Conv2d{.out = 8, .stride = 2, .groups = 2}, {6, 15, 17});
  run.layer("conv2d_depthwise", spec::Conv2d{.out = 5, .groups = 5}, {5, 15, 17});
  run.join("add", spec::Add{}, std::array{Shape{5, 15, 17}, Shape{5, 15, 17}, Shape{5, 15, 17}});
  run.join("concat", spec::Concat{}, std::array{Shape{5, 7, 9}, Shape{2, 7, 9}, Shape{3, 7, 9}});
  run.updates();
  run.recipe();
  run.training(small_lab_cnn(), {.batch = 8, .loss = spec::Loss::nll}, 50);
  run.training(smooth_cnn(),
               {.batch = 7,
                .loss = spec::Loss::cross_entropy,
                .optimizer = spec::OptimizerKind::sgd,
                .learning_rate = 0.05f},
               50);
  return std::move(run).lines();
}

}  // namespace engine::train
