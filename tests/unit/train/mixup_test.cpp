#include "engine/train/mixup.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/support/allocations.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;

TEST_CASE("shares have the mean and variance of Beta(alpha, alpha)", "[train]") {
  const f32 alpha = GENERATE(0.01f, 0.2f, 0.5f, 1.0f);
  constexpr int kCount = 20'000;
  double sum = 0, squares = 0;
  for (u32 i = 0; i < kCount; ++i) {
    const double share = double(train::mixup_share(alpha, 7, 2, i));
    CAPTURE(alpha, i, share);
    REQUIRE((share >= 0 && share <= 1));  // false for NaN
    sum += share;
    squares += (share - 0.5) * (share - 0.5);
  }
  CAPTURE(alpha);
  CHECK(test::near(sum / kCount, 0.5, 0.015));
  CHECK(test::near(squares / kCount, 1 / (4 * (2 * double(alpha) + 1)), 0, 0.03));
}

TEST_CASE("a share depends on seed, epoch and sample", "[train]") {
  const f32 share = train::mixup_share(1, 7, 2, 5);
  CHECK(share == train::mixup_share(1, 7, 2, 5));
  CHECK(share != train::mixup_share(1, 8, 2, 5));
  CHECK(share != train::mixup_share(1, 7, 3, 5));
  CHECK(share != train::mixup_share(1, 7, 2, 6));
}

TEST_CASE("each image and its label are mixed with the next one's", "[train]") {
  constexpr std::size_t kArea = 5;
  const std::vector<u32> samples{40, 3, 17};
  const std::vector<u8> labels{1, 0, 2};
  const Floats x = test::normals(3 * kArea, 1);
  Floats want;
  for (int threads : {1, 2, 3}) {
    CAPTURE(threads);
    Pool pool(threads);
    train::Mixup mixup(4, kArea);
    const u64 before = test::allocations();
    mixup.mix(pool, 0.4f, 9, 1, samples, x.data(), labels);
    const nn::Targets targets = mixup.targets(labels);
    CHECK(test::allocations() == before);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t next = (i + 1) % 3;
      const f32 share = train::mixup_share(0.4f, 9, 1, samples[i]);
      CHECK(targets.labels[i] == labels[i]);
      CHECK(targets.others[i] == labels[next]);
      CHECK(targets.shares[i] == share);
      for (std::size_t p = 0; p < kArea; ++p) {
        const double mixed = double(share) * double(x[i * kArea + p]) +
                             (1 - double(share)) * double(x[next * kArea + p]);
        CHECK(test::near(mixup.images()[i * kArea + p], mixed, 1e-6));
      }
    }
    const Floats got(mixup.images(), mixup.images() + 3 * kArea);
    if (want.empty()) want = got;
    CHECK(test::same_bits(got, want));
  }
}

TEST_CASE("a batch of one image stays as it is", "[train]") {
  Pool pool;
  train::Mixup mixup(4, 3);
  const Floats x{1, -2, 3};
  const std::vector<u8> labels{2};
  mixup.mix(pool, 1, 9, 1, std::vector<u32>{5}, x.data(), labels);
  CHECK(test::same_bits({mixup.images(), 3}, x));
  CHECK(mixup.targets(labels).shares[0] == 1);
}
