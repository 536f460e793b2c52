#include "engine/kernels/winograd.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/kernels/ref/winograd.hpp"
#include "tests/support/conv_case.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

using Floats = std::vector<f32>;

using Case = test::ConvCase;

// c, h, w, o, kernel, stride, padding: every padding, odd and even sizes, planes smaller than a
// tile, rows of less than a vector of tiles, channels that fill no vector and no tile of registers,
// chunks that span samples and samples that span chunks.
const std::vector<Case> kCases = {
    {1, {1, 3, 3, 1, 3, 1, 0}},   {1, {1, 1, 1, 1, 3, 1, 1}},     {2, {1, 1, 1, 2, 3, 1, 2}},
    {1, {2, 4, 4, 3, 3, 1, 1}},   {2, {3, 5, 4, 5, 3, 1, 1}},     {3, {2, 4, 7, 4, 3, 1, 0}},
    {1, {4, 6, 3, 7, 3, 1, 2}},   {2, {5, 7, 8, 9, 3, 1, 2}},     {1, {3, 9, 11, 2, 3, 1, 1}},
    {9, {6, 14, 14, 8, 3, 1, 1}}, {17, {2, 5, 5, 3, 3, 1, 1}},    {2, {8, 28, 28, 13, 3, 1, 1}},
    {1, {1, 3, 130, 2, 3, 1, 1}}, {3, {70, 6, 5, 30, 3, 1, 1}},   {2, {17, 8, 9, 66, 3, 1, 1}},
    {1, {300, 4, 4, 5, 3, 1, 0}}, {2, {33, 12, 10, 31, 3, 1, 0}}, {12, {3, 2, 2, 5, 3, 1, 1}},
};

struct Everything {
  Floats y, dx, dw;
};

// dw (O, C, 3, 3) of the samples from the second third on.
Everything run(const Case& c, Pool& pool, const Tiles& t, bool plain, bool bias) {
  const Winograd winograd(c.s, t);
  test::poison_scratch(pool, winograd.worker_floats());
  test::Padded filters(winograd.filter_floats(), 0, 9);
  test::ConvTensors tensors(c);
  const int pitch = round_up(c.s.o, t.panel_width(c.s.o));
  test::Padded sums(std::size_t(c.s.taps() * pitch), 0, 8);
  if (plain) {
    ref::winograd(c.s, tensors.xs, tensors.w.data(), bias ? tensors.b.data() : nullptr, tensors.ys);
    ref::winograd_input_gradient(c.s, tensors.dys, tensors.w.data(), tensors.dxs);
    ref::winograd_weight_gradient(c.s, tensors.xs, tensors.dys, c.n / 3, c.n, tensors.dw.data());
  } else {
    winograd.forward(pool, tensors.xs, tensors.w.data(), bias ? tensors.b.data() : nullptr,
                     tensors.ys, filters.data());
    winograd.input_gradient(pool, tensors.dys, tensors.w.data(), tensors.dxs, filters.data());
    winograd.weight_gradient(tensors.xs, tensors.dys, {c.n / 3, c.n}, sums.data(), pool.scratch(0));
    for (int i = 0; i < c.s.o * c.s.taps(); ++i)
      tensors.dw.data()[i] = sums.data()[i % c.s.taps() * pitch + i / c.s.taps()];
  }
  REQUIRE((filters.untouched() && tensors.untouched() && sums.untouched()));
  return {test::values_of(tensors.y), test::values_of(tensors.dx), test::values_of(tensors.dw)};
}

}  // namespace

TEST_CASE("Winograd's convolutions give the bits of the plain tiles for every variant and threads",
          "[kernels]") {
  for (const int threads : {1, 3}) {
    Pool pool(threads);
    for (const Case& c : kCases) {
      for (const bool bias : {false, true}) {
        const Everything want = run(c, pool, tiles(), true, bias);
        for (const Tiles* t : tiles_here()) {
          CAPTURE(t->name, threads, bias, c.n, c.s.c, c.s.h, c.s.w, c.s.o, c.s.padding);
          const Everything got = run(c, pool, *t, false, bias);
          REQUIRE(test::same_bits(got.y, want.y));
          REQUIRE(test::same_bits(got.dx, want.dx));
          REQUIRE(test::same_bits(got.dw, want.dw));
        }
      }
    }
  }
}

namespace {

// How far y is from the exact sum, in units of eps = 2^-23 of the sum of magnitudes: the largest
// error of the largest sum, and the mean error of the mean sum.
struct Error {
  double largest = 0, mean = 0;
};

struct ErrorSum {
  double most = 0, total = 0, most_magnitude = 0, magnitudes = 0;
  void add(double got, double exact, double magnitude) {
    most = std::max(most, std::abs(got - exact));
    total += std::abs(got - exact);
    most_magnitude = std::max(most_magnitude, magnitude);
    magnitudes += magnitude;
  }
  Error in_eps() const {
    const double eps = std::ldexp(1.0, -23);
    return {most / most_magnitude / eps, total / magnitudes / eps};
  }
};

struct Compared {
  Error winograd, direct;
};

// Adds up terms(f) in float, k by k, as the direct kernels do, and in double.
struct Sums {
  f32 direct = 0;
  double exact = 0, magnitude = 0;
  void add(f32 a, f32 b) {
    direct = direct + a * b;
    exact += double(a) * double(b);
    magnitude += std::abs(double(a) * double(b));
  }
};

struct Errors {
  ErrorSum winograd, direct;
  void add(f32 got, const Sums& sums) {
    winograd.add(double(got), sums.exact, sums.magnitude);
    direct.add(double(sums.direct), sums.exact, sums.magnitude);
  }
  Compared in_eps() const { return {winograd.in_eps(), direct.in_eps()}; }
};

struct Planes {
  int c, h, w;
  const f32* data;
  f32 at(int n, int channel, int i, int j) const {
    const bool inside = i >= 0 && i < h && j >= 0 && j < w;
    return inside ? data[((n * c + channel) * h + i) * w + j] : 0.0f;
  }
};

Compared error_of_y(const Conv2dShape& s, int n, const f32* x, const f32* w, const f32* y) {
  const Planes in{s.c, s.h, s.w, x}, out{s.o, s.out_h(), s.out_w(), y};
  Errors errors;
  for (int p = 0; p < n * s.o * out.h * out.w; ++p) {
    const int sample = p / (s.o * out.h * out.w), o = p / (out.h * out.w) % s.o;
    const int i = p / out.w % out.h, j = p % out.w;
    Sums sums;
    for (int tap = 0; tap < s.taps(); ++tap) {
      sums.add(w[o * s.taps() + tap],
               in.at(sample, tap / 9, i + tap / 3 % 3 - s.padding, j + tap % 3 - s.padding));
    }
    errors.add(y[p], sums);
  }
  return errors.in_eps();
}

Compared error_of_dw(const Conv2dShape& s, int n, const f32* x, const f32* dy, const f32* sums,
                     int pitch) {
  const Planes in{s.c, s.h, s.w, x}, out{s.o, s.out_h(), s.out_w(), dy};
  Errors errors;
  for (int p = 0; p < s.o * s.taps(); ++p) {
    const int o = p / s.taps(), tap = p % s.taps();
    Sums exact;
    for (int q = 0; q < n * out.h * out.w; ++q) {
      const int sample = q / (out.h * out.w), i = q / out.w % out.h, j = q % out.w;
      exact.add(in.at(sample, tap / 9, i + tap / 3 % 3 - s.padding, j + tap % 3 - s.padding),
                out.at(sample, o, i, j));
    }
    errors.add(sums[tap * pitch + o], exact);
  }
  return errors.in_eps();
}

}  // namespace

TEST_CASE("Winograd's error is a few eps of the sum of magnitudes, as its declaration says",
          "[kernels]") {
  for (const bool positive : {false, true}) {  // as after a ReLU, whose zeros are rounded nowhere
    const Conv2dShape s{64, 14, 14, 64, 3, 1, 1};
    const Winograd winograd(s, tiles());
    Pool pool(1);
    pool.reserve_scratch(winograd.worker_floats());
    Arena filters(winograd.filter_floats());
    const int n = 4, pitch = round_up(s.o, tiles().panel_width(s.o));
    const std::size_t size = std::size_t(n * s.c) * 196;
    const Floats x = test::random_floats(size, 1, positive ? 0.0f : -1.0f),
                 w = test::random_floats(std::size_t(s.o * s.taps()), 2, -0.06f, 0.06f),
                 dy = test::random_floats(size, 3);
    Floats y(size), dw(std::size_t(s.taps() * pitch));
    const BatchIn xs{x.data(), n, {s.c, s.h, s.w}}, dys{dy.data(), n, {s.o, s.h, s.w}};
    winograd.forward(pool, xs, w.data(), nullptr, {y.data(), n, {s.o, s.h, s.w}}, filters.data());
    winograd.weight_gradient(xs, dys, {0, n}, dw.data(), pool.scratch(0));
    const Compared of_y = error_of_y(s, n, x.data(), w.data(), y.data());
    const Compared of_dw = error_of_dw(s, n, x.data(), dy.data(), dw.data(), pitch);
    for (const Compared& found : {of_y, of_dw}) {
      CAPTURE(positive, found.winograd.largest, found.winograd.mean, found.direct.largest,
              found.direct.mean);
      CHECK(found.winograd.largest < 4);
      CHECK(found.winograd.mean < 0.4);
      CHECK(found.direct.largest > 1);
      CHECK(found.direct.mean > 0.1);
    }
  }
}
