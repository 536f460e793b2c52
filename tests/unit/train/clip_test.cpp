#include "engine/train/clip.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/nn/ranges.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;

TEST_CASE("clipping: PyTorch's values", "[train]") {
  // w.grad = torch.tensor([3., -4, 0, 12]); torch.nn.utils.clip_grad_norm_([w], 2.0)
  Pool pool;
  train::GradientClip clip(4);
  Floats g{3, -4, 0, 12};
  CHECK(clip.clip(pool, g, 2) == 13);
  CHECK(test::near(g, Floats{0.461538434f, -0.615384579f, 0, 1.846153736f}, 0, 1e-7));
}

TEST_CASE("clipping leaves gradients within the limit as they are, to the bit", "[train]") {
  Pool pool;
  train::GradientClip clip(4);
  for (const f32 limit : {13.1f, 1000.0f, 0.0f}) {
    CAPTURE(limit);
    Floats g{3, -4, 0, 12};
    CHECK(clip.clip(pool, g, limit) == 13);
    CHECK(test::same_bits(g, Floats{3, -4, 0, 12}));
  }
}

TEST_CASE("clipping: any number of threads gives the same bits, and allocates nothing", "[train]") {
  const std::size_t n = 5 * nn::kRange + 77;
  const Floats start = test::normals(n, 1);
  Floats want;
  f32 want_norm = 0;
  for (int threads : {1, 2, 3}) {
    CAPTURE(threads);
    Pool pool(threads);
    train::GradientClip clip(n);
    Floats g = start;
    const u64 before = test::allocations();
    const f32 norm = clip.clip(pool, g, 1);
    CHECK(test::allocations() == before);
    if (want.empty()) want = g, want_norm = norm;
    CHECK(norm == want_norm);
    CHECK(test::same_bits(g, want));
  }
  double squares = 0, clipped = 0;
  for (std::size_t i = 0; i < n; ++i) {
    squares += double(start[i]) * double(start[i]);
    clipped += double(want[i]) * double(want[i]);
  }
  CHECK(test::near(want_norm, std::sqrt(squares), 0, 1e-5));
  CHECK(test::near(std::sqrt(clipped), 1, 1e-5));
}

TEST_CASE("gradients that are not finite do not look healthy after clipping", "[train]") {
  Pool pool;
  train::GradientClip clip(3);
  for (const f32 bad :
       {std::numeric_limits<f32>::infinity(), std::numeric_limits<f32>::quiet_NaN()}) {
    Floats g{1, bad, 2};
    CHECK_FALSE(std::isfinite(clip.clip(pool, g, 1)));
    CHECK(std::isnan(g[1]));
  }
}
