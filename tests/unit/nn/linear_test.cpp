#include "engine/nn/linear.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

TEST_CASE("linear: worked by hand", "[nn]") {
  //   x = 1 2 3     W = 1 0 -1    b = 0.5 -0.5
  //       4 5 6         2 1  0
  nn::Linear layer({.out = 2}, {3, 1, 1});
  CHECK(layer.output() == Shape{2, 1, 1});
  test::LayerRun run(layer, {3, 1, 1}, 2);
  run.set("weight", {1, 0, -1, 2, 1, 0});
  run.set("bias", {0.5f, -0.5f});
  CHECK(test::near(run.forward({1, 2, 3, 4, 5, 6}), Floats{-1.5f, 3.5f, -1.5f, 12.5f}, 0));
  const Floats dx = run.backward({1, 10, 100, 1000});
  CHECK(test::near(dx, Floats{21, 10, -1, 2100, 1000, -100}, 0));
  CHECK(test::near(run.grad("weight"), Floats{401, 502, 603, 4010, 5020, 6030}, 0));
  CHECK(test::near(run.grad("bias"), Floats{101, 1010}, 0));
}

TEST_CASE("linear: a second backward adds to the gradients", "[nn]") {
  nn::Linear layer({.out = 2}, {3, 1, 1});
  test::LayerRun run(layer, {3, 1, 1}, 1);
  run.forward({1, 2, 3});
  run.backward({1, 10});
  run.backward({1, 10});
  CHECK(test::near(run.grad("weight"), Floats{2, 4, 6, 20, 40, 60}, 0));
  CHECK(test::near(run.grad("bias"), Floats{2, 20}, 0));
}

TEST_CASE("linear: gradients match central differences on ragged shapes", "[nn][grad]") {
  const bool bias = GENERATE(true, false);
  const auto [batch, in, out] = GENERATE(
      table<int, int, int>({{1, 1, 1}, {2, 3, 5}, {3, 5, 2}, {1, 17, 4}, {9, 7, 13}, {4, 33, 10}}));
  nn::Linear layer({.out = out, .bias = bias}, {in, 1, 1});
  const auto report = test::grad_check(layer, {in, 1, 1}, {.batch = batch, .seed = 42});
  CAPTURE(bias, batch, in, out, report.text());
  CHECK(report.ok());
}

TEST_CASE("linear: an image is read as its flat features", "[nn]") {
  nn::Linear flat({.out = 4}, {12, 1, 1}), image({.out = 4}, {2, 2, 3});
  const Floats x = test::normals(24, 3);
  test::LayerRun a(flat, {12, 1, 1}, 2), b(image, {2, 2, 3}, 2);
  CHECK(test::same_bits(a.forward(x), b.forward(x)));
}

TEST_CASE("linear: tensors have PyTorch's names and shapes", "[nn]") {
  const auto tensors = nn::Linear({.out = 4}, {12, 1, 1}).tensors();
  REQUIRE(tensors.size() == 2);
  CHECK(tensors[0].name == "weight");
  CHECK(tensors[0].dims == std::vector<int>{4, 12});
  CHECK(tensors[0].fan_in == 12);
  CHECK(tensors[1].name == "bias");
  CHECK(tensors[1].dims == std::vector<int>{4});
  CHECK(tensors[1].fan_in == 12);
  CHECK(nn::Linear({.out = 4, .bias = false}, {12, 1, 1}).tensors().size() == 1);
}

TEST_CASE("linear: threads change no bit; a batch's outputs are those of its samples", "[nn]") {
  const int batch = 13, in = 301, out = 219;
  nn::Linear layer({.out = out}, {in, 1, 1});
  const Floats x = test::normals(std::size_t(batch * in), 1),
               dy = test::normals(std::size_t(batch * out), 2);
  test::LayerRun one(layer, {in, 1, 1}, batch, 1);
  const Floats y = one.forward(x), dx = one.backward(dy);
  const Floats dw = one.grad("weight"), db = one.grad("bias");
  for (int threads : {2, 3}) {
    test::LayerRun many(layer, {in, 1, 1}, batch, threads);
    CAPTURE(threads);
    CHECK(test::same_bits(many.forward(x), y));
    CHECK(test::same_bits(many.backward(dy), dx));
    CHECK(test::same_bits(many.grad("weight"), dw));
    CHECK(test::same_bits(many.grad("bias"), db));
  }
  for (int n = 0; n < batch; ++n) {
    test::LayerRun single(layer, {in, 1, 1}, 1);
    CAPTURE(n);
    CHECK(test::same_bits(single.forward(slice(x, std::size_t(n * in), in)),
                          slice(y, std::size_t(n * out), out)));
    CHECK(test::same_bits(single.backward(slice(dy, std::size_t(n * out), out)),
                          slice(dx, std::size_t(n * in), in)));
  }
}
