#include "engine/nn/dropout.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "engine/core/random.hpp"
#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

namespace {

// The mask itself: dropout of ones.
Floats mask(f32 p, Shape shape, int index, u64 seed, u32 epoch, const std::vector<u32>& samples,
            int threads = 1) {
  nn::Dropout layer(spec::Dropout{p}, shape, index);
  test::LayerRun run(layer, shape, int(samples.size()), threads);
  run.key(seed, epoch, samples);
  return run.forward(Floats(samples.size() * shape.size(), 1.0f));
}

}  // namespace

TEST_CASE("dropout drops a fraction p and scales the rest by 1 / (1 - p)", "[nn]") {
  const f32 p = GENERATE(0.1f, 0.25f, 0.5f, 0.9f);
  const Floats m = mask(p, {10000, 1, 1}, 0, 3, 1, {5});
  const auto zeros = std::ranges::count(m, 0.0f);
  CAPTURE(p, zeros);
  // Five standard deviations of a binomial count.
  CHECK(test::near(double(zeros), 10000 * double(p),
                   5 * std::sqrt(10000 * double(p) * (1 - double(p)))));
  for (f32 v : m) {
    if (v != 0) CHECK(test::near(v, 1 / (1 - double(p)), 0, 2e-4));
  }
}

TEST_CASE("dropout's mask is the documented bits of the random stream", "[nn]") {
  const int size = 7;
  Rng rng(9, Purpose{u32(Purpose::dropout) + 4}, 2, 31);
  Floats want;
  for (int e = 0; e < size; e += 2) {
    const u32 draw = rng.next();
    want.push_back((draw & 0xffff) < 16384 ? 0.0f : 4.0f / 3);
    want.push_back((draw >> 16) < 16384 ? 0.0f : 4.0f / 3);
  }
  want.resize(std::size_t(size));
  CHECK(test::same_bits(mask(0.25f, {size, 1, 1}, 4, 9, 2, {31}), want));
}

TEST_CASE("dropout's mask depends on seed, layer, epoch and sample, on nothing else", "[nn]") {
  const Shape shape{3, 5, 5};
  const Floats m = mask(0.5f, shape, 1, 1, 1, {7});
  CHECK_FALSE(test::same_bits(mask(0.5f, shape, 2, 1, 1, {7}), m));
  CHECK_FALSE(test::same_bits(mask(0.5f, shape, 1, 2, 1, {7}), m));
  CHECK_FALSE(test::same_bits(mask(0.5f, shape, 1, 1, 2, {7}), m));
  CHECK_FALSE(test::same_bits(mask(0.5f, shape, 1, 1, 1, {8}), m));
  // In a batch, at another place: the same.
  const Floats many = mask(0.5f, shape, 1, 1, 1, {9, 2, 7, 4});
  CHECK(test::same_bits(slice(many, 2 * shape.size(), shape.size()), m));
}

TEST_CASE("dropout: any number of threads gives the same bits", "[nn]") {
  const Shape shape{3, 41, 43};
  std::vector<u32> samples;
  for (u32 n = 0; n < 37; ++n) samples.push_back(n * n);
  const Floats one = mask(0.3f, shape, 1, 1, 1, samples, 1);
  CHECK(test::same_bits(mask(0.3f, shape, 1, 1, 1, samples, 2), one));
  CHECK(test::same_bits(mask(0.3f, shape, 1, 1, 1, samples, 3), one));
}

TEST_CASE("dropout: backward multiplies by the mask of its forward, over many tasks", "[nn]") {
  const Shape shape{3, 41, 43};
  const int batch = 17;
  nn::Dropout layer(spec::Dropout{0.3f}, shape, 1);
  test::LayerRun run(layer, shape, batch, 2);
  const Floats ones(std::size_t(batch) * shape.size(), 1.0f);
  const Floats m = run.forward(ones);
  CHECK(test::same_bits(run.backward(ones), m));
}

TEST_CASE("dropout at its edges: p of 0, of 1, and when predicting", "[nn]") {
  const Shape shape{4, 1, 1};
  const Floats x = test::normals(8, 1), dy = test::normals(8, 2);
  nn::Dropout none(spec::Dropout{0}, shape, 0), all(spec::Dropout{1}, shape, 0),
      half(spec::Dropout{0.5f}, shape, 0);
  CHECK(none.passes_through(true));
  CHECK_FALSE(all.passes_through(true));
  CHECK_FALSE(half.passes_through(true));
  CHECK(half.passes_through(false));
  test::LayerRun keeps(none, shape, 2);
  CHECK(test::same_bits(keeps.forward(x), x));
  CHECK(test::same_bits(keeps.backward(dy), dy));
  test::LayerRun drops(all, shape, 2);
  CHECK(test::near(drops.forward(x), Floats(8, 0.0f), 0));
  CHECK(test::near(drops.backward(dy), Floats(8, 0.0f), 0));
  test::LayerRun predicts(half, shape, 2);
  CHECK(test::same_bits(predicts.forward(x, false), x));
  CHECK(test::same_bits(predicts.backward(dy), dy));
}

TEST_CASE("dropout: gradients match central differences", "[nn][grad]") {
  const auto shape = GENERATE(Shape{1, 1, 1}, Shape{7, 1, 1}, Shape{2, 3, 3});
  const bool training = GENERATE(true, false);
  const f32 p = GENERATE(0.0f, 0.4f, 1.0f);
  nn::Dropout layer(spec::Dropout{p}, shape, 2);
  const auto report = test::grad_check(layer, shape, {.batch = 3, .seed = 4, .training = training});
  CAPTURE(shape.c, training, p, report.text());
  CHECK(report.ok());
}
