#include "engine/lab/pictures.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/toy_digits.hpp"

using namespace engine::lab;
using engine::u8;

namespace {

std::unique_ptr<TwoDigitRun> run_of(const DigitImages& first, const DigitImages& second) {
  TwoDigits settings;
  settings.hidden = {8};
  settings.epochs = 5;
  settings.batch = 4;
  auto run = TwoDigitRun::create(settings, first, second);
  REQUIRE(run.ok());
  while ((*run)->step()) {
  }
  return std::move(run).value();
}

std::unique_ptr<TwoDigitRun> easy() {
  return run_of(test::bar_digits(4, 30, 20), test::bar_digits(9, 30, 20));
}

// Pixels that are not white, within rows of the canvas's units.
int inked(const Canvas& canvas, int from, int to) {
  int count = 0;
  for (int y = from * canvas.scale(); y < to * canvas.scale(); ++y) {
    for (int x = 0; x < canvas.width(); ++x) {
      const u8* at =
          canvas.rgb().data() + 3 * (std::size_t(y) * std::size_t(canvas.width()) + std::size_t(x));
      count += at[0] < 250 || at[1] < 250 || at[2] < 250;
    }
  }
  return count;
}

std::vector<u8> title(const Canvas& canvas) {
  const auto& rgb = canvas.rgb();
  return {rgb.begin(), rgb.begin() + std::ptrdiff_t(3 * canvas.width() * 44 * canvas.scale())};
}

}  // namespace

TEST_CASE("pictures: both are PNG files, of a size, and not blank", "[lab]") {
  const auto run = easy();
  const Pictures pictures = draw_pictures(*run);
  for (const auto* png : {&pictures.training_png, &pictures.classification_png}) {
    REQUIRE(png->size() > 5000);
    const u8 head[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    CHECK(std::equal(std::begin(head), std::end(head), png->begin(),
                     [](u8 a, std::byte b) { return a == u8(b); }));
  }
  const Canvas training = draw_training(*run);
  CHECK(training.width() == 1600);
  CHECK(inked(training, 20, 44) > 500);     // title
  CHECK(inked(training, 100, 490) > 3000);  // curves and grid
  CHECK(inked(training, 530, 568) > 100);   // name of the axis
  CHECK(inked(draw_classification(*run), 120, 200) > 20'000);
}

TEST_CASE("pictures: the title says the test error", "[lab]") {
  const auto good = easy();
  const auto bad = run_of(test::noise_digits(4, 30, 20), test::noise_digits(9, 30, 20));
  CHECK(good->test_wrong() == 0);
  CHECK(bad->test_wrong() > 0);
  CHECK(error_title(*good) == "Test error 0.00 % (0 of 40 images)");
  CHECK(error_title(*bad) != error_title(*good));
  const Canvas one = draw_classification(*good), other = draw_classification(*bad);
  REQUIRE(one.width() == other.width());
  const bool same = title(one) == title(other);
  CHECK_FALSE(same);
}

TEST_CASE("pictures: ticks are round and reach the top", "[lab]") {
  for (const double high : {0.0004, 0.03, 0.24, 0.25, 1.0, 7.0, 20.0, 1000.0}) {
    CAPTURE(high);
    const auto ticks = ticks_to(high);
    CHECK(ticks.front() == 0);
    CHECK(ticks.back() >= high * (1 - 1e-9));
    CHECK(ticks.size() >= 4);
    CHECK(ticks.size() <= 9);
  }
  CHECK(ticks_to(20)[1] == 5);
}

TEST_CASE("canvas: lines and discs cover what they should", "[lab]") {
  Canvas canvas(20, 10, 2);
  const Point line[] = {{2, 5}, {18, 5}};
  canvas.line(line, 2, {0, 0, 0});
  const auto grey = [&](int x, int y) {
    return canvas.rgb()[3 * (std::size_t(y) * 40 + std::size_t(x))];
  };
  CHECK(grey(20, 10) == 0);
  CHECK(grey(20, 6) == 255);
  CHECK(grey(38, 10) == 255);
  canvas.disc({200, 200}, 5, {0, 0, 0});  // outside: nothing happens
  CHECK(Canvas::text_width("MM", 20, Weight::regular) >
        Canvas::text_width("il", 20, Weight::regular));
}
