#include "engine/nn/predict.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "engine/nn/loss.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/near.hpp"
#include "tests/support/networks.hpp"

using namespace engine;
using test::Floats;

TEST_CASE("predict: any batch and any threads give the same labels and probabilities", "[nn]") {
  for (const spec::Network& spec : test::small_networks()) {
    const int n = 11;
    const Floats x = test::normals(n * spec.input.size(), 3);
    nn::Network network = test::make(spec);
    const std::size_t k = std::size_t(network.classes());
    std::vector<u8> want_labels(n), labels(n);
    Floats want(n * k), p(n * k);
    Pool one;
    nn::predict(network, one, {x.data(), n, spec.input}, 1, want_labels, want);
    for (std::size_t i = 0; i < n; ++i) {
      const Floats row = test::slice(want, i * k, k);
      double sum = 0;
      for (f32 v : row) sum += double(v);
      CAPTURE(spec.name, i);
      CHECK(test::near(sum, 1, 1e-5));
      CHECK(int(want_labels[i]) == nn::decide(row));
    }
    for (const auto& [batch, threads] : {std::pair{3, 1}, {4, 2}, {11, 3}, {64, 2}}) {
      Pool pool(threads);
      nn::Network fresh = test::make(spec);
      nn::predict(fresh, pool, {x.data(), n, spec.input}, batch, labels, p);
      CAPTURE(spec.name, batch, threads);
      CHECK(labels == want_labels);
      CHECK(test::same_bits(p, want));
    }
    std::fill(labels.begin(), labels.end(), u8(99));
    nn::predict(network, one, {x.data(), n, spec.input}, 4, labels, {});
    CHECK(labels == want_labels);
  }
}

TEST_CASE("predict: a network is sure from 60 % on, and never of what is no number", "[nn]") {
  CHECK(nn::is_sure(Floats{0.2f, 0.6f, 0.2f}));
  CHECK_FALSE(nn::is_sure(Floats{0.16f, 0.59f, 0.25f}));
  CHECK_FALSE(nn::is_sure(Floats{std::nanf(""), 0.1f}));
  CHECK_FALSE(nn::is_sure({}));
}

TEST_CASE("predict: the second time it allocates nothing; no images are no work", "[nn]") {
  const spec::Network spec = test::small_networks()[2];
  nn::Network network = test::make(spec);
  Pool pool(2);
  const Floats x = test::normals(5 * spec.input.size(), 3);
  std::vector<u8> labels(5);
  Floats p(5 * std::size_t(network.classes()));
  nn::predict(network, pool, {x.data(), 0, spec.input}, 4, {}, {});
  nn::predict(network, pool, {x.data(), 5, spec.input}, 4, labels, p);
  const u64 before = test::allocations();
  nn::predict(network, pool, {x.data(), 5, spec.input}, 4, labels, p);
  CHECK(test::allocations() == before);
}

TEST_CASE("predict: one output is the probability of class 1", "[nn]") {
  spec::Network spec{.name = "binary", .input = {2, 1, 1}, .layers = {}};
  spec.layers = {{"fc", spec::Linear{.out = 1}}, {"out", spec::Sigmoid{}}};
  nn::Network network = test::make(spec);
  network.tensors()[0].value[0] = 1;
  network.tensors()[0].value[1] = 0;
  network.tensors()[1].value[0] = 0;
  Pool pool;
  const Floats x{0.5f, 9, -0.5f, 9, 0, 9};
  std::vector<u8> labels(3);
  Floats p(3);
  nn::predict(network, pool, {x.data(), 3, spec.input}, 2, labels, p);
  CHECK(test::near(p, Floats{0.6224593f, 0.3775407f, 0.5f}, 1e-6));
  CHECK(labels == std::vector<u8>{1, 0, 1});
}
