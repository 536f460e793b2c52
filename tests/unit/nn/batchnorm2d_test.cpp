#include "engine/nn/batchnorm2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

TEST_CASE("batchnorm2d: worked by hand", "[nn]") {
  // Two samples of two channels of 1x2. Channel 0 holds 1 2 3 6: mean 3, variance (4 + 1 + 0 + 9) /
  // 4 = 3.5, unbiased 14 / 3. Channel 1 holds 10 10 20 20: mean 15, variance 25, unbiased 100 / 3.
  const Shape in{2, 1, 2};
  nn::BatchNorm2d layer({.momentum = 0.1f, .eps = 0.5f}, in);
  test::LayerRun run(layer, in, 2);
  run.set("weight", {2, 1});
  run.set("bias", {0.5f, -1});
  const Floats x{1, 2, 10, 10, 3, 6, 20, 20};
  // sqrt(3.5 + 0.5) = 2: channel 0 is (x - 3) / 2 * 2 + 0.5; sqrt(25.5) = 5.0497525: channel 1 is
  // (x - 15) / it - 1.
  const Floats y = run.forward(x);
  CHECK(test::near(
      y, Floats{-1.5f, -0.5f, -1.9901475f, -1.9901475f, 0.5f, 3.5f, -0.0098525f, -0.0098525f},
      1e-6));
  CHECK(test::near(run.value("running_mean"), Floats{0.3f, 1.5f}, 1e-6));
  CHECK(test::near(run.value("running_var"), Floats{0.9f + 1.4f / 3, 0.9f + 10.0f / 3}, 1e-6));
  // Channel 0, xhat = -1 -0.5 0 1.5, dy = 1 0 2 0: sum 3, dot xhat -1;
  // dx = w / sd / M (M dy - sum - xhat dot) = 2 / 2 / 4 (4 dy - 3 + xhat).
  const Floats dx = run.backward({1, 0, 1, 0, 2, 0, 0, 0});
  CHECK(test::near(slice(dx, 0, 2), Floats{0, -0.875f}, 1e-6));
  CHECK(test::near(slice(dx, 4, 2), Floats{1.25f, -0.375f}, 1e-6));
  CHECK(test::near(run.grad("weight"), Floats{-1, -0.9901475f}, 1e-6));
  CHECK(test::near(run.grad("bias"), Floats{3, 1}, 1e-6));
}

TEST_CASE("batchnorm2d: predicting uses the running statistics and leaves them", "[nn]") {
  const Shape in{2, 1, 1};
  nn::BatchNorm2d layer({.eps = 0.0f}, in);
  test::LayerRun run(layer, in, 1);
  run.set("running_mean", {1, -1});
  run.set("running_var", {4, 0.25f});
  CHECK(test::near(run.forward({3, 0}, false), Floats{1, 2}, 1e-6));
  CHECK(test::near(run.backward({1, 1}), Floats{0.5f, 2}, 1e-6));
  CHECK(test::near(run.value("running_mean"), Floats{1, -1}, 0));
  CHECK(test::near(run.value("running_var"), Floats{4, 0.25f}, 0));
}

TEST_CASE("batchnorm2d: starts as PyTorch's", "[nn]") {
  const nn::BatchNorm2d layer({}, {3, 4, 4});
  const auto tensors = layer.tensors();
  REQUIRE(tensors.size() == 4);
  const char* names[] = {"weight", "bias", "running_mean", "running_var"};
  const f32 fills[] = {1, 0, 0, 1};
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    CHECK(tensors[i].name == names[i]);
    CHECK(tensors[i].dims == std::vector<int>{3});
    CHECK(tensors[i].fan_in == 0);
    CHECK(tensors[i].fill == fills[i]);
    CHECK((tensors[i].role == nn::Role::buffer) == (i >= 2));
  }
}

TEST_CASE("batchnorm2d: gradients match central differences", "[nn][grad]") {
  const auto shape =
      GENERATE(Shape{1, 1, 1}, Shape{1, 3, 2}, Shape{3, 2, 5}, Shape{17, 1, 3}, Shape{2, 7, 1});
  const int batch = GENERATE(1, 2, 5);
  const bool training = GENERATE(true, false);
  // One or two equal values a channel have no variance to speak of: the differences would be
  // rounding alone.
  if (training && std::size_t(batch) * shape.size() / std::size_t(shape.c) < 4) return;
  nn::BatchNorm2d layer({}, shape);
  const auto report =
      test::grad_check(layer, shape, {.batch = batch, .seed = 17, .training = training});
  CAPTURE(shape.c, shape.h, shape.w, batch, training, report.text());
  CHECK(report.ok());
}

TEST_CASE("batchnorm2d: one value a channel gives the bias, and no gradient at x", "[nn]") {
  nn::BatchNorm2d layer({}, {3, 1, 1});
  test::LayerRun run(layer, {3, 1, 1}, 1);
  run.set("bias", {1, 2, 3});
  // y = x a + (b - mean a) with a = 1 / sqrt(eps) = 316 cancels to rounding.
  CHECK(test::near(run.forward({7, -8, 16}), Floats{1, 2, 3}, 1e-3));
  CHECK(test::near(run.backward({1, 2, 3}), Floats{0, 0, 0}, 0));
}

TEST_CASE("batchnorm2d: any number of threads gives the same bits", "[nn]") {
  const Shape in{19, 31, 29};
  const int batch = 7;
  nn::BatchNorm2d layer({}, in);
  const Floats x = test::normals(std::size_t(batch) * in.size(), 1),
               dy = test::normals(x.size(), 2);
  const bool training = GENERATE(true, false);
  test::LayerRun one(layer, in, batch, 1);
  const Floats y = one.forward(x, training), dx = one.backward(dy);
  const Floats dw = one.grad("weight"), db = one.grad("bias");
  const Floats mean = one.value("running_mean"), var = one.value("running_var");
  for (int threads : {2, 3}) {
    test::LayerRun many(layer, in, batch, threads);
    CAPTURE(threads, training);
    CHECK(test::same_bits(many.forward(x, training), y));
    CHECK(test::same_bits(many.backward(dy), dx));
    CHECK(test::same_bits(many.grad("weight"), dw));
    CHECK(test::same_bits(many.grad("bias"), db));
    CHECK(test::same_bits(many.value("running_mean"), mean));
    CHECK(test::same_bits(many.value("running_var"), var));
  }
}
