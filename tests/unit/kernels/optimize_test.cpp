#include "engine/kernels/optimize.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "engine/kernels/ref/optimize.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

using Floats = std::vector<f32>;

const std::vector<SgdStep> kSgd = {{0.1f, 0, 0, false},
                                   {0.1f, 0, 0.01f, false},
                                   {0.1f, 0.9f, 0.01f, false},
                                   {0.1f, 0.9f, 0, true}};
const std::vector<RmsPropStep> kRmsProp = {
    {0.1f, 0.99f, 1e-8f, 0, 0}, {0.1f, 0.9f, 1e-3f, 0, 0.01f}, {0.1f, 0.99f, 1e-8f, 0.9f, 0.01f}};
const AdamStep kAdam{0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.271f, 0.0547f};

}  // namespace

TEST_CASE("optimiser steps give the bits of their plain twins, on any part of a span",
          "[kernels]") {
  for (std::size_t n = 0; n <= 80; ++n) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      CAPTURE(n, offset);
      const test::Padded g(n, 3 - offset, 1);
      for (const SgdStep& step : kSgd) {
        test::Padded w(n, offset, 2), v(n, offset, 3), w2(n, offset, 2), v2(n, offset, 3);
        sgd(step, w.data(), g.span().data(), v.data(), n);
        ref::sgd(step, w2.data(), g.span().data(), v2.data(), n);
        REQUIRE(test::same_bits(w.span(), w2.span()));
        REQUIRE(test::same_bits(v.span(), v2.span()));
        REQUIRE((w.untouched() && v.untouched()));
      }
      for (const bool decoupled : {false, true}) {
        const Floats squares = test::random_floats(n, 4, 0, 1);
        test::Padded w(n, offset, 2), m(n, offset, 3), v(squares, offset);
        test::Padded w2(n, offset, 2), m2(n, offset, 3), v2(squares, offset);
        (decoupled ? adamw : adam)(kAdam, w.data(), g.span().data(), m.data(), v.data(), n);
        (decoupled ? ref::adamw : ref::adam)(kAdam, w2.data(), g.span().data(), m2.data(),
                                             v2.data(), n);
        REQUIRE(test::same_bits(w.span(), w2.span()));
        REQUIRE(test::same_bits(m.span(), m2.span()));
        REQUIRE(test::same_bits(v.span(), v2.span()));
        REQUIRE((w.untouched() && m.untouched() && v.untouched()));
      }
      for (const RmsPropStep& step : kRmsProp) {
        const Floats squares = test::random_floats(n, 4, 0, 1);
        test::Padded w(n, offset, 2), v(squares, offset), u(n, offset, 3);
        test::Padded w2(n, offset, 2), v2(squares, offset), u2(n, offset, 3);
        rmsprop(step, w.data(), g.span().data(), v.data(), u.data(), n);
        ref::rmsprop(step, w2.data(), g.span().data(), v2.data(), u2.data(), n);
        REQUIRE(test::same_bits(w.span(), w2.span()));
        REQUIRE(test::same_bits(v.span(), v2.span()));
        REQUIRE(test::same_bits(u.span(), u2.span()));
        REQUIRE((w.untouched() && v.untouched() && u.untouched()));
      }
    }
  }
}

TEST_CASE("SGD steps worked by hand", "[kernels]") {
  Floats w = {1}, v = {0.5f};
  const Floats g = {2};
  sgd({0.25f, 0, 0, false}, w.data(), g.data(), nullptr, 1);
  CHECK(w[0] == 0.5f);
  sgd({0.25f, 0.5f, 0.5f, false}, w.data(), g.data(), v.data(), 1);  // d = 2.25, v = 2.5
  CHECK(v[0] == 2.5f);
  CHECK(w[0] == -0.125f);
  w = {0}, v = {1};
  sgd({0.5f, 0.5f, 0, true}, w.data(), g.data(), v.data(), 1);  // v = 2.5, d + v / 2 = 3.25
  CHECK(w[0] == -1.625f);
}

TEST_CASE("Adam's first step moves by the learning rate against the gradient", "[kernels]") {
  AdamStep step;
  step.learning_rate = 0.125f;
  step.beta1 = 0.5f;
  step.beta2 = 0.75f;
  step.epsilon = 0;
  step.correction1 = 0.5f;
  step.sqrt_correction2 = 0.5f;
  Floats w = {1, 1}, m(2), v(2);
  const Floats g = {4, -0.5f};
  adam(step, w.data(), g.data(), m.data(), v.data(), 2);
  CHECK(w == Floats{0.875f, 1.125f});
  CHECK(m == Floats{2, -0.25f});
  CHECK(v == Floats{4, 0.0625f});
  w = {1, 1}, m = {0, 0}, v = {0, 0};
  step.weight_decay = 2;  // decoupled: 1 * (1 - 0.25) first
  adamw(step, w.data(), g.data(), m.data(), v.data(), 2);
  CHECK(w == Floats{0.625f, 0.875f});
}

TEST_CASE("RMSprop steps worked by hand", "[kernels]") {
  Floats w = {1}, v = {0}, u = {0};
  const Floats g = {4};
  rmsprop({0.25f, 0.75f, 0, 0, 0}, w.data(), g.data(), v.data(), nullptr, 1);  // v = 16 / 4
  CHECK(v[0] == 4);
  CHECK(w[0] == 0.5f);  // 1 - 0.25 * 4 / 2
  w = {1}, v = {0}, u = {3};
  rmsprop({0.25f, 0.75f, 2, 0.5f, 0}, w.data(), g.data(), v.data(), u.data(), 1);
  CHECK(u[0] == 2.5f);  // 1.5 + 4 / (2 + 2)
  CHECK(w[0] == 0.375f);
}

TEST_CASE("Adam with decay adds it to the gradient", "[kernels]") {
  AdamStep step;
  step.weight_decay = 0.5f;
  Floats w = {2}, m = {0}, v = {0};
  const Floats g = {-1};  // d = -1 + 0.5 * 2 = 0
  step.learning_rate = 1;
  adam(step, w.data(), g.data(), m.data(), v.data(), 1);
  CHECK(w[0] == 2);
  CHECK(v[0] == 0);
}
