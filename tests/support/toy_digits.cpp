#include "tests/support/toy_digits.hpp"

#include "engine/core/random.hpp"
#include "engine/data/packed.hpp"

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

std::vector<std::byte> digit_chunk(int digit, int train, int test) {
  const engine::lab::DigitImages images = bar_digits(digit, train, test);
  engine::data::Chunk chunk;
  chunk.total_train = u32(train);
  chunk.total_test = u32(test);
  chunk.train = {28, 28, images.train, std::vector<u8>(std::size_t(train), u8(digit))};
  chunk.test = {28, 28, images.test, std::vector<u8>(std::size_t(test), u8(digit))};
  return engine::data::write_chunk(chunk);
}

std::unique_ptr<engine::session::Lab> toy_lab() {
  auto place = std::make_shared<engine::session::Lab*>(nullptr);
  auto lab = engine::session::make_lab(
      [place](u32 digit) { (*place)->add_digit(digit_chunk(int(digit), 40, 10)); });
  *place = lab.get();
  return lab;
}

}  // namespace test
