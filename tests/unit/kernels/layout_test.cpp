#include "engine/kernels/layout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

constexpr int kGap = 3;  // floats between rows, which nothing may touch

struct Moved {
  test::Padded x, y;
  int x_pitch, y_pitch;
  Moved(int x_rows, int x_columns, int y_rows, int y_columns)
      : x(std::size_t(x_rows * (x_columns + kGap)), 1, 1),
        y(std::size_t(y_rows * (y_columns + kGap)), 2, 2),
        x_pitch(x_columns + kGap),
        y_pitch(y_columns + kGap) {}
};

}  // namespace

TEST_CASE("transpose and copy_rows move every element and nothing else", "[kernels]") {
  for (int rows = 0; rows <= 13; ++rows) {
    for (int columns = 0; columns <= 13; ++columns) {
      CAPTURE(rows, columns);
      Moved t(rows, columns, columns, rows), c(rows, columns, rows, columns);
      std::vector<f32> t_want(t.y.span().begin(), t.y.span().end()),
          c_want(c.y.span().begin(), c.y.span().end());
      for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) {
          t_want[std::size_t(j * t.y_pitch + i)] = t.x.data()[i * t.x_pitch + j];
          c_want[std::size_t(i * c.y_pitch + j)] = c.x.data()[i * c.x_pitch + j];
        }
      }
      transpose(t.x.data(), t.x_pitch, t.y.data(), t.y_pitch, rows, columns);
      copy_rows(c.x.data(), c.x_pitch, c.y.data(), c.y_pitch, rows, columns);
      REQUIRE(test::same_bits(t.y.span(), t_want));
      REQUIRE(test::same_bits(c.y.span(), c_want));
      REQUIRE((t.y.untouched() && c.y.untouched()));
    }
  }
}

TEST_CASE("panels are filled up with zeros", "[kernels]") {
  constexpr int kWidth = 8;
  for (int rows = 1; rows <= 9; ++rows) {
    for (int columns = 1; columns <= kWidth; ++columns) {
      CAPTURE(rows, columns);
      test::Padded x(std::size_t(rows * columns), 1, 1), y(std::size_t(rows * kWidth), 1, 2);
      test::Padded z(std::size_t(rows * kWidth), 1, 3);
      std::vector<f32> want(std::size_t(rows * kWidth)), z_want(want);
      for (int k = 0; k < rows; ++k) {
        for (int j = 0; j < columns; ++j) {
          want[std::size_t(k * kWidth + j)] = x.data()[k * columns + j];
          z_want[std::size_t(k * kWidth + j)] = x.data()[j * rows + k];
        }
      }
      pack_panel(x.data(), columns, y.data(), kWidth, rows, columns);
      pack_panel_transposed(x.data(), rows, z.data(), kWidth, columns, rows);
      REQUIRE(test::same_bits(y.span(), want));
      REQUIRE(test::same_bits(z.span(), z_want));
      REQUIRE((y.untouched() && z.untouched()));
    }
  }
}
