#include "engine/session/bench.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/kernels/gemm.hpp"
#include "engine/nn/predict.hpp"
#include "engine/session/scoring.hpp"
#include "engine/session/workloads.hpp"
#include "engine/train/trainer.hpp"

namespace engine::session {
namespace {

struct Bench {
  const BenchOptions& options;
  const data::Dataset& dataset;
  Pool& pool;
  const std::function<void(const BenchFigure&)>& report;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void tell(const Bench& bench, std::string_view name, std::string_view metric, std::string_view unit,
          double value, std::vector<double> windows) {
  bench.report({std::string(name), std::string(metric), value, std::string(unit),
                bench.pool.threads(), kernels::tiles().name, std::move(windows)});
}

// Each window repeats `work`, which returns {amount of work, its seconds}, for the asked time; the
// first is a warm-up.
template <class F>
std::vector<double> rates(const BenchOptions& options, const F& work) {
  std::vector<double> windows;
  for (int window = -1; window < options.windows; ++window) {
    double amount = 0, seconds = 0;
    const double wanted = window < 0 ? std::min(0.5, options.seconds) : options.seconds;
    while (seconds < wanted) {
      const auto [done, took] = work();
      amount += done;
      seconds += took;
    }
    if (window >= 0) windows.push_back(amount / seconds);
  }
  return windows;
}

struct Worked {
  double amount = 0, seconds = 0;
};

Status bench_train(const Bench& bench, std::string_view name) {
  const Workload w = workload_of(name);
  const auto begin = [&] {
    return train::Trainer::create(w.network, w.train, bench.dataset.train, bench.pool);
  };
  auto trainer = begin();
  if (!trainer.ok()) return trainer.problem();
  const auto windows = rates(bench.options, [&]() -> Worked {
    for (;;) {  // validation is not counted
      if ((*trainer)->phase() == train::Phase::finished) trainer = begin();
      const double start = now();
      const train::Trainer::Did did = (*trainer)->step();
      const double seconds = now() - start;
      if (did == train::Trainer::Did::trained)
        return {double((*trainer)->take_mean().samples), seconds};
    }
  });
  tell(bench, name, "train", "samples/s", median(windows), windows);
  return Done{};
}

Status bench_infer(const Bench& bench, std::string_view name, u32 batch) {
  const Workload w = workload_of(name);
  Result<nn::Network> network = nn::Network::create(w.network, 1);
  if (!network.ok()) return network.problem();
  const data::Images& images = bench.dataset.train;
  const u32 held = std::min(images.count(), std::max(batch, 1024u));
  std::vector<f32> x(std::size_t(held) * images.area());
  std::vector<u8> labels(held);
  data::assemble(images, all_ids(held), x, labels);
  u32 first = 0;
  auto windows = rates(bench.options, [&]() -> Worked {
    if (first + batch > held) first = 0;
    const u32 n = std::min(batch, held);
    const double start = now();
    nn::predict(*network, bench.pool, {x.data() + first * images.area(), int(n), w.network.input},
                int(n), std::span(labels).first(n), {});
    first += n;
    return {double(n), now() - start};
  });
  if (batch > 1) {
    tell(bench, name, "infer256", "samples/s", median(windows), windows);
    return Done{};
  }
  for (double& v : windows) v = 1000 / v;
  tell(bench, name, "infer1", "ms", median(windows), windows);
  return Done{};
}

Status bench_time_to_accuracy(const Bench& bench, std::string_view name) {
  const Workload w = workload_of(name);
  auto trainer = train::Trainer::create(w.network, w.train, bench.dataset.train, bench.pool);
  if (!trainer.ok()) return trainer.problem();
  constexpr std::array<double, 3> kGoals{0.85, 0.88, 0.90};
  constexpr u32 kStepsBetween = 50;
  const double limit = bench.options.seconds * bench.options.windows;
  std::size_t reached = 0;
  double seconds = 0;
  const auto goal = [&] {
    return "time-to-accuracy-" + std::to_string(int(kGoals[reached] * 100 + 0.5));
  };
  while (reached < kGoals.size() && seconds < limit &&
         (*trainer)->phase() != train::Phase::finished) {
    const double start = now();
    if ((*trainer)->step() != train::Trainer::Did::trained) continue;
    seconds += now() - start;
    if ((*trainer)->steps_done() % kStepsBetween != 0) continue;
    auto scoring =
        Scoring::create((*trainer)->network(), w.train.loss, bench.dataset.test,
                        all_ids(bench.dataset.test.count()), bench.pool, w.train.permute);
    if (!scoring.ok()) return scoring.problem();
    while ((*scoring)->step()) {
    }
    const double accuracy = (*scoring)->confusion().accuracy().value;
    for (; reached < kGoals.size() && accuracy >= kGoals[reached]; ++reached)
      tell(bench, name, goal(), "s", seconds, {seconds});
  }
  for (; reached < kGoals.size(); ++reached) tell(bench, name, goal(), "s", std::nan(""), {});
  return Done{};
}

void bench_gemm(const Bench& bench) {
  constexpr int kSide = 512;
  const kernels::GemmShape shape{kSide, kSide, kSide};
  const std::size_t size = std::size_t(kSide) * kSide;
  std::vector<f32> a(size, 0.5f), b(size, 0.25f), c(size), shared(kernels::gemm_nt_shared(shape));
  bench.pool.reserve_scratch(kernels::gemm_nt_worker(shape));
  const auto windows = rates(bench.options, [&]() -> Worked {
    const double start = now();
    kernels::gemm_nt(bench.pool, shape, a.data(), b.data(), nullptr, c.data(), shared.data());
    return {2e-9 * kSide * kSide * kSide, now() - start};
  });
  tell(bench, "gemm", "gemm512", "GFLOP/s", median(windows), windows);
}

Status run_workload(const Bench& bench, std::string_view name) {
  const std::string& metric = bench.options.metric;
  Status status = Done{};
  if (metric.empty() || metric == "train") status = bench_train(bench, name);
  if (status.ok() && (metric.empty() || metric == "infer1")) status = bench_infer(bench, name, 1);
  if (status.ok() && (metric.empty() || metric == "infer256"))
    status = bench_infer(bench, name, 256);
  if (status.ok() && metric == "time-to-accuracy") status = bench_time_to_accuracy(bench, name);
  return status;
}

}  // namespace

double product_limit(double seconds, Pool& pool) {
  const BenchOptions options{"gemm", "", 3, seconds};
  const data::Dataset none;
  double limit = 0;
  const std::function<void(const BenchFigure&)> take = [&](const BenchFigure& figure) {
    limit = figure.value;
  };
  bench_gemm({options, none, pool, take});
  return limit;
}

std::string to_json(const BenchFigure& figure) {
  const auto number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return std::isfinite(value) ? std::string(text) : std::string("null");
  };
  std::string windows;
  for (double v : figure.windows) windows += (windows.empty() ? "" : ",") + number(v);
  return R"({"workload":")" + figure.workload + R"(","metric":")" + figure.metric +
         R"(","value":)" + number(figure.value) + R"(,"unit":")" + figure.unit + R"(","threads":)" +
         std::to_string(figure.threads) + R"(,"variant":")" + figure.variant + R"(","windows":[)" +
         windows + "]}";
}

Status run_bench(const BenchOptions& options, const data::Dataset& dataset, Pool& pool,
                 const std::function<void(const BenchFigure&)>& report) {
  if (Status valid = check(options, dataset); !valid.ok()) return valid;
  const Bench bench{options, dataset, pool, report};
  if (options.workload.empty() || options.workload == "gemm") bench_gemm(bench);
  for (std::string_view name : kWorkloads) {
    if (!options.workload.empty() && options.workload != name) continue;
    if (Status status = run_workload(bench, name); !status.ok()) return status;
  }
  return Done{};
}

}  // namespace engine::session
