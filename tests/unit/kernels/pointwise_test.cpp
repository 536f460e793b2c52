#include "engine/kernels/pointwise.hpp"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <vector>

#include "engine/core/math.hpp"
#include "engine/kernels/ref/pointwise.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

constexpr f32 kInf = std::numeric_limits<f32>::infinity();
constexpr f32 kNaN = std::numeric_limits<f32>::quiet_NaN();

// Runs both on the same inputs for every length 0..80 and several alignments: same bits, neighbours
// untouched.
template <class Fast, class Plain>
void compare(const Fast& fast, const Plain& plain) {
  for (std::size_t n = 0; n <= 80; ++n) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      CAPTURE(n, offset);
      test::Padded a(test::random_floats(n, 1, -5, 5), offset),
          b(test::random_floats(n, 2, 0.01f, 5), 3 - offset);
      test::Padded got(n, offset, 3), want(n, offset, 3);
      fast(a.data(), b.data(), got.data(), n);
      plain(a.data(), b.data(), want.data(), n);
      REQUIRE(test::same_bits(got.span(), want.span()));
      REQUIRE((a.untouched() && b.untouched() && got.untouched()));
    }
  }
}

using Unary = void (*)(const f32*, f32*, std::size_t);
using Binary = void (*)(const f32*, const f32*, f32*, std::size_t);

void compare_unary(Unary fast, Unary plain) {
  // b is positive, so that log has something to do; a covers both signs.
  compare([=](const f32*, const f32* b, f32* y, std::size_t n) { fast(b, y, n); },
          [=](const f32*, const f32* b, f32* y, std::size_t n) { plain(b, y, n); });
  if (fast == static_cast<Unary>(kernels::log)) return;
  compare([=](const f32* a, const f32*, f32* y, std::size_t n) { fast(a, y, n); },
          [=](const f32* a, const f32*, f32* y, std::size_t n) { plain(a, y, n); });
}

void compare_binary(Binary fast, Binary plain) { compare(fast, plain); }

}  // namespace

TEST_CASE("activations give the bits of their plain twins", "[kernels]") {
  compare_unary(relu, ref::relu);
  compare_unary(sigmoid, ref::sigmoid);
  compare_unary(kernels::tanh, ref::tanh);
  compare_unary(kernels::exp, ref::exp);
  compare_unary(kernels::log, ref::log);
  compare_binary(relu_backward, ref::relu_backward);
  compare_binary(sigmoid_backward, ref::sigmoid_backward);
  compare_binary(tanh_backward, ref::tanh_backward);
  compare_unary(gelu, ref::gelu);
  compare_unary(silu, ref::silu);
  compare_binary(gelu_backward, ref::gelu_backward);
  compare_binary(silu_backward, ref::silu_backward);
  compare_binary(multiply, ref::multiply);
}

TEST_CASE("a leaky ReLU gives the bits of its plain twin", "[kernels]") {
  using Out = f32*;
  using In = const f32*;
  compare([](In a, In, Out y, std::size_t n) { leaky_relu(a, 0.3f, y, n); },
          [](In a, In, Out y, std::size_t n) { ref::leaky_relu(a, 0.3f, y, n); });
  compare([](In a, In b, Out dx, std::size_t n) { leaky_relu_backward(a, 0.3f, b, dx, n); },
          [](In a, In b, Out dx, std::size_t n) { ref::leaky_relu_backward(a, 0.3f, b, dx, n); });
}

TEST_CASE("sums and scalings give the bits of their plain twins", "[kernels]") {
  using Out = f32*;
  using In = const f32*;
  compare([](In, In, Out y, std::size_t n) { scale(y, 0.3f, n); },
          [](In, In, Out y, std::size_t n) { ref::scale(y, 0.3f, n); });
  compare([](In a, In, Out y, std::size_t n) { add(a, y, n); },
          [](In a, In, Out y, std::size_t n) { ref::add(a, y, n); });
  compare([](In a, In, Out y, std::size_t n) { axpy(-0.7f, a, y, n); },
          [](In a, In, Out y, std::size_t n) { ref::axpy(-0.7f, a, y, n); });
  compare([](In a, In, Out y, std::size_t n) { scale_shift(a, 1.1f, -0.3f, y, n); },
          [](In a, In, Out y, std::size_t n) { ref::scale_shift(a, 1.1f, -0.3f, y, n); });
  compare([](In a, In b, Out y, std::size_t n) { blend(a, 0.7f, b, y, n); },
          [](In a, In b, Out y, std::size_t n) { ref::blend(a, 0.7f, b, y, n); });
  const Normalization k{0.1f, 0.2f, 0.3f, 0.4f};
  compare([&](In a, In b, Out y, std::size_t n) { normalize_backward(k, a, b, y, n); },
          [&](In a, In b, Out y, std::size_t n) { ref::normalize_backward(k, a, b, y, n); });
}

TEST_CASE("a row is added to every row", "[kernels]") {
  for (const std::size_t rows : {0u, 1u, 3u}) {
    for (const std::size_t columns : {1u, 4u, 10u, 17u}) {
      CAPTURE(rows, columns);
      test::Padded b(columns, 1, 1), got(rows * columns, 2, 2), want(rows * columns, 2, 2);
      add_to_rows(b.data(), got.data(), rows, columns);
      ref::add_to_rows(b.data(), want.data(), rows, columns);
      CHECK(test::same_bits(got.span(), want.span()));
      CHECK(got.untouched());
    }
  }
}

TEST_CASE("kernels may work in place", "[kernels]") {
  std::vector<f32> x = test::random_floats(37, 1), want(37);
  ref::sigmoid(x.data(), want.data(), 37);
  sigmoid(x.data(), x.data(), 37);
  CHECK(test::same_bits(x, want));
}

TEST_CASE("vectors and scalars of exp, log, tanh, sigmoid and erf agree on every kind of float",
          "[kernels]") {
  std::vector<f32> x;
  for (u64 bits = 0; bits < (u64(1) << 32); bits += 40009) {
    const f32 v = std::bit_cast<f32>(u32(bits));
    x.push_back(v == v ? v : kNaN);
  }
  for (const f32 v : {0.0f, -0.0f, kInf, -kInf, 1.0f, 88.7228317f, 88.7228394f, -87.3365402f,
                      -87.336548f, 1e-45f}) {
    x.push_back(v);
  }
  const auto agree = [&](Unary kernel, f32 (*scalar)(f32)) {
    std::vector<f32> got(x.size()), want(x.size());
    kernel(x.data(), got.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      want[i] = scalar(x[i]);
      if (want[i] != want[i] && got[i] != got[i])
        want[i] = got[i] = 0;  // a NaN's own bits are nobody's promise
    }
    return test::same_bits(got, want);
  };
  CHECK(agree(kernels::exp, math::exp));
  CHECK(agree(kernels::log, math::log));
  CHECK(agree(kernels::tanh, math::tanh));
  CHECK(agree(sigmoid, math::sigmoid));
  // (x / 2) (1 + erf(x r)) shows erf's bits where it is small, and erf alone is what the twin
  // calls.
  CHECK(agree(gelu, [](f32 v) { return (0.5f * v) * (1.0f + math::erf(v * 0.707106781f)); }));
}

TEST_CASE("relu at zero, at infinity and at NaN", "[kernels]") {
  const std::vector<f32> x = {-1, 0, 2, kInf, -kInf, kNaN}, dy(6, 3.0f);
  std::vector<f32> y(6), dx(6);
  relu(x.data(), y.data(), 6);
  relu_backward(y.data(), dy.data(), dx.data(), 6);
  CHECK(std::vector<f32>(y.begin(), y.begin() + 5) == std::vector<f32>{0, 0, 2, kInf, 0});
  CHECK(y[5] != y[5]);
  CHECK(dx == std::vector<f32>{0, 0, 3, 3, 0, 3});
}

TEST_CASE("fill writes n floats", "[kernels]") {
  test::Padded y(7, 1, 1);
  fill(y.data(), 2.5f, 7);
  CHECK(y.untouched());
  for (f32 v : y.span()) CHECK(v == 2.5f);
}
