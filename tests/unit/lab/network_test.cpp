#include "engine/lab/network.hpp"

#include <catch2/catch_test_macros.hpp>
#include <xtensor/xbuilder.hpp>

#include "tests/support/near.hpp"

using engine::Purpose;
using engine::Rng;
using namespace engine::lab;

namespace {

Array inputs(std::size_t count, std::size_t size, engine::u64 seed) {
  Rng rng(seed, Purpose::probe);
  Array x = xt::zeros<double>({count, size});
  for (double& value : x) value = 2 * double(rng.uniform()) - 1;
  return x;
}

double total_error(Network& network, const Array& x, const Array& y) {
  SE se;
  double sum = 0;
  for (const double error : se.forward(network.forward(x), y)) sum += error;
  return sum;
}

}  // namespace

TEST_CASE("lab network: the gradients of each sample match central differences", "[lab][grad]") {
  for (const Activation activation : {Activation::relu, Activation::sigmoid}) {
    CAPTURE(activation);
    Rng rng(11, Purpose::init);
    const int hidden[] = {4, 3};
    Network network(5, hidden, activation, rng);
    const Array x = inputs(3, 5, 2), y = inputs(3, 1, 3);
    SE se;
    se.forward(network.forward(x), y);
    network.backward(se.backward());
    REQUIRE(network.linears().size() == 3);
    for (Linear* linear : network.linears()) {
      const Array dw = linear->dw(), w = linear->w();
      for (std::size_t i = 0; i < w.size(); ++i) {
        double sum = 0;  // over the samples: what the sum of their errors changes by
        for (std::size_t n = 0; n < 3; ++n) sum += dw.data()[n * w.size() + i];
        const double h = 1e-5;
        Array moved = w;
        moved.data()[i] += h;
        linear->assign(moved, linear->b());
        const double high = total_error(network, x, y);
        moved.data()[i] -= 2 * h;
        linear->assign(moved, linear->b());
        const double low = total_error(network, x, y);
        linear->assign(w, linear->b());
        CAPTURE(i);
        CHECK(test::near(sum, (high - low) / (2 * h), 1e-8));
      }
    }
  }
}

TEST_CASE("lab network: restored weights give the same outputs, and are a copy", "[lab]") {
  Rng rng(4, Purpose::init);
  const int hidden[] = {6};
  Network network(5, hidden, Activation::relu, rng);
  const Array x = inputs(7, 5, 9), y = xt::ones<double>({7, 1});
  const Array before = network.forward(x);
  const Weights kept = network.weights();
  SE se;
  se.forward(before, y);
  network.backward(se.backward());
  network.update(0.5);
  CHECK(network.forward(x) != before);
  network.restore(kept);
  CHECK(network.forward(x) == before);
}

TEST_CASE("lab network: without hidden layers it is one linear layer and a sigmoid", "[lab]") {
  Rng rng(4, Purpose::init);
  Network network(5, {}, Activation::relu, rng);
  CHECK(network.linears().size() == 1);
  const Array y = network.forward(inputs(2, 5, 1));
  CHECK(y.shape(0) == 2);
  CHECK(y.shape(1) == 1);
  for (const double value : y) CHECK((value > 0 && value < 1));
}
