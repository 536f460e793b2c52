#include "engine/nn/loss.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <limits>

#include "engine/kernels/softmax.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using test::Floats;

namespace {

struct Measured {
  nn::LossValue value;
  Floats dy;
};

Measured measure(spec::Loss kind, int k, const Floats& y, const std::vector<u8>& labels) {
  const int n = int(labels.size());
  Measured m{{}, Floats(y.size(), std::numeric_limits<f32>::quiet_NaN())};
  m.value = nn::loss(kind, {y.data(), n, {k, 1, 1}}, labels, {m.dy.data(), n, {k, 1, 1}});
  return m;
}

spec::Network ending_with(std::vector<spec::Layer> layers) {
  spec::Network network{.name = "n", .input = {4, 1, 1}, .layers = {}};
  for (auto& layer : layers)
    network.layers.push_back({"l" + std::to_string(network.layers.size()), layer});
  return network;
}

// Outputs that each loss accepts: log-probabilities, logits, or probabilities.
Floats outputs(spec::Loss kind, int n, int k, u64 seed) {
  Floats y = test::normals(std::size_t(n * k), seed);
  if (kind == spec::Loss::nll)
    kernels::log_softmax_rows(y.data(), y.data(), std::size_t(n), std::size_t(k));
  if (kind == spec::Loss::binary_cross_entropy) {
    for (f32& v : y) v = 0.5f + 0.4f * f32(std::sin(double(v)));
  }
  return y;
}

}  // namespace

TEST_CASE("nll: worked by hand", "[nn][loss]") {
  const auto m = measure(spec::Loss::nll, 3, {-1, -2, -0.5f, -0.25f, -3, -4}, {1, 0});
  CHECK(test::near(m.value.mean, 1.125, 0));
  CHECK(m.value.correct == 1);
  CHECK(test::near(m.dy, Floats{0, -0.5f, 0, -0.5f, 0, 0}, 0));
}

TEST_CASE("cross-entropy: worked by hand, and without overflow", "[nn][loss]") {
  // softmax(1, 2, 3) = 0.0900306 0.2447285 0.6652410; -log of them 2.4076060 1.4076060 0.4076060
  const auto m = measure(spec::Loss::cross_entropy, 3, {1, 2, 3, 501, 502, 503}, {0, 2});
  CHECK(test::near(m.value.mean, (2.4076060 + 0.4076060) / 2, 1e-6));
  CHECK(m.value.correct == 1);
  CHECK(test::near(m.dy,
                   Floats{-0.4549847f, 0.1223642f, 0.3326205f, 0.0450153f, 0.1223642f, -0.1673795f},
                   1e-6));
}

TEST_CASE("mse: worked by hand, with several outputs and with one", "[nn][loss]") {
  // (0.5^2 + 0.25^2 + 1^2 + 2^2) / 4
  const auto m = measure(spec::Loss::mse, 2, {0.5f, 0.25f, 1, -1}, {0, 1});
  CHECK(test::near(m.value.mean, 5.3125 / 4, 0));
  CHECK(m.value.correct == 1);
  CHECK(test::near(m.dy, Floats{-0.25f, 0.125f, 0.5f, -1}, 0));
  const auto one = measure(spec::Loss::mse, 1, {0.25f, 0.5f, 0.75f}, {1, 1, 0});
  CHECK(test::near(one.value.mean, (0.5625 + 0.25 + 0.5625) / 3, 1e-7));
  CHECK(one.value.correct == 1);
  CHECK(test::near(one.dy, Floats{-0.5f, -1.0f / 3, 0.5f}, 1e-7));
}

TEST_CASE("binary cross-entropy: worked by hand, with PyTorch's clamps", "[nn][loss]") {
  // -log 0.75 = 0.2876821, -log 0.5 = 0.6931472
  const auto m = measure(spec::Loss::binary_cross_entropy, 1, {0.75f, 0.5f}, {1, 0});
  CHECK(test::near(m.value.mean, (0.2876821 + 0.6931472) / 2, 1e-6));
  CHECK(m.value.correct == 1);
  CHECK(test::near(m.dy, Floats{-0.6666667f, 1}, 1e-6));
  // A certain and wrong output: 100, not infinity; and (1 - 0) / 1e-12 as the gradient. Certain and
  // right: 0.
  const auto edge = measure(spec::Loss::binary_cross_entropy, 2, {1, 0}, {1});
  CHECK(test::near(edge.value.mean, 100, 0));
  CHECK(test::near(edge.dy, Floats{0.5e12f, -0.5e12f}, 0, 1e-6));
  const auto right = measure(spec::Loss::binary_cross_entropy, 2, {0, 1}, {1});
  CHECK(test::near(right.value.mean, 0, 0));
  CHECK(test::near(right.dy, Floats{0, 0}, 0));
}

TEST_CASE("losses: gradients match central differences", "[nn][loss][grad]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const auto [n, k] = GENERATE(table<int, int>({{1, 2}, {3, 10}, {5, 3}, {2, 17}, {4, 1}}));
  const bool classes = kind == spec::Loss::nll || kind == spec::Loss::cross_entropy;
  if (classes && k < 2) return;
  Floats y = outputs(kind, n, k, 3);
  const auto labels = test::labels(std::size_t(n), std::max(k, 2), 4);
  const auto m = measure(kind, k, y, labels);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const f32 keep = y[i], up = keep + 1.0f / 64, down = keep - 1.0f / 64;
    y[i] = up;
    const double high = double(measure(kind, k, y, labels).value.mean);
    y[i] = down;
    const double low = double(measure(kind, k, y, labels).value.mean);
    y[i] = keep;
    CAPTURE(int(kind), n, k, i);
    CHECK(test::near(m.dy[i], (high - low) / (double(up) - double(down)), 1e-3, 1e-2));
  }
}

namespace {

// Two labels for each row, with smoothing.
struct Soft {
  std::vector<u8> labels, others;
  Floats shares;
  f32 smoothing = 0;
  nn::Targets targets() const { return {labels, others, shares, smoothing}; }
};

Measured measure(spec::Loss kind, int k, const Floats& y, const Soft& soft) {
  const int n = int(soft.labels.size());
  Measured m{{}, Floats(y.size(), std::numeric_limits<f32>::quiet_NaN())};
  m.value = nn::loss(kind, {y.data(), n, {k, 1, 1}}, soft.targets(), {m.dy.data(), n, {k, 1, 1}});
  return m;
}

}  // namespace

// The expected values: torch.nn.functional.cross_entropy(y, labels, label_smoothing=0.1), and
// (s * cross_entropy(y, a, 'none', 0.3) + (1 - s) * cross_entropy(y, b, 'none', 0.3)).mean(), in
// float64, with y.grad.
TEST_CASE("label smoothing and mixed labels have PyTorch's values", "[nn][loss]") {
  const Floats logits{1, 2, 3, 5, -1, 0.5f};
  const Soft smooth{{0, 2}, {}, {}, 0.1f};
  const auto m = measure(spec::Loss::cross_entropy, 3, logits, smooth);
  CHECK(test::near(m.value.mean, 3.36055111, 1e-6));
  CHECK(test::near(
      m.dy, Floats{-0.42165138f, 0.10569757f, 0.31595381f, 0.47663053f, -0.01544391f, -0.46118663f},
      1e-6));
  const Soft mixed{{0, 2}, {1, 0}, {0.75f, 0.25f}, 0.3f};
  const auto both = measure(spec::Loss::cross_entropy, 3, logits, mixed);
  CHECK(test::near(both.value.mean, 1.89180111, 1e-6));
  CHECK(test::near(
      both.dy,
      Floats{-0.26748471f, -0.01513576f, 0.28262048f, 0.18079720f, -0.04877724f, -0.13201996f},
      1e-6));
  CHECK(both.value.correct == 1);  // the second row's answer, 0, is what has more share
  Floats log_probabilities = logits;
  kernels::log_softmax_rows(log_probabilities.data(), log_probabilities.data(), 2, 3);
  for (const Soft& soft : {smooth, mixed}) {
    const f32 a = measure(spec::Loss::cross_entropy, 3, logits, soft).value.mean;
    const f32 b = measure(spec::Loss::nll, 3, log_probabilities, soft).value.mean;
    CHECK(test::same_bits(std::span(&a, 1), std::span(&b, 1)));
  }
}

TEST_CASE("soft targets of squares and of one output: worked by hand", "[nn][loss]") {
  // smoothing 0.5: targets 0.25 and 0.75; then half of each label: 0.5 and 0.5
  const auto m = measure(spec::Loss::mse, 2, {0, 0}, Soft{{1}, {}, {}, 0.5f});
  CHECK(test::near(m.value.mean, (0.0625 + 0.5625) / 2, 1e-7));
  CHECK(test::near(m.dy, Floats{-0.25f, -0.75f}, 1e-7));
  const auto one = measure(spec::Loss::mse, 1, {0, 0}, Soft{{1, 1}, {0, 1}, {0.5f, 1}, 0.5f});
  CHECK(test::near(one.value.mean, (0.25 + 0.5625) / 2, 1e-7));
  CHECK(test::near(one.dy, Floats{-0.5f, -0.75f}, 1e-7));
}

TEST_CASE("soft losses: gradients match central differences", "[nn][loss][grad]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const auto [n, k] = GENERATE(table<int, int>({{1, 2}, {3, 10}, {2, 17}, {4, 1}}));
  const f32 smoothing = GENERATE(0.0f, 0.1f, 0.5f);
  const bool classes = kind == spec::Loss::nll || kind == spec::Loss::cross_entropy;
  if (classes && k < 2) return;
  Floats y = outputs(kind, n, k, 3);
  Soft soft{test::labels(std::size_t(n), std::max(k, 2), 4),
            test::labels(std::size_t(n), std::max(k, 2), 5), Floats(std::size_t(n)), smoothing};
  for (std::size_t i = 0; i < soft.shares.size(); ++i) soft.shares[i] = 0.3f + 0.1f * f32(i);
  const auto m = measure(kind, k, y, soft);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const f32 keep = y[i], up = keep + 1.0f / 64, down = keep - 1.0f / 64;
    y[i] = up;
    const double high = double(measure(kind, k, y, soft).value.mean);
    y[i] = down;
    const double low = double(measure(kind, k, y, soft).value.mean);
    y[i] = keep;
    CAPTURE(int(kind), n, k, smoothing, i);
    CHECK(test::near(m.dy[i], (high - low) / (double(up) - double(down)), 1e-3, 1e-2));
  }
}

TEST_CASE("a row that shows no class should find all alike: as smoothing of 1", "[nn][loss]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const Floats y = outputs(kind, 4, 10, 5);
  const auto none = measure(kind, 10, y, std::vector<u8>(4, nn::kNoClass));
  const auto smooth = measure(kind, 10, y, Soft{{1, 2, 3, 4}, {}, {}, 1});
  CHECK(test::same_bits(std::span(&none.value.mean, 1), std::span(&smooth.value.mean, 1)));
  CHECK(test::same_bits(none.dy, smooth.dy));
  CHECK(none.value.correct == 0);
}

TEST_CASE("a mixture that is all of one label is that label, to the bit", "[nn][loss]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const Floats y = outputs(kind, 7, 10, 5);
  const auto labels = test::labels(7, 10, 6);
  const auto plain = measure(kind, 10, y, labels);
  const auto mixed = measure(kind, 10, y, Soft{labels, test::labels(7, 10, 9), Floats(7, 1), 0});
  CHECK(test::same_bits(std::span(&plain.value.mean, 1), std::span(&mixed.value.mean, 1)));
  CHECK(test::same_bits(plain.dy, mixed.dy));
  CHECK(plain.value.correct == mixed.value.correct);
}

TEST_CASE("losses: the value is the same bits without a gradient, and y stays", "[nn][loss]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const Floats y = outputs(kind, 7, 10, 5), copy = y;
  const auto labels = test::labels(7, 10, 6);
  const auto m = measure(kind, 10, y, labels);
  const auto bare = nn::loss(kind, {y.data(), 7, {10, 1, 1}}, labels, {});
  CHECK(test::same_bits(std::span(&bare.mean, 1), std::span(&m.value.mean, 1)));
  CHECK(bare.correct == m.value.correct);
  CHECK(test::same_bits(y, copy));
}

TEST_CASE("cross-entropy is nll of the log-softmax, to the bit", "[nn][loss]") {
  const int n = 5, k = 37;
  const Floats logits = test::normals(std::size_t(n * k), 8);
  Floats log_probabilities = logits;
  kernels::log_softmax_rows(log_probabilities.data(), log_probabilities.data(), std::size_t(n),
                            std::size_t(k));
  const auto labels = test::labels(std::size_t(n), k, 9);
  const f32 a = measure(spec::Loss::cross_entropy, k, logits, labels).value.mean;
  const f32 b = measure(spec::Loss::nll, k, log_probabilities, labels).value.mean;
  CHECK(test::same_bits(std::span(&a, 1), std::span(&b, 1)));
}

TEST_CASE("losses: NaN outputs give a NaN loss", "[nn][loss]") {
  const auto kind = GENERATE(spec::Loss::nll, spec::Loss::cross_entropy, spec::Loss::mse,
                             spec::Loss::binary_cross_entropy);
  const f32 nan = std::numeric_limits<f32>::quiet_NaN();
  CHECK(std::isnan(measure(kind, 2, {nan, nan}, {1}).value.mean));
}

TEST_CASE("decide: the first of the largest; one output against a half", "[nn][loss]") {
  CHECK(nn::decide(Floats{1, 3, 2}) == 1);
  CHECK(nn::decide(Floats{-1, -1}) == 0);
  CHECK(nn::decide(Floats{0, 2, 2, 2}) == 1);
  CHECK(nn::decide(Floats{0.5f}) == 1);
  CHECK(nn::decide(Floats{0.49f}) == 0);
}

TEST_CASE("probabilities follow from the last layer", "[nn][loss]") {
  const auto row = [](std::vector<spec::Layer> layers, Floats y) {
    Floats p(y.size());
    nn::probabilities(ending_with(std::move(layers)), y, p);
    return p;
  };
  const f32 half = std::log(0.5f), quarter = std::log(0.25f);
  CHECK(test::near(row({spec::LogSoftmax{}}, {half, quarter, quarter}), Floats{0.5f, 0.25f, 0.25f},
                   1e-6));
  CHECK(test::near(row({spec::Linear{}}, {half + 7, quarter + 7, quarter + 7}),
                   Floats{0.5f, 0.25f, 0.25f}, 1e-6));
  CHECK(test::near(row({spec::Sigmoid{}}, {0.5f, 1, 0.5f}), Floats{0.25f, 0.5f, 0.25f}, 1e-6));
  CHECK(test::near(row({spec::Softmax{}}, {0.125f, 0.75f, 0.125f}), Floats{0.125f, 0.75f, 0.125f},
                   0));
  CHECK(test::near(row({spec::Sigmoid{}}, {0, 0}), Floats{0.5f, 0.5f}, 0));
  CHECK(test::near(row({spec::Sigmoid{}}, {0.3f}), Floats{0.3f}, 0));
  CHECK(test::near(row({spec::Linear{}}, {-0.5f}), Floats{0}, 0));
  CHECK(test::near(row({spec::Linear{}}, {1.5f}), Floats{1}, 0));
}

TEST_CASE("probabilities may overwrite their outputs", "[nn][loss]") {
  const auto layer = GENERATE(spec::Layer(spec::LogSoftmax{}), spec::Layer(spec::Sigmoid{}),
                              spec::Layer(spec::Softmax{}), spec::Layer(spec::ReLU{}));
  Floats y{0.5f, 0.25f, 2, 1}, p(4);
  nn::probabilities(ending_with({layer}), y, p);
  nn::probabilities(ending_with({layer}), y, y);
  CHECK(test::same_bits(y, p));
}

TEST_CASE("check_loss refuses a loss that does not fit the last layer", "[nn][loss]") {
  using enum spec::Loss;
  const auto log_softmax = ending_with({spec::Linear{}, spec::LogSoftmax{}});
  const auto sigmoid = ending_with({spec::Linear{}, spec::Sigmoid{}});
  const auto softmax = ending_with({spec::Linear{}, spec::Softmax{}});
  const auto logits = ending_with({spec::Linear{}});
  const auto code = [](const Status& s) { return s.ok() ? Code::none : s.problem().code; };
  CHECK(code(nn::check_loss(log_softmax, 10, nll)) == Code::none);
  CHECK(code(nn::check_loss(log_softmax, 10, mse)) == Code::none);
  CHECK(code(nn::check_loss(log_softmax, 10, cross_entropy)) == Code::bad_config);
  CHECK(code(nn::check_loss(log_softmax, 10, binary_cross_entropy)) == Code::bad_config);
  CHECK(code(nn::check_loss(logits, 10, cross_entropy)) == Code::none);
  CHECK(code(nn::check_loss(logits, 10, nll)) == Code::bad_config);
  CHECK(code(nn::check_loss(logits, 1, cross_entropy)) == Code::bad_config);
  CHECK(code(nn::check_loss(logits, 1, mse)) == Code::none);
  CHECK(code(nn::check_loss(log_softmax, 1, nll)) == Code::bad_config);
  CHECK(code(nn::check_loss(sigmoid, 1, binary_cross_entropy)) == Code::none);
  CHECK(code(nn::check_loss(sigmoid, 10, binary_cross_entropy)) == Code::none);
  CHECK(code(nn::check_loss(sigmoid, 10, cross_entropy)) == Code::bad_config);
  CHECK(code(nn::check_loss(sigmoid, 10, nll)) == Code::bad_config);
  CHECK(code(nn::check_loss(softmax, 10, mse)) == Code::none);
  for (const spec::Loss kind : {nll, cross_entropy, binary_cross_entropy}) {
    CAPTURE(int(kind));
    CHECK(code(nn::check_loss(softmax, 10, kind)) == Code::bad_config);
  }
  // The remedy names the layer that is there.
  CHECK(nn::check_loss(softmax, 10, nll).problem().sentence.find("LogSoftmax") !=
        std::string::npos);
  CHECK(nn::check_loss(softmax, 10, cross_entropy).problem().sentence.find("Softmax") !=
        std::string::npos);
}
