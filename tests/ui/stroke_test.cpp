#include "ui/widgets/stroke.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <numeric>

using engine::f32;
using engine::u8;
using ui::rasterise;
using ui::Stroke;

namespace {

constexpr int kSize = 100;

std::vector<u8> paper(u8 ink = 0) { return std::vector<u8>(kSize * kSize, ink); }
u8 at(const std::vector<u8>& raster, int x, int y) {
  return raster[std::size_t(y) * kSize + std::size_t(x)];
}
long ink_of(const std::vector<u8>& raster) {
  return std::accumulate(raster.begin(), raster.end(), 0L);
}
Stroke line(f32 radius = 0.1f) {
  return {.points = {{0.2f, 0.5f}, {0.8f, 0.5f}}, .radius = radius};
}

}  // namespace

TEST_CASE("a stroke is full ink within its radius and nothing outside", "[stroke]") {
  auto raster = paper();
  rasterise(line(), raster, kSize);
  for (int x = 20; x <= 80; ++x) {
    CAPTURE(x);
    CHECK(at(raster, x, 50) == 255);
    CHECK(at(raster, x, 42) == 255);
    CHECK(at(raster, x, 38) == 0);
    CHECK(at(raster, x, 61) == 0);
  }
  CHECK(at(raster, 8, 50) == 0);  // beyond the round ends
  CHECK(at(raster, 12, 50) == 255);
  CHECK(at(raster, 11, 41) == 0);  // they are round, not square
}

TEST_CASE("a stroke of one point is a dot", "[stroke]") {
  auto raster = paper();
  rasterise({.points = {{0.5f, 0.5f}}, .radius = 0.05f}, raster, kSize);
  CHECK(at(raster, 50, 50) == 255);
  CHECK(at(raster, 57, 50) == 0);
  const double area = static_cast<double>(ink_of(raster)) / 255;
  CHECK(area > 3.14159 * 25 * 0.97);
  CHECK(area < 3.14159 * 25 * 1.03);
}

TEST_CASE("less pressure makes a thinner stroke, none leaves 35 % of it", "[stroke]") {
  long before = 0;
  for (const f32 pressure : {0.0f, 0.25f, 0.5f, 1.0f}) {
    auto raster = paper();
    rasterise({.points = {{0.2f, 0.5f, pressure}, {0.8f, 0.5f, pressure}}, .radius = 0.1f}, raster,
              kSize);
    CAPTURE(pressure);
    CHECK(ink_of(raster) > before);
    before = ink_of(raster);
  }
  auto light = paper();
  rasterise({.points = {{0.2f, 0.5f, 0}, {0.8f, 0.5f, 0}}, .radius = 0.1f}, light, kSize);
  CHECK(at(light, 50, 47) == 255);  // 3.5 pixels
  CHECK(at(light, 50, 45) == 0);
}

TEST_CASE("an eraser takes away what a stroke of the same shape put there", "[stroke]") {
  auto raster = paper();
  rasterise(line(0.1f), raster, kSize);
  Stroke eraser = line(0.12f);
  eraser.eraser = true;
  rasterise(eraser, raster, kSize);
  CHECK(ink_of(raster) == 0);
}

TEST_CASE("grey ink replaces, it does not add up", "[stroke]") {
  auto raster = paper(255);
  Stroke grey = line();
  grey.ink = 0.4f;
  rasterise(grey, raster, kSize);
  CHECK(at(raster, 50, 50) == 102);
  rasterise(grey, raster, kSize);
  CHECK(at(raster, 50, 50) == 102);
  CHECK(at(raster, 50, 80) == 255);
}

TEST_CASE("the curve passes through its points", "[stroke]") {
  const Stroke zigzag{.points = {{0.1f, 0.2f}, {0.4f, 0.8f}, {0.6f, 0.2f}, {0.9f, 0.8f}},
                      .radius = 0.02f};
  auto raster = paper();
  rasterise(zigzag, raster, kSize);
  for (const ui::StrokePoint& p : zigzag.points) {
    CAPTURE(p.x, p.y);
    CHECK(at(raster, int(p.x * kSize), int(p.y * kSize)) > 200);
  }
}

TEST_CASE("strokes are clipped at the edges and far outside leave nothing", "[stroke]") {
  auto raster = paper();
  rasterise({.points = {{-0.5f, 0}, {1.5f, 0}}, .radius = 0.05f}, raster, kSize);
  CHECK(at(raster, 0, 0) == 255);
  CHECK(at(raster, 99, 0) == 255);
  CHECK(at(raster, 50, 6) == 0);
  auto empty = paper();
  rasterise({.points = {{1e30f, 1e30f}, {-1e30f, 1e30f}}, .radius = 0.05f}, empty, kSize);
  CHECK(ink_of(empty) == 0);
}

TEST_CASE("numbers that are none and sizes that do not fit leave the raster as it was",
          "[stroke]") {
  constexpr f32 kNan = std::numeric_limits<f32>::quiet_NaN(),
                kInf = std::numeric_limits<f32>::infinity();
  auto raster = paper(7);
  const auto before = raster;
  rasterise({.points = {{kNan, 0.5f}, {0.5f, kInf}}}, raster, kSize);
  rasterise({.points = {}}, raster, kSize);
  rasterise({.points = {{0.5f, 0.5f}}, .radius = kNan}, raster, kSize);
  rasterise({.points = {{0.5f, 0.5f}}, .radius = -1}, raster, kSize);
  rasterise(line(), raster, 0);
  rasterise(line(), raster, kSize + 1);
  CHECK(raster == before);
  rasterise({.points = {{kNan, 0.5f}, {0.5f, 0.5f, kNan}, {0.5f, 0.5f}}, .radius = 0.05f}, raster,
            kSize);
  CHECK(at(raster, 50, 50) == 255);  // the good points still count
}

TEST_CASE("a huge brush fills the paper and takes no forever", "[stroke]") {
  auto raster = paper();
  rasterise({.points = {{0.5f, 0.5f}}, .radius = 1e9f}, raster, kSize);
  CHECK(*std::min_element(raster.begin(), raster.end()) == 255);
}

TEST_CASE("filling stays inside a closed outline and leaves no seam", "[fill]") {
  auto raster = paper();
  const Stroke ring{
      .points = {{0.2f, 0.2f}, {0.8f, 0.2f}, {0.8f, 0.8f}, {0.2f, 0.8f}, {0.2f, 0.2f}},
      .radius = 0.03f};
  rasterise(ring, raster, kSize);
  const auto before = raster;
  ui::flood_fill(raster, kSize, 50, 50, 255);
  CHECK(at(raster, 50, 50) == 255);
  CHECK(at(raster, 5, 5) == 0);
  for (int x = 20; x < 80; ++x) CHECK(at(raster, x, 50) == 255);  // ring, edge and inside are one
  auto outside = before;
  ui::flood_fill(outside, kSize, 0, 0, 128);
  CHECK(at(outside, 0, 0) == 128);
  CHECK(at(outside, 50, 50) == 0);
}

TEST_CASE("filling leaves no seam beside a grey outline, nor beside a dark one on white",
          "[fill]") {
  Stroke ring{.points = {{0.2f, 0.2f}, {0.8f, 0.2f}, {0.8f, 0.8f}, {0.2f, 0.8f}, {0.2f, 0.2f}},
              .radius = 0.03f,
              .ink = 0.5f};
  auto grey = paper();
  rasterise(ring, grey, kSize);
  const u8 outline = *std::max_element(grey.begin(), grey.end());
  ui::flood_fill(grey, kSize, 50, 50, outline);
  for (int x = 20; x < 80; ++x) CHECK(std::abs(at(grey, x, 50) - outline) <= 2);
  auto white = paper(255);
  ring.ink = 0;
  rasterise(ring, white, kSize);
  ui::flood_fill(white, kSize, 50, 50, 0);
  for (int x = 20; x < 80; ++x) CHECK(at(white, x, 50) <= 2);
}

TEST_CASE("filling outside the paper, or a raster that is too small, does nothing", "[fill]") {
  auto raster = paper(9);
  const auto before = raster;
  for (const auto& [x, y] : {std::pair{-1, 5}, {5, -1}, {kSize, 5}, {5, kSize}})
    ui::flood_fill(raster, kSize, x, y, 255);
  ui::flood_fill(raster, kSize * 2, 5, 5, 255);
  ui::flood_fill(raster, 0, 0, 0, 255);
  CHECK(raster == before);
  ui::flood_fill(raster, kSize, 5, 5, 200);
  CHECK(std::count(raster.begin(), raster.end(), u8(200)) == kSize * kSize);
}
