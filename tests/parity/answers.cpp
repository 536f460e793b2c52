#include "tests/parity/answers.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "engine/core/check.hpp"
#include "engine/nn/factory.hpp"
#include "engine/nn/loss.hpp"
#include "engine/nn/network.hpp"
#include "engine/train/average.hpp"
#include "engine/train/clip.hpp"
#include "engine/train/optimizer.hpp"
#include "engine/train/schedule.hpp"
#include "tests/support/layer_run.hpp"

namespace parity {
namespace {

using engine::BatchIn;
using engine::BatchOut;
using engine::f32;
using engine::Result;
using engine::u32;
using engine::u8;
namespace nn = engine::nn;

constexpr int kThreads = 2;

std::unique_ptr<nn::Layer> only_layer(const Case& c) {
  ENSURE(c.network.layers.size() == 1, "a case of a layer has one layer");
  return nn::make_layer(c.network.layers[0].layer, c.network.input, 0);
}

std::vector<u8> labels_of(const Floats& values) {
  std::vector<u8> labels;
  for (f32 value : values) labels.push_back(u8(value));
  return labels;
}

Tensors layer(const Case& c) {
  const std::unique_ptr<nn::Layer> made = only_layer(c);
  test::LayerRun run(*made, c.network.input, c.batch, kThreads);
  for (const nn::TensorInfo& info : made->tensors()) run.set(info.name, c.tensor(info.name));
  Tensors got;
  got["y"] = run.forward(c.tensor("x"), c.training);
  got["dx"] = run.backward(c.tensor("dy"));
  for (const nn::TensorInfo& info : made->tensors()) {
    if (info.role == nn::Role::buffer) {
      got[info.name + "_after"] = run.value(info.name);
    } else {
      got["d_" + info.name] = run.grad(info.name);
    }
  }
  return got;
}

// Inputs x0, x1, ... of one height and width.
Tensors join(const Case& c) {
  ENSURE(c.network.layers.size() == 1, "a case of a join has one layer");
  const engine::Shape& first = c.network.input;
  std::vector<engine::Shape> shapes;
  std::vector<BatchIn> xs;
  for (int i = 0; c.given.contains("x" + std::to_string(i)); ++i) {
    const Floats& x = c.tensor("x" + std::to_string(i));
    const int samples = c.batch * first.h * first.w;
    shapes.push_back({int(x.size()) / samples, first.h, first.w});
    xs.push_back({x.data(), c.batch, shapes.back()});
  }
  const std::unique_ptr<nn::Join> made = nn::make_join(c.network.layers[0].layer, shapes);
  engine::Pool pool(kThreads);
  const engine::Shape out = made->output();
  Tensors got;
  Floats& y = got["y"] = Floats(std::size_t(c.batch) * out.size());
  made->forward(pool, xs, {y.data(), c.batch, out});
  const Floats& dy = c.tensor("dy");
  for (std::size_t i = 0; i < xs.size(); ++i) {
    Floats& dx = got["dx" + std::to_string(i)] = Floats(xs[i].size());
    made->backward(pool, int(i), {dy.data(), c.batch, out}, {dx.data(), c.batch, shapes[i]});
  }
  return got;
}

// x holds powers of two, so that y / x is exact.
Tensors dropout(const Case& c) {
  const std::unique_ptr<nn::Layer> made = only_layer(c);
  test::LayerRun run(*made, c.network.input, c.batch, kThreads);
  Floats x(std::size_t(c.batch) * c.network.input.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = f32(1 << i % 7);
  const Floats y = run.forward(x), dx = run.backward(x), eval = run.forward(x, false);
  f32 factor = 0;
  for (std::size_t i = 0; i < x.size(); ++i) factor = std::max(factor, y[i] / x[i]);
  double dropped = 0, pairs = 0;
  std::size_t broken = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool zero = y[i] == 0;
    dropped += zero;
    pairs += i % 2 == 1 && zero && y[i - 1] == 0;
    broken += !(zero || y[i] == x[i] * factor) || dx[i] != y[i] || eval[i] != x[i];
  }
  const double n = double(x.size());
  return {{"dropped", {f32(dropped / n)}},
          {"dropped_pairs", {f32(pairs / (n / 2))}},
          {"factor", {factor}},
          {"broken", {f32(broken)}}};
}

Tensors loss(const Case& c) {
  const Floats& y = c.tensor("y");
  const std::vector<u8> labels = labels_of(c.tensor("labels"));
  nn::Targets targets{.labels = labels, .smoothing = c.train.label_smoothing};
  std::vector<u8> others;
  if (c.given.contains("others")) {
    others = labels_of(c.tensor("others"));
    targets.others = others;
    targets.shares = c.tensor("shares");
  }
  const engine::Shape shape{int(y.size() / labels.size()), 1, 1};
  Floats dy(y.size());
  const nn::LossValue value =
      nn::loss(c.train.loss, {y.data(), c.batch, shape}, targets, {dy.data(), c.batch, shape});
  return {{"loss", {value.mean}}, {"dy", dy}};
}

void append(Floats& to, const Floats& values) { to.insert(to.end(), values.begin(), values.end()); }

// A step as the trainer takes it: clipping, update, average.
Tensors optimizer(const Case& c) {
  Floats p = c.tensor("p"), average = p;
  const Floats& gradients = c.tensor("g");
  engine::Pool pool(kThreads);
  engine::train::Optimizer made(c.train, p.size());
  engine::train::GradientClip clip(p.size());
  Tensors got;
  u32 step = 0;
  for (const f32 rate : c.tensor("rates")) {
    Floats g = test::slice(gradients, step++ * p.size(), p.size());
    if (c.train.clip_norm > 0) got["norms"].push_back(clip.clip(pool, g, c.train.clip_norm));
    made.step(pool, p, g, rate);
    append(got["p_after"], p);
    if (c.train.ema == 0) continue;
    const f32 decay = engine::train::average_decay(c.train.ema, step);
    engine::train::update_average(pool, decay, p, average);
    append(got["average_after"], average);
  }
  return got;
}

Tensors schedule(const Case& c) {
  Floats rates;
  for (u32 step = 0; step < c.total; ++step) {
    rates.push_back(engine::train::learning_rate(c.train, step, c.total, c.steps_per_epoch));
  }
  return {{"rates", rates}};
}

void keep(Tensors& got, const std::string& name, std::span<const f32> values) {
  got[name] = Floats(values.begin(), values.end());
}

Result<Tensors> network(const Case& c) {
  Result<nn::Network> created = nn::Network::create(c.network, 1);
  if (!created.ok()) return created.problem();
  nn::Network& net = *created;
  engine::Pool pool(kThreads);
  net.plan(pool, c.batch, nn::Keep::all);
  for (nn::Tensor& tensor : net.tensors()) {
    const Floats& start = c.tensor(tensor.name);
    ENSURE(start.size() == tensor.value.size(), "a golden's weights have another shape");
    std::copy(start.begin(), start.end(), tensor.value.begin());
  }
  engine::train::Optimizer updates(c.train, net.parameters().size());
  const std::vector<u8> labels = labels_of(c.tensor("labels"));
  const Floats& x = c.tensor("x");
  const std::size_t n = std::size_t(c.batch), size = c.network.input.size();
  std::vector<u32> samples(n);
  Floats dy(n * std::size_t(net.classes()));
  Tensors got;
  for (std::size_t step = 0; step < labels.size() / n; ++step) {
    const nn::Pass pass{.pool = &pool, .training = true, .seed = 1, .samples = samples};
    const BatchIn y = net.forward(pass, {x.data() + step * n * size, c.batch, c.network.input});
    const nn::LossValue value = nn::loss(c.train.loss, y, std::span(labels).subspan(step * n, n),
                                         {dy.data(), y.n, y.shape});
    net.backward(pass, {dy.data(), y.n, y.shape});
    got["losses"].push_back(value.mean);
    if (step == 0) {
      keep(got, "y", {y.data, y.size()});
      for (const nn::Tensor& tensor : net.tensors()) {
        if (!tensor.grad.empty()) keep(got, "d_" + tensor.name, tensor.grad);
      }
    }
    updates.step(pool, net.parameters(), net.gradients(), c.train.learning_rate);
  }
  for (const nn::Tensor& tensor : net.tensors()) keep(got, tensor.name + "_after", tensor.value);
  const BatchIn y = net.forward({.pool = &pool}, {x.data(), c.batch, c.network.input});
  keep(got, "y_eval", {y.data, y.size()});
  return got;
}

}  // namespace

Result<Tensors> answer(const Case& c) {
  if (c.kind == "layer") return layer(c);
  if (c.kind == "dropout") return dropout(c);
  if (c.kind == "join") return join(c);
  if (c.kind == "loss") return loss(c);
  if (c.kind == "optimizer") return optimizer(c);
  if (c.kind == "schedule") return schedule(c);
  if (c.kind == "network") return network(c);
  return engine::Problem{engine::Code::bad_file, c.name + " is of the unknown kind " + c.kind +
                                                     ". Add it to tests/parity/answers.cpp."};
}

}  // namespace parity
