#include "ui/app/pictures.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstdlib>

using ui::u8;

namespace {

u8 at(const std::vector<u8>& paper, int x, int y) {
  return paper[std::size_t(y) * ui::kCanvasSize + std::size_t(x)];
}

}  // namespace

TEST_CASE("brightness weighs green most and keeps black and white", "[pictures]") {
  const std::vector<u8> rgba = {0, 0,   0, 255, 255, 255, 255, 255, 255, 0,
                                0, 255, 0, 255, 0,   255, 0,   0,   255, 255};
  CHECK(ui::grey_of(rgba, 5, 1) == std::vector<u8>{0, 255, 76, 150, 29});
}

TEST_CASE("transparent ground is black under a bright subject and white under a dark one",
          "[pictures]") {
  const std::vector<u8> bright = {0, 0, 0, 0, 250, 250, 250, 255},
                        dark = {0, 0, 0, 0, 10, 10, 10, 255};
  CHECK(ui::grey_of(bright, 2, 1)[0] == 0);
  CHECK(ui::grey_of(dark, 2, 1)[0] == 255);
}

TEST_CASE("a wide picture lies in the middle, its border continues", "[pictures]") {
  std::vector<u8> grey(100 * 50, 200);
  for (int y = 10; y < 40; ++y) std::fill_n(grey.begin() + y * 100 + 20, 60, u8(10));
  const auto paper = ui::fit_to_paper(grey, 100, 50);
  REQUIRE(paper.size() == std::size_t(ui::kCanvasSize) * ui::kCanvasSize);
  CHECK(at(paper, 140, 140) == 10);
  CHECK(at(paper, 140, 5) == 200);
  CHECK(at(paper, 140, 275) == 200);
  CHECK(at(paper, 5, 140) == 200);
}

TEST_CASE("around a picture its ground goes on in its light, and what touches the edge does not",
          "[pictures]") {
  const bool upright = GENERATE(false, true);
  CAPTURE(upright);
  std::vector<u8> grey(160 * 100);
  for (int across = 0; across < 100; ++across) {
    for (int along = 0; along < 160; ++along) {
      const bool thing = along >= 60 && along < 100 && across < 80;
      grey[std::size_t(upright ? along * 100 + across : across * 160 + along)] =
          thing ? u8(5) : u8(40 + along);
    }
  }
  const auto paper = ui::fit_to_paper(grey, upright ? 100 : 160, upright ? 160 : 100);
  const auto level = [&](int along, int across) {
    return upright ? int(at(paper, across, along)) : int(at(paper, along, across));
  };
  for (const int across : {0, 40, 240, 279}) {
    CAPTURE(across);
    CHECK(std::abs(level(5, across) - 49) < 9);
    CHECK(std::abs(level(140, across) - 120) < 9);
    CHECK(std::abs(level(275, across) - 190) < 9);
  }
  CHECK(level(140, 60) == 5);
}

TEST_CASE("small and large pictures keep their mean", "[pictures]") {
  for (const int side : {1, 7, 28, 280, 1001}) {
    CAPTURE(side);
    std::vector<u8> grey(std::size_t(side) * std::size_t(side), 90);
    const auto paper = ui::fit_to_paper(grey, side, side);
    CHECK(std::all_of(paper.begin(), paper.end(), [](u8 v) { return v == 90; }));
  }
}

TEST_CASE("pictures without pixels, or with fewer than they say, are refused", "[pictures]") {
  CHECK(ui::fit_to_paper({}, 0, 0).empty());
  CHECK(ui::fit_to_paper(std::vector<u8>(9), 3, 4).empty());
  CHECK(ui::grey_of(std::vector<u8>(4), 2, 1).empty());
  CHECK(ui::grey_of({}, -1, 5).empty());
}

TEST_CASE("paper holds the picture, then the strokes; an exact image alone", "[pictures]") {
  ui::Drawing drawing;
  drawing.picture.assign(std::size_t(ui::kCanvasSize) * ui::kCanvasSize, 50);
  drawing.strokes.push_back({.points = {{0.5f, 0.5f}}, .radius = 0.1f});
  const auto paper = ui::paper_of(drawing, ui::kCanvasSize);
  CHECK(at(paper, 140, 140) == 255);
  CHECK(at(paper, 10, 10) == 50);
  drawing.exact.assign(784, 0);
  drawing.exact[28 * 14 + 14] = 77;
  const auto exact = ui::paper_of(drawing, 56);
  CHECK(exact[56 * 28 + 28] == 77);
  CHECK(exact[56 * 29 + 29] == 77);
  CHECK(exact[0] == 0);
}
