#include "engine/nn/network.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <set>

#include "engine/nn/loss.hpp"
#include "engine/spec/catalogue.hpp"
#include "engine/train/optimizer.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"
#include "tests/support/networks.hpp"

using namespace engine;
using test::Floats;
using test::slice;

namespace {

Floats copy(std::span<const f32> values) { return {values.begin(), values.end()}; }

Floats outputs(nn::Network& network, Pool& pool, const Floats& x, int n) {
  const BatchIn y = network.forward({.pool = &pool}, {x.data(), n, network.spec().input});
  return copy({y.data, y.size()});
}

}  // namespace

TEST_CASE("networks of the zoo have infer()'s number of weights, under PyTorch's names", "[nn]") {
  for (const spec::Network& spec : spec::zoo()) {
    const nn::Network network = test::make(spec);
    u64 weights = 0;
    std::set<std::string> names;
    for (const nn::Tensor& tensor : network.tensors()) {
      if (tensor.info.role != nn::Role::buffer) weights += tensor.value.size();
      CHECK(tensor.value.size() == tensor.info.size());
      names.insert(tensor.name);
    }
    CAPTURE(spec.name);
    CHECK(weights == network.facts().weights);
    CHECK(names.size() == network.tensors().size());
    CHECK(network.classes() == 10);
  }
  const nn::Network cnn = test::make(*spec::find_in_zoo("simple_cnn"));
  CHECK(cnn.tensors()[0].name == cnn.spec().layers[0].name + ".weight");
  CHECK(cnn.tensors()[0].info.dims == std::vector<int>{10, 1, 3, 3});
}

TEST_CASE("a network refuses a spec that infer() refuses", "[nn]") {
  spec::Network spec = *spec::find_in_zoo("fcnet");
  spec.layers.insert(spec.layers.begin(), {"wrong", spec::Linear{.in = 5, .out = 3}});
  const auto network = nn::Network::create(spec, 1);
  REQUIRE_FALSE(network.ok());
  CHECK(network.problem().code == Code::bad_spec);
}

TEST_CASE("parameters start uniform in +-1/sqrt(fan_in), by the seed", "[nn]") {
  const nn::Network network = test::make(*spec::find_in_zoo("mlp"), 5);
  for (const nn::Tensor& tensor : network.tensors()) {
    const double bound = 1 / std::sqrt(double(tensor.info.fan_in));
    double sum = 0, squares = 0, largest = 0;
    for (f32 v : tensor.value) {
      sum += double(v);
      squares += double(v) * double(v);
      largest = std::max(largest, std::abs(double(v)));
    }
    const double n = double(tensor.value.size());
    CAPTURE(tensor.name);
    CHECK(largest <= bound * 1.000001);
    CHECK(largest >= bound * 0.5);
    CHECK(test::near(sum / n, 0, 5 * bound / std::sqrt(3 * n)));
    CHECK(test::near(squares / n, bound * bound / 3, 0, 5 / std::sqrt(n)));
  }
  CHECK(network.weight_hash() == test::make(*spec::find_in_zoo("mlp"), 5).weight_hash());
  CHECK(network.weight_hash() != test::make(*spec::find_in_zoo("mlp"), 6).weight_hash());
}

TEST_CASE("weight_hash sees every tensor, buffers too", "[nn]") {
  nn::Network network = test::make(test::small_networks()[1]);
  const u64 before = network.weight_hash();
  for (nn::Tensor& tensor : network.tensors()) {
    f32& last = tensor.value.back();
    const f32 keep = last;
    last += 1;
    CAPTURE(tensor.name);
    CHECK(network.weight_hash() != before);
    last = keep;
    CHECK(network.weight_hash() == before);
  }
}

TEST_CASE("copy_weights copies parameters and buffers", "[nn]") {
  const spec::Network spec = test::small_networks()[1];
  nn::Network a = test::make(spec, 1), b = test::make(spec, 2);
  a.buffers()[0] = 7;
  b.copy_weights(a);
  CHECK(a.weight_hash() == b.weight_hash());
  CHECK(b.buffers()[0] == 7);
}

TEST_CASE("a batch's outputs are those of its samples, in any plan", "[nn]") {
  Pool pool;
  for (const spec::Network& spec : test::small_networks()) {
    nn::Network network = test::make(spec);
    const int n = 5;
    const Floats x = test::normals(n * spec.input.size(), 3);
    network.plan(pool, n, nn::Keep::output);
    const Floats y = outputs(network, pool, x, n);
    const std::size_t k = std::size_t(network.classes());
    for (int i = 0; i < n; ++i) {
      CAPTURE(spec.name, i);
      CHECK(test::same_bits(
          outputs(network, pool, slice(x, std::size_t(i) * spec.input.size(), spec.input.size()),
                  1),
          slice(y, std::size_t(i) * k, k)));
    }
    network.plan(pool, 64, nn::Keep::all);
    CHECK(test::same_bits(outputs(network, pool, x, n), y));
  }
}

TEST_CASE("a moved network still works", "[nn]") {
  Pool pool;
  const spec::Network spec = test::small_networks()[0];
  nn::Network first = test::make(spec);
  first.plan(pool, 2, nn::Keep::output);
  const Floats x = test::normals(2 * spec.input.size(), 3);
  const Floats y = outputs(first, pool, x, 2);
  nn::Network second = std::move(first);
  CHECK(test::same_bits(outputs(second, pool, x, 2), y));
}

TEST_CASE("activations are each layer's output; Flatten hands its input on", "[nn]") {
  Pool pool;
  nn::Network network = test::make(*spec::find_in_zoo("fcnet"));
  network.plan(pool, 3, nn::Keep::activations);
  const Floats x = test::normals(3 * 784, 1);
  outputs(network, pool, x, 3);
  for (std::size_t i = 0; i < network.spec().layers.size(); ++i) {
    const BatchIn a = network.activation(int(i));
    const bool flatten = std::holds_alternative<spec::Flatten>(network.spec().layers[i].layer);
    CAPTURE(i);
    CHECK(a.n == 3);
    CHECK(a.shape == network.facts().layers[i].out);
    CHECK((a.data == x.data()) == flatten);
  }
}

TEST_CASE("a ReLU done by its neighbours changes no output and no gradient", "[nn]") {
  Pool pool;
  const spec::Conv2d conv{.out = 4, .kernel = 3, .stride = 1, .padding = 1};
  const auto network_with = [&](spec::Layer between) {  // a layer that changes nothing, or none
    spec::Network spec{.name = "r", .input = {1, 6, 6}, .layers = {}};
    spec.layers = {{"c1", conv},         {"i1", between},        {"r1", spec::ReLU{}},
                   {"i2", between},      {"c2", conv},           {"i3", between},
                   {"r2", spec::ReLU{}}, {"i4", between},        {"p", spec::MaxPool2d{}},
                   {"i5", between},      {"c3", conv},           {"i6", between},
                   {"r3", spec::ReLU{}}, {"f", spec::Flatten{}}, {"fc", spec::Linear{.out = 3}}};
    return spec;
  };
  // A leaky ReLU of slope 1 hands on what it gets, but keeps the neighbours apart.
  spec::Network alone = network_with(spec::LeakyReLU{1.0f}), shared = alone;
  std::erase_if(shared.layers, [](const spec::NamedLayer& l) { return l.name[0] == 'i'; });
  nn::Network a = test::make(alone), b = test::make(shared);
  a.plan(pool, 3, nn::Keep::all);
  b.plan(pool, 3, nn::Keep::all);
  std::copy_n(a.parameters().data(), a.parameters().size(), b.parameters().data());
  const Floats x = test::normals(3 * 36, 1), dy = test::normals(3 * 3, 2);
  CHECK(test::same_bits(outputs(b, pool, x, 3), outputs(a, pool, x, 3)));
  const nn::Pass pass{.pool = &pool};
  a.backward(pass, {dy.data(), 3, {3, 1, 1}});
  b.backward(pass, {dy.data(), 3, {3, 1, 1}});
  CHECK(test::same_bits(b.gradients(), a.gradients()));
  for (const auto& [of_a, of_b] : {std::pair{2, 1}, {0, 0}, {6, 3}, {8, 4}, {13, 7}, {-1, -1}}) {
    CAPTURE(of_b);
    const Shape shape = of_b < 0 ? shared.input : b.facts().layers[std::size_t(of_b)].out;
    Floats dx_a(3 * shape.size()), dx_b(dx_a.size());
    a.backward_to(pass, {dy.data(), 3, {3, 1, 1}}, of_a, {dx_a.data(), 3, shape});
    b.backward_to(pass, {dy.data(), 3, {3, 1, 1}}, of_b, {dx_b.data(), 3, shape});
    CHECK(test::same_bits(dx_b, dx_a));
  }
}

TEST_CASE("with all activations kept, a convolution's is there before its ReLU", "[nn]") {
  Pool pool;
  nn::Network network = test::make(*spec::find_in_zoo("simple_cnn"));
  network.plan(pool, 2, nn::Keep::activations);
  const Floats x = test::normals(2 * 784, 1);
  outputs(network, pool, x, 2);
  const BatchIn y = network.activation(0);
  CHECK(std::any_of(y.data, y.data + y.size(), [](f32 v) { return v < 0; }));
}

TEST_CASE("dropout acts in training only, and predicting repeats itself", "[nn]") {
  Pool pool;
  spec::Network spec{.name = "d", .input = {1, 2, 4}, .layers = {}};
  spec.layers = {
      {"flat", spec::Flatten{}}, {"drop", spec::Dropout{0.5f}}, {"fc", spec::Linear{.out = 3}}};
  nn::Network network = test::make(spec);
  network.plan(pool, 2, nn::Keep::all);
  const Floats x(16, 1.0f);
  const std::vector<u32> samples{4, 9};
  const Floats eval = outputs(network, pool, x, 2);
  CHECK(network.activation(1).data == x.data());
  network.forward({.pool = &pool, .training = true, .seed = 1, .samples = samples},
                  {x.data(), 2, spec.input});
  const BatchIn dropped = network.activation(1);
  CHECK(std::count(dropped.data, dropped.data + 16, 0.0f) +
            std::count(dropped.data, dropped.data + 16, 2.0f) ==
        16);
  CHECK(std::count(dropped.data, dropped.data + 16, 0.0f) > 0);
  CHECK(test::same_bits(outputs(network, pool, x, 2), eval));
}

TEST_CASE("backward clears the gradients of the batch before", "[nn]") {
  Pool pool;
  for (const spec::Network& spec : test::small_networks()) {
    test::Training run(spec, pool, 4);
    run.gradients(1);
    const Floats once = copy(run.network().gradients());
    run.gradients(2);
    CHECK_FALSE(test::same_bits(run.network().gradients(), once));
    run.network().copy_weights(test::make(spec));
    run.gradients(1);
    CAPTURE(spec.name);
    CHECK(test::same_bits(run.network().gradients(), once));
  }
}

TEST_CASE("a training step allocates nothing", "[nn]") {
  Pool pool(2);
  for (const spec::Network& spec : test::small_networks()) {
    test::Training run(spec, pool, 5);
    train::Optimizer optimizer({}, run.network().parameters().size());
    run.gradients(1);
    const u64 before = test::allocations();
    run.gradients(2);
    optimizer.step(pool, run.network().parameters(), run.network().gradients(), 1e-3f);
    run.gradients(3);
    const u64 after = test::allocations();
    CAPTURE(spec.name);
    CHECK(after == before);
  }
}

TEST_CASE("training: any number of threads gives the same bits", "[nn]") {
  for (const spec::Network& spec : test::small_networks()) {
    u64 want = 0;
    for (int threads : {1, 2, 3}) {
      Pool pool(threads);
      test::Training run(spec, pool, 9);
      train::Optimizer optimizer({}, run.network().parameters().size());
      for (u64 step = 0; step < 3; ++step) {
        run.gradients(step);
        optimizer.step(pool, run.network().parameters(), run.network().gradients(), 1e-2f);
      }
      const u64 hash = run.network().weight_hash();
      if (threads == 1) want = hash;
      CAPTURE(spec.name, threads);
      CHECK(hash == want);
    }
  }
}

TEST_CASE("training lowers the loss of every kind of network", "[nn]") {
  for (const spec::Network& spec : test::small_networks()) {
    Pool pool;
    test::Training run(spec, pool, 8);
    train::Optimizer optimizer({}, run.network().parameters().size());
    const f32 before = run.gradients(1);
    for (int step = 0; step < 60; ++step) {
      run.gradients(1);
      optimizer.step(pool, run.network().parameters(), run.network().gradients(), 1e-2f);
    }
    CAPTURE(spec.name, before);
    CHECK(run.gradients(1) < 0.7f * before);
  }
}
