#include "engine/nn/batchnorm1d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/nn/batchnorm2d.hpp"
#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;

TEST_CASE("batchnorm1d: worked by hand", "[nn]") {
  // Four samples of two values. The first holds 1 2 3 6: mean 3, variance (4 + 1 + 0 + 9) / 4 =
  // 3.5, unbiased 14 / 3. The second holds 10 10 20 20: mean 15, variance 25, unbiased 100 / 3.
  const Shape in{2, 1, 1};
  nn::BatchNorm1d layer({.momentum = 0.1f, .eps = 0.5f}, in);
  test::LayerRun run(layer, in, 4);
  run.set("weight", {2, 1});
  run.set("bias", {0.5f, -1});
  const Floats y = run.forward({1, 10, 2, 10, 3, 20, 6, 20});
  // sqrt(3.5 + 0.5) = 2: (x - 3) / 2 * 2 + 0.5; sqrt(25.5) = 5.0497525: (x - 15) / it - 1.
  CHECK(test::near(
      y, Floats{-1.5f, -1.9901475f, -0.5f, -1.9901475f, 0.5f, -0.0098525f, 3.5f, -0.0098525f},
      1e-6));
  CHECK(test::near(run.value("running_mean"), Floats{0.3f, 1.5f}, 1e-6));
  CHECK(test::near(run.value("running_var"), Floats{0.9f + 1.4f / 3, 0.9f + 10.0f / 3}, 1e-6));
  // The first value, xhat = -1 -0.5 0 1.5, dy = 1 0 2 0: sum 3, dot xhat -1;
  // dx = w / sd / M (M dy - sum - xhat dot) = 2 / 2 / 4 (4 dy - 3 + xhat).
  const Floats dx = run.backward({1, 1, 0, 0, 2, 0, 0, 0});
  CHECK(test::near(Floats{dx[0], dx[2], dx[4], dx[6]}, Floats{0, -0.875f, 1.25f, -0.375f}, 1e-6));
  CHECK(test::near(run.grad("weight"), Floats{-1, -0.9901475f}, 1e-6));
  CHECK(test::near(run.grad("bias"), Floats{3, 1}, 1e-6));
}

TEST_CASE("batchnorm1d: predicting uses the running statistics and leaves them", "[nn]") {
  const Shape in{2, 1, 1};
  nn::BatchNorm1d layer({.eps = 0.0f}, in);
  test::LayerRun run(layer, in, 2);
  run.set("running_mean", {1, -1});
  run.set("running_var", {4, 0.25f});
  CHECK(test::near(run.forward({3, 0, 5, -1}, false), Floats{1, 2, 2, 0}, 1e-6));
  CHECK(test::near(run.backward({1, 1, 2, 3}), Floats{0.5f, 2, 1, 6}, 1e-6));
  CHECK(test::near(run.value("running_mean"), Floats{1, -1}, 0));
  CHECK(test::near(run.value("running_var"), Floats{4, 0.25f}, 0));
}

TEST_CASE("batchnorm1d: the tensors of PyTorch's, by the values of a list", "[nn]") {
  const nn::BatchNorm1d layer({}, {5, 1, 1});
  const auto tensors = layer.tensors();
  REQUIRE(tensors.size() == 4);
  CHECK(tensors[0].name == "weight");
  CHECK(tensors[3].name == "running_var");
  for (const nn::TensorInfo& tensor : tensors) CHECK(tensor.dims == std::vector<int>{5});
}

TEST_CASE("batchnorm1d: gradients match central differences", "[nn][grad]") {
  const int channels = GENERATE(1, 2, 5, 17), batch = GENERATE(1, 4, 5, 19);
  const bool training = GENERATE(true, false);
  if (training && batch < 4) return;  // no variance to speak of: differences of rounding alone
  const Shape in{channels, 1, 1};
  nn::BatchNorm1d layer({}, in);
  const auto report =
      test::grad_check(layer, in, {.batch = batch, .seed = 19, .training = training});
  CAPTURE(channels, batch, training, report.text());
  CHECK(report.ok());
}

TEST_CASE("batchnorm1d: the bits of batchnorm2d on maps of one pixel", "[nn]") {
  const Shape in{7, 1, 1};
  nn::BatchNorm1d list({}, in);
  nn::BatchNorm2d image({}, in);
  test::LayerRun one(list, in, 11), two(image, in, 11);
  const Floats x = test::normals(77, 1), dy = test::normals(77, 2);
  CHECK(test::same_bits(one.forward(x), two.forward(x)));
  CHECK(test::same_bits(one.backward(dy), two.backward(dy)));
  CHECK(test::same_bits(one.value("running_var"), two.value("running_var")));
}

TEST_CASE("batchnorm1d: one sample alone gives the bias, and no gradient at x", "[nn]") {
  nn::BatchNorm1d layer({}, {3, 1, 1});
  test::LayerRun run(layer, {3, 1, 1}, 1);
  run.set("bias", {1, 2, 3});
  CHECK(test::near(run.forward({7, -8, 16}), Floats{1, 2, 3}, 1e-3));
  CHECK(test::near(run.backward({1, 2, 3}), Floats{0, 0, 0}, 0));
}

TEST_CASE("batchnorm1d: any number of threads gives the same bits", "[nn]") {
  const Shape in{1031, 1, 1};
  const int batch = 131;
  nn::BatchNorm1d layer({}, in);
  const Floats x = test::normals(std::size_t(batch) * in.size(), 1),
               dy = test::normals(x.size(), 2);
  const bool training = GENERATE(true, false);
  test::LayerRun one(layer, in, batch, 1);
  const Floats y = one.forward(x, training), dx = one.backward(dy);
  for (int threads : {2, 3}) {
    test::LayerRun many(layer, in, batch, threads);
    CAPTURE(threads, training);
    CHECK(test::same_bits(many.forward(x, training), y));
    CHECK(test::same_bits(many.backward(dy), dx));
    CHECK(test::same_bits(many.grad("weight"), one.grad("weight")));
    CHECK(test::same_bits(many.grad("bias"), one.grad("bias")));
    CHECK(test::same_bits(many.value("running_mean"), one.value("running_mean")));
    CHECK(test::same_bits(many.value("running_var"), one.value("running_var")));
  }
}
