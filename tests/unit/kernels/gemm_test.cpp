#include "engine/kernels/gemm.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "engine/core/arena.hpp"
#include "engine/kernels/ref/gemm.hpp"
#include "tests/support/near.hpp"
#include "tests/support/padded.hpp"

using namespace engine;
using namespace engine::kernels;

namespace {

using Floats = std::vector<f32>;

std::size_t area(int a, int b) { return std::size_t(a) * std::size_t(b); }

// Ragged, small, on either side of each block size, and some large enough for the threads, thin
// ones among them.
const std::vector<GemmShape> kShapes = {
    {1, 1, 1},      {1, 10, 784},  {2, 3, 5},      {5, 7, 300},   {64, 10, 100},  {10, 64, 33},
    {65, 63, 64},   {23, 129, 17}, {49, 600, 9},   {130, 5, 513}, {64, 1000, 40}, {1, 1003, 785},
    {3, 97, 30},    {4, 33, 8},    {64, 10, 1960}, {50, 63, 400}, {10, 64, 900},  {37, 1040, 10},
    {64, 1264, 32}, {20, 9, 1025}, {9, 40, 2049}};

}  // namespace

TEST_CASE("products give the bits of the plain loops for every variant and any threads",
          "[kernels]") {
  for (const Tiles* t : tiles_here()) {
    for (const int threads : {1, 3}) {
      Pool pool(threads);
      for (const GemmShape s : kShapes) {
        CAPTURE(t->name, threads, s.m, s.n, s.k);
        pool.reserve_scratch(gemm_nt_worker(s, *t) + gemm_nn_worker(s, *t) + gemm_tn_worker(s, *t));
        test::Padded a(area(s.m, s.k), 1, 1), b(area(s.k, s.n), 3, 2), bias(std::size_t(s.n), 1, 3);
        test::Padded got(area(s.m, s.n), 2, 4);
        Floats want(area(s.m, s.n));
        Arena shared(gemm_nt_shared(s, *t));
        for (const f32* with :
             {static_cast<const f32*>(nullptr), static_cast<const f32*>(bias.data())}) {
          gemm_nt(pool, s, a.data(), b.data(), with, got.data(), shared.data(), *t);
          ref::gemm_nt(s, a.data(), b.data(), with, want.data());
          REQUIRE(test::same_bits(got.span(), want));
        }
        gemm_nn(pool, s, a.data(), b.data(), got.data(), *t);
        ref::gemm_nn(s, a.data(), b.data(), want.data());
        REQUIRE(test::same_bits(got.span(), want));
        const Floats open = test::random_floats(want.size(), 5);
        gemm_nn(pool, s, a.data(), b.data(), got.data(), *t, {false, open.data()});
        Floats gated = want;
        relu_backward(open.data(), want.data(), gated.data(), want.size());
        REQUIRE(test::same_bits(got.span(), gated));
        gemm_nn(pool, s, a.data(), b.data(), got.data(), *t);
        gemm_tn_add(pool, s, a.data(), b.data(), got.data(), *t);  // adds to the product above
        ref::gemm_tn_add(s, a.data(), b.data(), want.data());
        REQUIRE(test::same_bits(got.span(), want));
        REQUIRE(got.untouched());
      }
    }
  }
}

TEST_CASE("one sample that is mostly zeros gives the bits of the plain loops", "[kernels]") {
  Pool pool(1);
  for (const int k : {1, 4, 7, 785, 1024, 1030, 2051}) {
    for (int n = 1; n <= 35; n += n < 18 ? 1 : 17) {
      CAPTURE(n, k);
      const GemmShape s{1, n, k};
      test::Padded x(std::size_t(k), 1, 1), b(area(n, k), 3, 2), bias(std::size_t(n), 1, 3);
      for (std::size_t i = 0; i < std::size_t(k); ++i)
        if (i % 50 < 31 || i % 3 == 0) x.data()[i] = 0;
      test::Padded got(std::size_t(n), 2, 4);
      Floats want(got.span().size());
      gemm_nt(pool, s, x.data(), b.data(), bias.data(), got.data(), nullptr);
      ref::gemm_nt(s, x.data(), b.data(), bias.data(), want.data());
      REQUIRE(test::same_bits(got.span(), want));
      REQUIRE(got.untouched());
    }
  }
}

TEST_CASE("products worked by hand", "[kernels]") {
  Pool pool(1);
  const GemmShape s{2, 2, 3};
  pool.reserve_scratch(gemm_nt_worker(s) + gemm_nn_worker(s) + gemm_tn_worker(s));
  Arena shared(gemm_nt_shared(s));
  const Floats a = {1, 2, 3, 4, 5, 6}, b = {7, 8, 9, 10, 11, 12}, bias = {100, 200};
  Floats c(4);
  gemm_nt(pool, s, a.data(), b.data(), bias.data(), c.data(), shared.data());  // b as (2, 3)
  CHECK(c == Floats{150, 268, 222, 367});
  gemm_nn(pool, s, a.data(), b.data(), c.data());  // b as (3, 2)
  CHECK(c == Floats{58, 64, 139, 154});
  gemm_tn_add(pool, s, a.data(), b.data(), c.data());  // a as (3, 2)
  CHECK(c == Floats{58 + 89, 64 + 98, 139 + 116, 154 + 128});
}
