#include "engine/nn/init.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <cstdlib>

#include "engine/nn/network.hpp"
#include "engine/spec/catalogue.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using spec::Init;

namespace {

using Floats = std::vector<f32>;

constexpr nn::Role kWeight = nn::Role::weight, kBias = nn::Role::bias;

Floats drawn(const nn::TensorInfo& info, Init how, u64 seed = 3, u32 index = 0) {
  Floats value(info.size(), 99);
  nn::initialise(info, how, seed, index, value);
  return value;
}

struct Moments {
  double mean = 0, variance = 0, fourth = 0, largest = 0;
};
Moments moments_of(const Floats& values) {
  Moments m;
  for (f32 v : values) m.mean += double(v) / double(values.size());
  for (f32 v : values) {
    const double square = (double(v) - m.mean) * (double(v) - m.mean);
    m.variance += square / double(values.size());
    m.fourth += square * square / double(values.size());
    m.largest = std::max(m.largest, std::abs(double(v)));
  }
  return m;
}

}  // namespace

TEST_CASE("each initialisation has the variance and the shape that it promises", "[nn][init]") {
  // 9 inputs of 3 x 3 reach 40 outputs: fan_in 81, fan_out 360
  const nn::TensorInfo info{"weight", {40, 9, 3, 3}, kWeight, 81};
  REQUIRE(nn::fan_out(info) == 360);
  struct Case {
    Init how;
    double variance;
    bool normal;
  };
  const Case c =
      GENERATE(Case{Init::pytorch, 1 / (3.0 * 81), false}, Case{Init::he_normal, 2.0 / 81, true},
               Case{Init::he_uniform, 2.0 / 81, false}, Case{Init::xavier, 2.0 / (81 + 360), false},
               Case{Init::lab, 1.0 / 81, true});
  const Moments m = moments_of(drawn(info, c.how));
  const double n = double(info.size());
  CAPTURE(int(c.how), m.variance, m.fourth);
  CHECK(test::near(m.mean, 0, 4 * std::sqrt(c.variance / n)));
  CHECK(test::near(m.variance, c.variance, 0, 6 / std::sqrt(n)));
  // The fourth moment of a normal is 3 variances squared, of a uniform 1.8.
  CHECK(test::near(m.fourth / (m.variance * m.variance), c.normal ? 3 : 1.8, 0.4));
  const double bound = std::sqrt(3 * c.variance);
  CHECK((m.largest <= bound * 1.000001) == !c.normal);
}

TEST_CASE("biases start at zero, but for PyTorch's", "[nn][init]") {
  const auto how =
      GENERATE(Init::pytorch, Init::he_normal, Init::he_uniform, Init::xavier, Init::lab);
  CAPTURE(int(how));
  const Floats bias = drawn({"bias", {50}, kBias, 100}, how);
  const Floats zero(50, 0);
  CHECK(bool(test::same_bits(bias, zero)) == (how != Init::pytorch));
  const Floats scale = drawn({"weight", {7}, kWeight, 0, 1}, how);  // batch normalisation's
  CHECK(test::same_bits(scale, Floats(7, 1)));
}

TEST_CASE("each tensor draws from its own stream, by the seed", "[nn][init]") {
  const auto how =
      GENERATE(Init::pytorch, Init::he_normal, Init::he_uniform, Init::xavier, Init::lab);
  CAPTURE(int(how));
  const nn::TensorInfo info{"weight", {8, 8}, kWeight, 8};
  CHECK(test::same_bits(drawn(info, how, 3, 1), drawn(info, how, 3, 1)));
  CHECK_FALSE(test::same_bits(drawn(info, how, 3, 1), drawn(info, how, 3, 2)));
  CHECK_FALSE(test::same_bits(drawn(info, how, 3, 1), drawn(info, how, 4, 1)));
}

TEST_CASE("a network starts as asked", "[nn][init]") {
  const spec::Network& mlp = *spec::find_in_zoo("mlp");
  const auto hash = [&](auto... init) {
    return nn::Network::create(mlp, 5, init...)->weight_hash();
  };
  CHECK(hash() == hash(Init::pytorch));
  CHECK(hash() != hash(Init::xavier));
  const auto network = nn::Network::create(mlp, 5, Init::he_normal);
  REQUIRE(network.ok());
  const nn::Tensor& tensor = network->tensors()[0];
  const Floats want = drawn(tensor.info, Init::he_normal, 5, 0);
  CHECK(test::same_bits(tensor.value, want));
}
