#include "engine/train/optimizer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/allocations.hpp"
#include "tests/support/layer_run.hpp"
#include "tests/support/near.hpp"

using namespace engine;
using spec::OptimizerKind;
using test::Floats;

namespace {

// Parameters after each of the steps with these gradients.
std::vector<Floats> steps(const spec::Train& train, Floats parameters,
                          const std::vector<Floats>& gradients, f32 rate) {
  train::Optimizer optimizer(train, parameters.size());
  Pool pool;
  std::vector<Floats> after;
  for (const Floats& g : gradients) {
    optimizer.step(pool, parameters, g, rate);
    after.push_back(parameters);
  }
  return after;
}

}  // namespace

TEST_CASE("sgd: worked by hand", "[train]") {
  const spec::Train plain{.optimizer = OptimizerKind::sgd, .momentum = 0};
  const auto p = steps(plain, {1, -2}, {{0.5f, 1}, {-1, 0}}, 0.1f);
  CHECK(test::near(p[0], Floats{0.95f, -2.1f}, 1e-6));
  CHECK(test::near(p[1], Floats{1.05f, -2.1f}, 1e-6));
}

TEST_CASE("sgd with momentum and with Nesterov's: worked by hand", "[train]") {
  // v: 1, then 0.9 * 1 + 2 = 2.9, then 0.9 * 2.9 - 1 = 1.61
  const spec::Train heavy{.optimizer = OptimizerKind::sgd, .momentum = 0.9f};
  const auto p = steps(heavy, {0}, {{1}, {2}, {-1}}, 0.1f);
  CHECK(test::near(p[0], Floats{-0.1f}, 1e-6));
  CHECK(test::near(p[1], Floats{-0.39f}, 1e-6));
  CHECK(test::near(p[2], Floats{-0.551f}, 1e-6));
  // steps d + 0.9 v: 1.9, then 2 + 2.61 = 4.61, then -1 + 1.449 = 0.449
  spec::Train nesterov = heavy;
  nesterov.nesterov = true;
  const auto q = steps(nesterov, {0}, {{1}, {2}, {-1}}, 0.1f);
  CHECK(test::near(q[0], Floats{-0.19f}, 1e-6));
  CHECK(test::near(q[1], Floats{-0.651f}, 1e-6));
  CHECK(test::near(q[2], Floats{-0.6959f}, 1e-6));
}

TEST_CASE("sgd with weight decay: worked by hand", "[train]") {
  const spec::Train decay{.optimizer = OptimizerKind::sgd, .momentum = 0, .weight_decay = 0.5f};
  const auto p = steps(decay, {2}, {{1}, {1}}, 0.1f);
  CHECK(test::near(p[0], Floats{1.8f}, 1e-6));   // d = 1 + 0.5 * 2
  CHECK(test::near(p[1], Floats{1.61f}, 1e-6));  // d = 1 + 0.5 * 1.8
}

// The expected values of the three cases below, in double:
//   def run(p, gs, lr, wd=0.0, decoupled=False, b1=0.9, b2=0.999, eps=1e-8):
//       m = v = 0.0
//       for t, g in enumerate(gs, 1):
//           if decoupled: p *= 1 - lr * wd
//           else: g += wd * p
//           m = b1 * m + (1 - b1) * g
//           v = b2 * v + (1 - b2) * g * g
//           p -= lr / (1 - b1**t) * m / ((v / (1 - b2**t)) ** 0.5 + eps)
//           print(round(p, 7))
//   run(1.0, (0.5, -0.25, 2.0), 0.1); run(1.0, ..., 0.1, 0.2); run(1.0, ..., 0.1, 0.2, True)
TEST_CASE("adam: three steps by the formula", "[train]") {
  const auto p = steps({.optimizer = OptimizerKind::adam}, {1}, {{0.5f}, {-0.25f}, {2}}, 0.1f);
  CHECK(test::near(p[0], Floats{0.9f}, 1e-6));
  CHECK(test::near(p[1], Floats{0.8733663f}, 1e-6));
  CHECK(test::near(p[2], Floats{0.8063015f}, 1e-6));
}

TEST_CASE("adam with weight decay: three steps by the formula", "[train]") {
  const spec::Train train{.optimizer = OptimizerKind::adam, .weight_decay = 0.2f};
  const auto p = steps(train, {1}, {{0.5f}, {-0.25f}, {2}}, 0.1f);
  CHECK(test::near(p[0], Floats{0.9f}, 1e-6));
  CHECK(test::near(p[1], Floats{0.8407352f}, 1e-6));
  CHECK(test::near(p[2], Floats{0.7658405f}, 1e-6));
}

TEST_CASE("adamw: three steps by the formula", "[train]") {
  const spec::Train train{.optimizer = OptimizerKind::adamw, .weight_decay = 0.2f};
  const auto p = steps(train, {1}, {{0.5f}, {-0.25f}, {2}}, 0.1f);
  CHECK(test::near(p[0], Floats{0.88f}, 1e-6));
  CHECK(test::near(p[1], Floats{0.8357663f}, 1e-6));
  CHECK(test::near(p[2], Floats{0.7519862f}, 1e-6));
}

// The expected values of the three runs below, in double:
//   p = torch.tensor([1., -2.], dtype=torch.float64, requires_grad=True)
//   o = torch.optim.RMSprop([p], lr=0.1, ...)
//   for g in ((0.5, 1), (-0.25, 0), (2, -3)): p.grad = torch.tensor(g).double(); o.step(); print(p)
TEST_CASE("rmsprop: three steps of PyTorch's", "[train]") {
  const std::vector<Floats> gradients{{0.5f, 1}, {-0.25f, 0}, {2, -3}};
  const spec::Train plain{.optimizer = OptimizerKind::rmsprop};
  const auto p = steps(plain, {1, -2}, gradients, 0.1f);
  CHECK(test::near(p[0], Floats{2e-07f, -2.9999999f}, 1e-6));
  CHECK(test::near(p[1], Floats{0.44901337f, -2.9999999f}, 1e-6));
  CHECK(test::near(p[2], Floats{-0.51469932f, -2.05037128f}, 1e-6));
  spec::Train heavy = plain;
  heavy.rms_alpha = 0.9f;
  heavy.rms_momentum = 0.9f;
  const auto q = steps(heavy, {1, -2}, gradients, 0.1f);
  CHECK(test::near(q[0], Floats{0.68377225f, -2.31622776f}, 1e-6));
  CHECK(test::near(q[1], Floats{0.54660923f, -2.60083274f}, 1e-6));
  CHECK(test::near(q[2], Floats{0.11669184f, -2.55408596f}, 1e-6));
  spec::Train decayed = plain;
  decayed.rms_alpha = 0.5f;
  decayed.epsilon = 1e-3f;
  decayed.weight_decay = 0.2f;
  const auto r = steps(decayed, {1, -2}, gradients, 0.1f);
  CHECK(test::near(r[0], Floats{0.85886378f, -2.14108881f}, 1e-6));
  CHECK(test::near(r[1], Floats{0.88087829f, -2.04086124f}, 1e-6));
  CHECK(test::near(r[2], Floats{0.7413847f, -1.90059085f}, 1e-6));
}

TEST_CASE("adam's first step is the rate, whatever the size of the gradient", "[train]") {
  const auto p = steps({.optimizer = OptimizerKind::adam}, {0, 0, 0}, {{1e-4f, -3, 1e6f}}, 0.01f);
  CHECK(test::near(p[0], Floats{-0.01f, 0.01f, -0.01f}, 1e-5));
}

TEST_CASE("optimizers leave padding at zero", "[train]") {
  const auto kind = GENERATE(OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw,
                             OptimizerKind::rmsprop);
  const spec::Train train{.optimizer = kind, .weight_decay = 0.1f};
  const auto p = steps(train, {1, 0, 0}, {{1, 0, 0}, {1, 0, 0}}, 0.1f);
  CAPTURE(int(kind));
  CHECK(p[1][0] < 1);
  CHECK(test::near(test::slice(p[1], 1, 2), Floats{0, 0}, 0));
}

TEST_CASE("optimizers: a restored state continues with the same bits", "[train]") {
  const auto kind = GENERATE(OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw,
                             OptimizerKind::rmsprop);
  const spec::Train train{.optimizer = kind, .rms_momentum = 0.5f, .weight_decay = 0.01f};
  const std::size_t n = 101;
  Pool pool;
  Floats through = test::normals(n, 1);
  train::Optimizer first(train, n);
  for (u64 t = 0; t < 3; ++t) first.step(pool, through, test::normals(n, 10 + t), 0.1f);
  Floats resumed = through;
  train::Optimizer second(train, n);
  REQUIRE(second.restore(first.steps(), first.moments()).ok());
  CHECK(second.steps() == 3);
  for (u64 t = 3; t < 6; ++t) {
    first.step(pool, through, test::normals(n, 10 + t), 0.1f);
    second.step(pool, resumed, test::normals(n, 10 + t), 0.1f);
  }
  CAPTURE(int(kind));
  CHECK(test::same_bits(resumed, through));
  // Without the state, it goes elsewhere: the state matters.
  train::Optimizer fresh(train, n);
  Floats other = through;
  fresh.step(pool, other, test::normals(n, 20), 0.1f);
  first.step(pool, through, test::normals(n, 20), 0.1f);
  CHECK_FALSE(test::same_bits(other, through));
}

TEST_CASE("optimizers refuse a state of another size", "[train]") {
  train::Optimizer adam({.optimizer = OptimizerKind::adam}, 10);
  const Status status = adam.restore(5, Floats(19, 0.0f));
  REQUIRE_FALSE(status.ok());
  CHECK(status.problem().code == Code::bad_file);
  CHECK(adam.steps() == 0);
  CHECK(adam.restore(5, Floats(20, 0.0f)).ok());
  train::Optimizer plain({.optimizer = OptimizerKind::sgd, .momentum = 0}, 10);
  CHECK(plain.moments().empty());
  CHECK_FALSE(plain.restore(1, Floats(10, 0.0f)).ok());
  train::Optimizer rms({.optimizer = OptimizerKind::rmsprop}, 10);
  CHECK_FALSE(rms.restore(1, Floats(20, 0.0f)).ok());
  train::Optimizer heavy({.optimizer = OptimizerKind::rmsprop, .rms_momentum = 0.5f}, 10);
  CHECK_FALSE(heavy.restore(1, Floats(10, 0.0f)).ok());
  CHECK(heavy.restore(1, Floats(20, 0.0f)).ok());
}

TEST_CASE("optimizers: any number of threads gives the same bits, and a step allocates nothing",
          "[train]") {
  const auto kind = GENERATE(OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw,
                             OptimizerKind::rmsprop);
  const spec::Train train{.optimizer = kind, .nesterov = true, .weight_decay = 0.01f};
  const std::size_t n = 300001;  // several ranges, the last one ragged
  const Floats start = test::normals(n, 1), gradients = test::normals(n, 2);
  Floats want;
  for (int threads : {1, 2, 3}) {
    Pool pool(threads);
    train::Optimizer optimizer(train, n);
    Floats p = start;
    const u64 before = test::allocations();
    optimizer.step(pool, p, gradients, 0.1f);
    optimizer.step(pool, p, gradients, 0.05f);
    const u64 after = test::allocations();
    CAPTURE(int(kind), threads);
    CHECK(after == before);
    if (want.empty()) want = p;
    CHECK(test::same_bits(p, want));
  }
}
