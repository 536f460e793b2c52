#include "engine/kernels/tile.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "engine/kernels/ref/tile.hpp"
#include "engine/kernels/simd.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

// A 16-lane variant made for the baseline: proves the template at the width of AVX-512 on any
// machine.
namespace wide {
#include "engine/kernels/tile_template.hpp"
constexpr Tiles kTiles = make_tiles<16, 8, 2>("16 lanes on the baseline");
}  // namespace wide

std::vector<const Tiles*> all_variants() {
  std::vector<const Tiles*> list(tiles_here().begin(), tiles_here().end());
  list.push_back(&wide::kTiles);
  return list;
}

enum class Kind { packed, table, rows };

// One strip with random operands; c has NaN in the columns from n on, and b in those that no column
// may use.
struct Case {
  const Tiles& t;
  int m, n, k, run, skip;
  Kind kind;
  bool add, start;

  std::vector<f32> result(bool plain) const {
    const int columns = t.columns(), panels = (n + columns - 1) / columns, step = columns + 3;
    test::Padded a(
        std::size_t(kind == Kind::rows ? m * (k + (run ? k / run : 0) * skip + 5) : k * (m + 1)), 1,
        1);
    test::Padded b(std::size_t(panels * (k * step + 1)), 2, 2), bias(std::size_t(m), 0, 3);
    const int pitch = round_up(n, t.lanes) + 5;
    test::Padded c(std::size_t(m * pitch), 3, 4);
    for (int p = 0; p < panels; ++p) {
      for (int row = 0; row < k; ++row) {
        for (int j = 0; j < step; ++j) {
          if (p * columns + j >= n || j >= columns)
            b.data()[p * (k * step + 1) + row * step + j] = std::nanf("");
        }
      }
    }
    std::vector<const f32*> rows;
    std::vector<i32> table;
    for (int i = 0; i < m; ++i) rows.push_back(a.data() + i * (k + (run ? k / run : 0) * skip + 5));
    for (int i = 0; i < k; ++i) table.push_back(((i * 7) % k) * step);
    Strip s;
    s.m = m, s.n = n, s.k = k;
    s.a = a.data();
    s.a_step = m + 1;
    s.b = b.data();
    s.b_step = step;
    s.b_panel = k * step + 1;
    s.c = c.data();
    s.c_row = pitch;
    s.add = add;
    s.start = start ? bias.data() : nullptr;
    if (kind == Kind::rows) s.rows = rows.data(), s.run = run, s.skip = skip;
    if (kind == Kind::table) s.table = table.data();
    plain ? ref::strip(t, s) : t.strip(s);
    REQUIRE(c.untouched());
    std::vector<f32> out;
    for (int i = 0; i < m; ++i)
      out.insert(out.end(), c.data() + i * pitch, c.data() + i * pitch + n);
    return out;
  }
};

}  // namespace

TEST_CASE("every variant of the tiles gives the bits of the plain loops", "[kernels]") {
  for (const Tiles* t : all_variants()) {
    for (int m = 1; m <= t->rows; ++m) {
      for (int n = 1; n <= 2 * t->columns() + 1; n += n < 10 ? 1 : 5) {
        for (const Kind kind : {Kind::packed, Kind::table, Kind::rows}) {
          const int k = (m * 5 + n) % 13 + 1;
          CAPTURE(t->name, m, n, k, int(kind));
          const Case c{*t, m, n, k, k, 0, kind, n % 3 == 0, n % 2 == 0};
          REQUIRE(test::same_bits(c.result(false), c.result(true)));
        }
      }
    }
  }
}

TEST_CASE("a jump after every run of k skips the floats between", "[kernels]") {
  for (const Tiles* t : all_variants()) {
    for (const int run : {1, 2, 5}) {
      for (const int skip : {0, 1, 4}) {
        CAPTURE(t->name, run, skip);
        const Case c{*t, t->rows, t->columns() + 1, run * 3, run, skip, Kind::rows, false, true};
        REQUIRE(test::same_bits(c.result(false), c.result(true)));
      }
    }
  }
}

TEST_CASE("no steps of k give the start, the old value or zero", "[kernels]") {
  for (const Tiles* t : all_variants()) {
    CAPTURE(t->name);
    const f32 bias[2] = {1.5f, -0.0f};
    std::vector<f32> c(std::size_t(2 * t->columns()), 7.0f);
    Strip s;
    s.m = 2, s.n = 1;
    s.b = c.data();  // not read
    s.c = c.data();
    s.c_row = t->columns();
    s.start = bias;
    t->strip(s);
    CHECK(c[0] == 1.5f);
    CHECK(std::signbit(c[std::size_t(t->columns())]));
    s.start = nullptr;
    s.add = true;
    t->strip(s);
    CHECK(c[0] == 1.5f);
    s.add = false;
    t->strip(s);
    CHECK(c[0] == 0.0f);
  }
}

TEST_CASE("the chosen variant is among those that run here, the baseline first", "[kernels]") {
  bool found = false;
  for (const Tiles* t : tiles_here()) found = found || t == &tiles();
  CHECK(found);
  CHECK(tiles_here()[0]->lanes == 4);
}

TEST_CASE("blocks cover all rows once, nearly equal", "[kernels]") {
  for (int total = 1; total < 70; ++total) {
    for (int rows = 1; rows <= 12; ++rows) {
      const Blocks blocks(total, rows);
      CAPTURE(total, rows);
      int at = 0;
      for (int i = 0; i < blocks.count; ++i) {
        REQUIRE(blocks.begin(i) == at);
        REQUIRE(blocks.size(i) <= rows);
        REQUIRE(blocks.size(i) >= total / blocks.count);
        at += blocks.size(i);
      }
      REQUIRE(at == total);
    }
  }
}
