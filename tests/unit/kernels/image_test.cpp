#include "engine/kernels/image.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string_view>

#include "engine/core/hash.hpp"
#include "engine/core/random.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

using Pixels = std::vector<u8>;
using Image = std::array<f32, kImageSize>;

struct Canvas {
  int width, height;
  Pixels pixels;
  Canvas(int w, int h, u8 ground)
      : width(w), height(h), pixels(std::size_t(w) * std::size_t(h), ground) {}
  void fill(Box box, u8 value) {
    for (int y = box.y; y < box.y + box.height; ++y) {
      std::fill_n(pixels.begin() + std::ptrdiff_t(y) * width + box.x, box.width, value);
    }
  }
  Raster raster() const { return {pixels.data(), width, height}; }
};

// What the network gets.
Image seen(const Canvas& canvas) {
  Image out;
  out.fill(7);
  const bool drawn = preprocess_image(canvas.raster(), out);
  CHECK(drawn == std::any_of(out.begin(), out.end(), [](f32 v) { return v > 0; }));
  return out;
}

// A garment of the data set's kind: longer side 28, brightest pixel 255, black border.
Canvas garment(int width, u64 seed) {
  Canvas canvas(28, 28, 0);
  Rng rng(seed, Purpose::probe);
  const int left = (28 - width + 1) / 2;
  for (int y = 0; y < 28; ++y) {
    for (int x = left; x < left + width; ++x) {
      canvas.pixels[std::size_t(y) * 28 + std::size_t(x)] = u8(40 + rng.below(200));
    }
  }
  canvas.pixels[14 * 28 + 14] = 255;
  return canvas;
}

}  // namespace

TEST_CASE("an image as in the data set passes unchanged", "[image]") {
  const int width = GENERATE(3, 8, 13, 14, 19);
  CAPTURE(width);
  const Canvas canvas = garment(width, 4);
  Image want;
  std::transform(canvas.pixels.begin(), canvas.pixels.end(), want.begin(),
                 [](u8 v) { return f32(v) * (1.0f / 255.0f); });
  CHECK(test::same_bits(seen(canvas), want));
}

TEST_CASE("a box is scaled to 28 pixels in its longer side and centred", "[image]") {
  Canvas canvas(280, 200, 0);
  canvas.fill({30, 20, 70, 140}, 255);  // 5 x 5 source pixels for each of 14 x 28
  const Image image = seen(canvas);
  Image want{};
  for (int y = 0; y < 28; ++y) std::fill_n(want.begin() + y * 28 + 7, 14, 1.0f);
  CHECK(test::same_bits(image, want));
}

TEST_CASE("the golden image: a cross of two grey levels, averaged over areas", "[image]") {
  // Hand-worked: the ink box is 56 x 56, so every pixel of the result is the mean of 2 x 2 of the
  // source.
  Canvas canvas(100, 80, 0);
  canvas.fill({20 + 21, 10, 10, 56}, 200);  // upright, columns 21..30 of the box
  canvas.fill({20, 10 + 24, 56, 8}, 100);   // bar, rows 24..31 of the box
  const Image image = seen(canvas);
  const auto at = [&](int y, int x) { return image[std::size_t(y) * 28 + std::size_t(x)]; };
  CHECK(test::near(at(0, 11), 1, 1e-6));    // columns 22, 23: inside the upright
  CHECK(test::near(at(0, 10), 0.5, 1e-6));  // columns 20, 21: half of it
  CHECK(test::near(at(0, 15), 0.5, 1e-6));  // columns 30, 31
  CHECK(test::near(at(0, 9), 0, 0));
  CHECK(test::near(at(12, 0), 0.5, 1e-6));   // the bar: 100 of 200
  CHECK(test::near(at(12, 13), 0.5, 1e-6));  // drawn over the upright
  CHECK(test::near(at(11, 0), 0, 0));
  CHECK(test::near(at(16, 27), 0, 0));
  CHECK(hex(hash_floats(image)) == "c02f323ae2908083");
}

TEST_CASE("dark ink on light paper looks as light ink on a dark ground", "[image]") {
  const u8 paper = GENERATE(u8(255), u8(230), u8(180));
  CAPTURE(int(paper));
  Canvas light(90, 120, 0), dark(90, 120, paper);
  light.fill({20, 10, 30, 80}, 160);
  dark.fill({20, 10, 30, 80}, u8(paper - 160));
  CHECK(test::same_bits(seen(dark), seen(light)));
}

TEST_CASE("what is lighter and darker than its ground keeps its outline", "[image]") {
  Canvas canvas(28, 28, 120);
  canvas.fill({4, 0, 20, 14}, 255);
  canvas.fill({4, 14, 20, 14}, 30);
  const Image image = seen(canvas);
  CHECK(image[7 * 28 + 14] == 1);
  CHECK(test::near(image[20 * 28 + 14], 45.0f / 135.0f, 1e-6));
  CHECK(image[7 * 28 + 2] == 0);
  CHECK(image[20 * 28 + 2] == 0);
}

TEST_CASE("weak contrast is stretched, and the ground's own noise is not", "[image]") {
  Canvas strong(60, 60, 0), weak(60, 60, 100);
  strong.fill({10, 10, 20, 40}, 255);
  weak.fill({10, 10, 20, 40}, 140);
  CHECK(test::near(seen(weak), seen(strong), 1e-6));

  Canvas noisy(60, 60, 0);
  Rng rng(3, Purpose::probe);
  for (u8& p : noisy.pixels) p = u8(rng.below(9));
  noisy.fill({10, 10, 20, 40}, 255);
  CHECK(test::near(seen(noisy), seen(strong), 1e-6));
}

TEST_CASE("nothing drawn is blank, whatever the paper", "[image]") {
  const u8 paper = GENERATE(u8(0), u8(128), u8(255));
  const int side = GENERATE(1, 2, 27, 300);
  CAPTURE(int(paper), side);
  Canvas canvas(side, side, paper);
  Image out;
  out.fill(7);
  CHECK_FALSE(preprocess_image(canvas.raster(), out));
  CHECK(test::same_bits(out, Image{}));
  if (side == 300) {
    canvas.fill({100, 100, 50, 50}, u8(paper > 0 ? paper - 15 : 15));  // contrast below 16
    CHECK_FALSE(preprocess_image(canvas.raster(), out));
    canvas.fill({100, 100, 50, 50}, u8(paper > 0 ? paper - 16 : 16));
    CHECK(preprocess_image(canvas.raster(), out));
  }
}

TEST_CASE("a single dot becomes a full square, a line one column", "[image]") {
  Canvas dot(50, 50, 0), line(50, 50, 0);
  dot.fill({20, 30, 1, 1}, 255);
  line.fill({20, 5, 1, 40}, 255);
  const Image square = seen(dot);
  CHECK(test::near(square, std::vector<f32>(kImageSize, 1.0f), 1e-6));
  const Image image = seen(line);
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x)
      CHECK(test::near(image[std::size_t(y * 28 + x)], x == 14 ? 1 : 0, 1e-6));
  }
}

TEST_CASE("the place of a drawing on its sheet does not matter", "[image]") {
  const auto [x, y] = GENERATE(std::pair(0, 0), std::pair(40, 3), std::pair(33, 60));
  CAPTURE(x, y);
  const auto draw = [](int left, int top) {
    Canvas canvas(200, 200, 0);
    canvas.fill({left + 10, top + 5, 60, 100}, 200);
    canvas.fill({left + 20, top + 25, 20, 30}, 90);
    return canvas;
  };
  CHECK(test::near(seen(draw(x, y)), seen(draw(20, 20)), 1e-5));
}

TEST_CASE("uneven light is taken for ground, an even or textured ground is not", "[image]") {
  Canvas even(112, 112, 200), sloping = even;
  for (int y = 0; y < 112; ++y) {
    for (int x = 0; x < 112; ++x)
      sloping.pixels[std::size_t(y) * 112 + std::size_t(x)] = u8(230 - x / 2 - y / 4);
  }
  for (Canvas* canvas : {&even, &sloping}) canvas->fill({28, 14, 56, 84}, 20);
  CHECK(find_ground(even.raster()).even);
  CHECK_FALSE(find_ground(sloping.raster()).even);
  const Image want = seen(even), got = seen(sloping);
  for (std::size_t i = 0; i < want.size(); ++i) {
    CAPTURE(i);
    CHECK((want[i] > 0.5f) == (got[i] > 0.5f));
  }
  Canvas textured(64, 64, 100);
  Rng rng(3, Purpose::probe);
  for (u8& p : textured.pixels) p = u8(p + rng.below(20));
  CHECK(find_ground(textured.raster()).even);
}

TEST_CASE("a thin line is as strong as a thick one, a faint spot beside it stays faint",
          "[image]") {
  for (int thick : {1, 4}) {
    CAPTURE(thick);
    Canvas frame(224, 224, 255);
    frame.fill({16, 16, 192, 192}, 0);
    frame.fill({16 + thick, 16 + thick, 192 - 2 * thick, 192 - 2 * thick}, 255);
    frame.fill({100, 100, 24, 24}, 240);
    const Image out = seen(frame);
    CHECK(out[0] == 1);
    CHECK(out[14 * 28] == 1);
    CHECK(out[14 * 28 + 14] < 0.5f);
  }
}

TEST_CASE("any raster gives finite values between 0 and 1", "[image]") {
  const auto [width, height] =
      GENERATE(std::pair(1, 1), std::pair(1, 4096), std::pair(4096, 1), std::pair(3, 2),
               std::pair(29, 511), std::pair(513, 512), std::pair(1000, 37));
  CAPTURE(width, height);
  Canvas canvas(width, height, 0);
  Rng rng(8, Purpose::probe);
  for (u8& p : canvas.pixels) p = u8(rng.next());
  for (f32 v : seen(canvas)) CHECK((v >= 0.0f && v <= 1.0f));
}

TEST_CASE("a large raster is reduced by area averages, a small one stays", "[image]") {
  Canvas large(1024, 512, 10), small(512, 3, 77);
  large.fill({0, 0, 1, 512}, 30);  // half of the first column of the result
  int width = 0, height = 0;
  const Pixels reduced = reduce_raster(large.raster(), width, height);
  REQUIRE(std::pair(width, height) == std::pair(512, 256));
  CHECK(int(reduced[0]) == 20);
  CHECK(int(reduced[1]) == 10);
  CHECK(reduce_raster(small.raster(), width, height) == small.pixels);
  CHECK(std::pair(width, height) == std::pair(512, 3));
}

TEST_CASE("each step of the preprocessing does what it says", "[image]") {
  Canvas canvas(64, 64, 200);
  for (std::size_t i = 0; i < canvas.pixels.size(); i += 2) canvas.pixels[i] = 202;
  canvas.fill({10, 12, 20, 30}, 50);
  const Ground ground = find_ground(canvas.raster());
  CHECK((ground.level == 200 || ground.level == 202));
  CHECK(ground.noise <= 6);
  CHECK(is_dark_on_light(canvas.raster(), ground));
  Pixels ink(canvas.pixels.size());
  extract_ink(canvas.raster(), {200, 6}, true, ink);
  CHECK(int(ink[0]) == 0);
  CHECK(int(ink[12 * 64 + 10]) == 144);
  CHECK(white_level(ink) == 144);
  canvas.fill({50, 50, 1, 1}, 255);  // lighter than the ground: half of what it is above the noise
  extract_ink(canvas.raster(), {200, 6}, true, ink);
  CHECK(int(ink[50 * 64 + 50]) == 24);
  CHECK(ink_threshold(144, {200, 6}) == 14);
  CHECK(ink_threshold(20, {200, 6}) == 4);
  CHECK(ink_threshold(144, {200, 60}) == 30);
  CHECK(ink_box({ink.data(), 64, 64}, 24) == Box{10, 12, 20, 30});
  CHECK(ink_box({ink.data(), 64, 64}, 23) == Box{10, 12, 41, 39});
  CHECK(ink_box({Pixels(16, 4).data(), 4, 4}, 4) == Box{});
  CHECK(white_level(Pixels(5, 0)) == 0);
  CHECK(white_level(Pixels(5, 15)) == 0);
  Pixels glint(4000, 100);
  glint[7] = glint[8] = glint[9] = 255;
  CHECK(white_level(glint) == 100);  // fewer than 0.1 % do not count
  glint[10] = 255;
  CHECK(white_level(glint) == 255);
}

TEST_CASE("the steps that are shown end where the preprocessing ends", "[image]") {
  const int side = GENERATE(28, 40, 280, 600);
  const bool dark = GENERATE(false, true);
  CAPTURE(side, dark);
  Canvas canvas(side, side + side / 3, dark ? 230 : 10);
  canvas.fill({side / 8, side / 5, side / 2, std::max(1, side / 200)}, dark ? 40 : 200);
  canvas.fill({side / 4, side / 5, std::max(1, side / 200), side / 2}, dark ? 60 : 180);
  std::vector<f32> want(kImageSize);
  REQUIRE(preprocess_image(canvas.raster(), want));
  const Steps steps = preprocessing_steps(canvas.raster());
  CHECK(test::same_bits(steps.prepared, want));
  CHECK(steps.dark_on_light == dark);
  CHECK(steps.ink.size() == std::size_t(steps.width) * std::size_t(steps.height));
  CHECK(steps.box.width > steps.width / 3);
  CHECK((steps.fitted == steps.prepared) == (side <= 40));  // only a large box was reduced
  const Steps blank = preprocessing_steps(Canvas(side, side, 90).raster());
  CHECK(blank.white == 0);
  CHECK(blank.box == Box{});
  CHECK(*std::ranges::max_element(blank.prepared) == 0);
}
