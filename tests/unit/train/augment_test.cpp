#include "engine/train/augment.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <vector>

#include "tests/support/near.hpp"

using namespace engine;
using train::Variation;

namespace {

using Floats = std::vector<f32>;

Floats pattern(int h, int w) {
  Floats x(std::size_t(h) * std::size_t(w));
  Rng rng(2, Purpose::probe);
  for (f32& v : x) v = rng.uniform();
  return x;
}

Floats warped(const Variation& variation, int h, int w, const Floats& x) {
  Floats y(x.size(), std::nanf(""));
  train::warp(variation, h, w, x, y);
  return y;
}

Floats augmented(const spec::Augment& how, u64 seed, u32 epoch, u32 sample, const Floats& x,
                 int h = 28, int w = 28) {
  Floats y(x.size(), std::nanf(""));
  train::augment_image(how, seed, epoch, sample, h, w, x, y);
  return y;
}

constexpr spec::Augment kEverything{.shift = 3,
                                    .rotate = 20,
                                    .scale = 0.2f,
                                    .flip = 0.5f,
                                    .brightness = 0.2f,
                                    .contrast = 0.3f,
                                    .noise = 0.1f,
                                    .erase = 0.5f};

}  // namespace

TEST_CASE("whole shifts move pixels and bring in black", "[train][augment]") {
  const int h = 5, w = 7;
  const Floats x = pattern(h, w);
  const auto [right, down] =
      GENERATE(std::pair(0, 0), std::pair(2, 0), std::pair(0, -3), std::pair(-1, 1));
  CAPTURE(right, down);
  const Floats y = warped({.shift_x = f32(right), .shift_y = f32(down)}, h, w, x);
  Floats want(x.size());
  for (int row = 0; row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      const int from_row = row - down, from_column = column - right;
      const bool inside = from_row >= 0 && from_row < h && from_column >= 0 && from_column < w;
      want[std::size_t(row * w + column)] =
          inside ? x[std::size_t(from_row * w + from_column)] : 0.0f;
    }
  }
  CHECK(test::near(y, want, 1e-6));
}

TEST_CASE("half a shift is the mean of two neighbours", "[train][augment]") {
  const Floats x{0, 1, 0.5f, 0, 0, 0, 0, 0, 0};
  const Floats want{0, 0.5f, 0.75f, 0, 0, 0, 0, 0, 0};
  CHECK(test::near(warped({.shift_x = 0.5f}, 3, 3, x), want, 1e-6));
}

TEST_CASE("flip mirrors left and right, twice gives the image back", "[train][augment]") {
  const int h = 6, w = 5;
  const Floats x = pattern(h, w), y = warped({.flip = true}, h, w, x);
  for (int row = 0; row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      CHECK(test::near(y[std::size_t(row * w + column)], x[std::size_t(row * w + w - 1 - column)],
                       1e-6));
    }
  }
  CHECK(test::near(warped({.flip = true}, h, w, y), x, 1e-6));
}

TEST_CASE("a quarter turn is clockwise and moves pixels exactly", "[train][augment]") {
  const int n = 5;
  const Floats x = pattern(n, n), y = warped({.radians = 1.57079633f}, n, n, x);
  for (int row = 0; row < n; ++row) {
    for (int column = 0; column < n; ++column) {
      CAPTURE(row, column);
      CHECK(test::near(y[std::size_t(column * n + n - 1 - row)], x[std::size_t(row * n + column)],
                       1e-5));
    }
  }
}

TEST_CASE("scaling by two spreads the middle", "[train][augment]") {
  Floats x(81);
  x[4 * 9 + 4] = 1;  // the centre
  x[4 * 9 + 5] = 1;  // and its right neighbour
  const Floats y = warped({.scale = 2}, 9, 9, x);
  CHECK(test::near(y[4 * 9 + 6], 1, 1e-6));  // one pixel to the right became two
  CHECK(test::near(y[4 * 9 + 7], 0.5, 1e-6));
  CHECK(test::near(y[4 * 9 + 8], 0, 1e-6));
}

TEST_CASE("augmentation switched off changes nothing", "[train][augment]") {
  const Floats x = pattern(28, 28);
  CHECK(test::same_bits(augmented({}, 5, 1, 2, x), x));
}

TEST_CASE("an augmented image is a pure function of seed, epoch and sample", "[train][augment]") {
  const Floats x = pattern(28, 28);
  const Floats y = augmented(kEverything, 5, 1, 2, x);
  CHECK(test::same_bits(augmented(kEverything, 5, 1, 2, x), y));
  CHECK_FALSE(test::same_bits(augmented(kEverything, 6, 1, 2, x), y));
  CHECK_FALSE(test::same_bits(augmented(kEverything, 5, 2, 2, x), y));
  CHECK_FALSE(test::same_bits(augmented(kEverything, 5, 1, 3, x), y));
}

TEST_CASE("values stay between 0 and 1, on ragged sizes too", "[train][augment]") {
  const auto [h, w] =
      GENERATE(std::pair(28, 28), std::pair(1, 1), std::pair(3, 17), std::pair(30, 2));
  CAPTURE(h, w);
  const Floats x = pattern(h, w);
  for (u32 sample = 0; sample < 50; ++sample) {
    for (f32 v : augmented(kEverything, 1, 0, sample, x, h, w)) REQUIRE((v >= 0.0f && v <= 1.0f));
  }
}

TEST_CASE("drawn amounts stay in their ranges and reach both halves", "[train][augment]") {
  int right = 0, bright = 0, flipped = 0, erased = 0;
  for (u32 sample = 0; sample < 400; ++sample) {
    Rng rng(1, Purpose::augment, 0, sample);
    const Variation v = train::draw_variation(kEverything, rng);
    CAPTURE(sample);
    CHECK(std::fabs(v.shift_x) <= 3);
    CHECK(std::fabs(v.shift_y) <= 3);
    CHECK(std::fabs(v.radians) <= 20 * 0.0174533f);
    CHECK(std::fabs(v.scale - 1) <= 0.2001f);
    CHECK(std::fabs(v.brightness) <= 0.2f);
    CHECK(std::fabs(v.contrast - 1) <= 0.3001f);
    right += v.shift_x > 0;
    bright += v.brightness > 0;
    flipped += v.flip;
    erased += v.erase;
  }
  // Six standard deviations of 400 fair coins.
  for (int count : {right, bright, flipped, erased}) CHECK(std::abs(count - 200) <= 60);
}

TEST_CASE("switching one change on leaves the others as they were drawn", "[train][augment]") {
  for (u32 sample = 0; sample < 20; ++sample) {
    spec::Augment alone;
    alone.rotate = kEverything.rotate;
    Rng one(1, Purpose::augment, 0, sample), all(1, Purpose::augment, 0, sample);
    CHECK(train::draw_variation(alone, one).radians ==
          train::draw_variation(kEverything, all).radians);
  }
}

TEST_CASE("brightness adds and contrast stretches about the middle grey", "[train][augment]") {
  const Floats x(28 * 28, 0.75f);
  spec::Augment how;
  how.brightness = 0.1f;
  how.contrast = 0.2f;
  Rng rng(3, Purpose::augment, 0, 9);
  const Variation v = train::draw_variation(how, rng);
  const double want = 0.25 * double(v.contrast) + 0.5 + double(v.brightness);
  for (f32 y : augmented(how, 3, 0, 9, x)) CHECK(test::near(y, want, 1e-6));
}

TEST_CASE("noise has the asked deviation", "[train][augment]") {
  const Floats x(28 * 28, 0.5f);
  spec::Augment how;
  how.noise = 0.1f;
  double sum = 0, squares = 0, n = 0;
  for (u32 sample = 0; sample < 20; ++sample) {
    for (f32 v : augmented(how, 3, 0, sample, x)) {
      sum += double(v) - 0.5;
      squares += (double(v) - 0.5) * (double(v) - 0.5);
      ++n;
    }
  }
  CHECK(test::near(sum / n, 0, 0.005));
  CHECK(test::near(std::sqrt(squares / n), 0.1, 0.003));
}

TEST_CASE("erasing blanks one rectangle of 2 to 25 %", "[train][augment]") {
  const Floats x(28 * 28, 1.0f);
  spec::Augment how;
  how.erase = 1;
  for (u32 sample = 0; sample < 50; ++sample) {
    const Floats y = augmented(how, 3, 0, sample, x);
    int top = 28, bottom = -1, left = 28, right = -1, zeros = 0;
    for (int i = 0; i < 784; ++i) {
      if (y[std::size_t(i)] != 0) continue;
      ++zeros;
      top = std::min(top, i / 28), bottom = std::max(bottom, i / 28);
      left = std::min(left, i % 28), right = std::max(right, i % 28);
    }
    CAPTURE(sample, zeros);
    CHECK(zeros == (bottom - top + 1) * (right - left + 1));
    CHECK((zeros >= 9 && zeros <= 0.29 * 784));
  }
}
