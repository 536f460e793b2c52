#include "tests/support/toy_digits.hpp"

#include "engine/core/random.hpp"

namespace test {

using engine::u32;
using engine::u8;

namespace {

std::vector<u8> draw(int digit, int count, u32 part, bool bar) {
  std::vector<u8> pixels;
  engine::Rng rng(5, engine::Purpose::probe, u32(digit), part);
  for (int i = 0; i < count * engine::lab::kPixels; ++i) {
    const int row = i / engine::lab::kSide % engine::lab::kSide;
    const bool lit = bar && row / 2 == digit;
    pixels.push_back(u8((lit ? 150 : 0) + rng.below(100)));
  }
  return pixels;
}

}  // namespace

engine::lab::DigitImages bar_digits(int digit, int train, int test) {
  return {draw(digit, train, 0, true), draw(digit, test, 1, true)};
}

engine::lab::DigitImages noise_digits(int digit, int train, int test) {
  return {draw(digit, train, 0, false), draw(digit, test, 1, false)};
}

}  // namespace test
