#include "engine/nn/conv2d.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/gradcheck.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;
using test::slice;

namespace {

// The definition, in double.
Floats by_definition(const spec::Conv2d& s, Shape in, int batch, const Floats& x, const Floats& w,
                     const Floats& b) {
  const int out_h = (in.h + 2 * s.padding - s.kernel) / s.stride + 1;
  const int out_w = (in.w + 2 * s.padding - s.kernel) / s.stride + 1;
  Floats y;
  for (int n = 0; n < batch; ++n) {
    for (int o = 0; o < s.out; ++o) {
      for (int at = 0; at < out_h * out_w; ++at) {
        double sum = s.bias ? double(b[std::size_t(o)]) : 0;
        const int group_c = in.c / s.groups, taps = group_c * s.kernel * s.kernel;
        for (int tap = 0; tap < taps; ++tap) {
          const int c = o / (s.out / s.groups) * group_c + tap / (s.kernel * s.kernel);
          const int h = at / out_w * s.stride - s.padding + tap / s.kernel % s.kernel;
          const int v = at % out_w * s.stride - s.padding + tap % s.kernel;
          if (h < 0 || h >= in.h || v < 0 || v >= in.w) continue;
          sum += double(x[std::size_t(((n * in.c + c) * in.h + h) * in.w + v)]) *
                 double(w[std::size_t(o * taps + tap)]);
        }
        y.push_back(f32(sum));
      }
    }
  }
  return y;
}

struct Case {
  spec::Conv2d spec;
  Shape in;
  int batch;
};

// Kernels 1 to 5, strides 1 to 3, paddings 0 to 2, channels that fill no vector, one row, one
// column; groups, depthwise with one and two outputs a channel, and one output for two channels.
const std::vector<Case> kCases{
    {{.out = 1, .kernel = 1, .padding = 0}, {1, 1, 1}, 1},
    {{.out = 3, .kernel = 1, .stride = 2, .padding = 0}, {2, 5, 4}, 2},
    {{.out = 5, .kernel = 2, .stride = 1, .padding = 0}, {3, 4, 5}, 1},
    {{.out = 2, .kernel = 2, .stride = 2, .padding = 1, .bias = false}, {1, 5, 3}, 3},
    {{.out = 10, .kernel = 3, .stride = 2, .padding = 1}, {1, 7, 7}, 2},
    {{.out = 7, .kernel = 3, .stride = 1, .padding = 1}, {5, 6, 3}, 2},
    {{.out = 17, .kernel = 3, .stride = 1, .padding = 0, .bias = false}, {2, 3, 9}, 1},
    {{.out = 3, .kernel = 3, .stride = 3, .padding = 2}, {3, 8, 5}, 2},
    {{.out = 2, .kernel = 3, .stride = 1, .padding = 1}, {1, 1, 6}, 1},
    {{.out = 2, .kernel = 3, .stride = 2, .padding = 1}, {2, 6, 1}, 2},
    {{.out = 4, .kernel = 4, .stride = 3, .padding = 1}, {2, 7, 6}, 1},
    {{.out = 3, .kernel = 5, .stride = 1, .padding = 2}, {2, 5, 6}, 2},
    {{.out = 2, .kernel = 5, .stride = 2, .padding = 0}, {1, 9, 8}, 9},
    {{.out = 6, .kernel = 3, .stride = 1, .padding = 1, .groups = 2}, {4, 5, 3}, 2},
    {{.out = 3, .kernel = 2, .stride = 2, .padding = 1, .groups = 3}, {6, 5, 4}, 1},
    {{.out = 5, .kernel = 3, .stride = 1, .padding = 1, .groups = 5}, {5, 4, 7}, 9},
    {{.out = 6, .kernel = 3, .stride = 2, .padding = 1, .groups = 3, .bias = false}, {3, 7, 5}, 2},
    {{.out = 2, .kernel = 5, .stride = 1, .padding = 2, .groups = 2}, {2, 1, 6}, 1},
    {{.out = 8, .kernel = 1, .stride = 1, .padding = 0, .groups = 4}, {12, 3, 3}, 3},
};

}  // namespace

TEST_CASE("conv2d: 3x3 on 3x3, worked by hand", "[nn]") {
  // Stride 2 and padding 1 put the kernel's centre on the four corners of x.
  //   x = 1 2 3   W = 1 0 2    at corner 1: 0*1 + 1*2 + (-1)*4 + 1*5 -> taps (1,1) (1,2) (2,1)
  //   (2,2)
  //       4 5 6       0 3 0
  //       7 8 9      -1 0 1    b = 0.5
  nn::Conv2d layer({.out = 1, .kernel = 3, .stride = 2, .padding = 1}, {1, 3, 3});
  CHECK(layer.output() == Shape{1, 2, 2});
  test::LayerRun run(layer, {1, 3, 3}, 1);
  run.set("weight", {1, 0, 2, 0, 3, 0, -1, 0, 1});
  run.set("bias", {0.5f});
  // corners 1, 3, 7, 9:  3*1 + 1*5;  3*3 - 1*5;  3*7 + 2*5;  3*9 + 1*5
  CHECK(test::near(run.forward({1, 2, 3, 4, 5, 6, 7, 8, 9}), Floats{8.5f, 4.5f, 31.5f, 32.5f}, 0));
  const Floats dx = run.backward({1, 10, 100, 1000});
  // Each corner gets 3 dy; the middle gets 1*1 - 1*10 + 2*100 + 1*1000; the edges meet taps of 0.
  CHECK(test::near(dx, Floats{3, 0, 30, 0, 1191, 0, 300, 0, 3000}, 0));
  // dW(kh, kw) = sum over the corners of dy times the x under that tap, e.g. (0, 1): 100 * 4 + 1000
  // * 6.
  CHECK(test::near(run.grad("weight"), Floats{5000, 6400, 500, 8020, 9731, 802, 50, 64, 5}, 0));
  CHECK(test::near(run.grad("bias"), Floats{1111}, 0));
}

TEST_CASE("conv2d: agrees with the definition on ragged shapes", "[nn]") {
  for (const Case& c : kCases) {
    nn::Conv2d layer(c.spec, c.in);
    test::LayerRun run(layer, c.in, c.batch);
    const Floats x = test::normals(std::size_t(c.batch) * c.in.size(), 5);
    const Floats want = by_definition(c.spec, c.in, c.batch, x, run.value("weight"),
                                      c.spec.bias ? run.value("bias") : Floats{});
    CAPTURE(c.spec.out, c.spec.kernel, c.spec.stride, c.spec.padding, c.in.c, c.in.h, c.in.w,
            c.batch);
    CHECK(test::near(run.forward(x), want, 1e-5, 1e-5));
  }
}

TEST_CASE("conv2d: gradients match central differences", "[nn][grad]") {
  for (const Case& c : kCases) {
    nn::Conv2d layer(c.spec, c.in);
    const auto report = test::grad_check(layer, c.in, {.batch = c.batch, .seed = 21});
    CAPTURE(c.spec.out, c.spec.kernel, c.spec.stride, c.spec.padding, c.in.c, c.in.h, c.in.w,
            c.batch, report.text());
    CHECK(report.ok());
  }
}

TEST_CASE("conv2d: tensors have PyTorch's names and shapes", "[nn]") {
  const nn::Conv2d layer({.out = 6, .kernel = 3}, {2, 5, 5});
  const auto tensors = layer.tensors();
  REQUIRE(tensors.size() == 2);
  CHECK(tensors[0].name == "weight");
  CHECK(tensors[0].dims == std::vector<int>{6, 2, 3, 3});
  CHECK(tensors[0].fan_in == 18);
  CHECK(tensors[1].name == "bias");
  CHECK(tensors[1].dims == std::vector<int>{6});
  CHECK(tensors[1].role == nn::Role::bias);
  CHECK(tensors[1].fan_in == 18);
  CHECK(nn::Conv2d({.out = 6, .kernel = 3, .bias = false}, {2, 5, 5}).tensors().size() == 1);
}

TEST_CASE("conv2d: a group's weights have its own channels alone, as PyTorch's", "[nn]") {
  const nn::Conv2d layer({.out = 6, .kernel = 3, .groups = 2}, {4, 5, 5});
  const auto tensors = layer.tensors();
  CHECK(tensors[0].dims == std::vector<int>{6, 2, 3, 3});
  CHECK(tensors[0].fan_in == 18);
  CHECK(tensors[1].dims == std::vector<int>{6});
  CHECK(tensors[1].fan_in == 18);
}

TEST_CASE("conv2d: threads change no bit; a batch's outputs are those of its samples", "[nn]") {
  const auto [spec, in] = GENERATE(table<spec::Conv2d, Shape>(
      {{{.out = 19, .kernel = 3, .stride = 1, .padding = 1}, {7, 23, 21}},
       {{.out = 24, .kernel = 3, .stride = 1, .padding = 1, .groups = 24}, {24, 31, 33}},
       {{.out = 32, .kernel = 3, .stride = 2, .padding = 1, .groups = 4}, {16, 31, 33}}}));
  const int batch = 11;
  nn::Conv2d layer(spec, in);
  const Floats x = test::normals(std::size_t(batch) * in.size(), 1);
  const std::size_t size = layer.output().size();
  const Floats dy = test::normals(std::size_t(batch) * size, 2);
  test::LayerRun one(layer, in, batch, 1);
  const Floats y = one.forward(x), dx = one.backward(dy);
  const Floats dw = one.grad("weight"), db = one.grad("bias");
  for (int threads : {2, 3}) {
    test::LayerRun many(layer, in, batch, threads);
    CAPTURE(threads);
    CHECK(test::same_bits(many.forward(x), y));
    CHECK(test::same_bits(many.backward(dy), dx));
    CHECK(test::same_bits(many.grad("weight"), dw));
    CHECK(test::same_bits(many.grad("bias"), db));
  }
  for (int n = 0; n < batch; ++n) {
    test::LayerRun single(layer, in, 1);
    CAPTURE(n);
    CHECK(test::same_bits(single.forward(slice(x, std::size_t(n) * in.size(), in.size())),
                          slice(y, std::size_t(n) * size, size)));
    CHECK(test::same_bits(single.backward(slice(dy, std::size_t(n) * size, size)),
                          slice(dx, std::size_t(n) * in.size(), in.size())));
  }
}
