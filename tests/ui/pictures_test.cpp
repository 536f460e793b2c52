#include "ui/app/pictures.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

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
