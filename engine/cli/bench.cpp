// bench: how fast this machine trains and classifies (session/bench.hpp).
#include <cmath>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/session/bench.hpp"

namespace engine::cli {
namespace {

struct Options {
  session::BenchOptions bench;
  std::string data = "fashion-mnist";
  int threads = 0;
  bool json = false;
};

void print(const session::BenchFigure& figure, bool json) {
  if (json) {
    std::printf("%s\n", session::to_json(figure).c_str());
  } else if (std::isnan(figure.value)) {
    std::printf("%-5s %-20s    not reached\n", figure.workload.c_str(), figure.metric.c_str());
  } else {
    std::printf("%-5s %-20s %14.4g %-10s %d threads, %s\n", figure.workload.c_str(),
                figure.metric.c_str(), figure.value, figure.unit.c_str(), figure.threads,
                figure.variant.c_str());
  }
  std::fflush(stdout);
}

Outcome bench(const Options& options) {
  data::Dataset data;
  if (options.bench.workload != "gemm") {
    Result<data::Dataset> loaded = load_data(options.data);
    if (!loaded.ok()) return loaded.problem();
    data = std::move(loaded).value();
  }
  Pool pool(thread_count(options.threads));
  const Status done =
      session::run_bench(options.bench, data, pool,
                         [&](const session::BenchFigure& figure) { print(figure, options.json); });
  if (!done.ok()) return done.problem();
  return 0;
}

}  // namespace

Command add_bench(CLI::App& app) {
  CLI::App* command = app.add_subcommand("bench", "Measure training and classification.");
  auto options = std::make_shared<Options>();
  command->add_option("--workload", options->bench.workload,
                      "W1, W2, W3, W4 or gemm; default: all");
  command->add_option("--metric", options->bench.metric,
                      "train, infer1, infer256 or time-to-accuracy; default: the first three");
  command->add_option("--windows", options->bench.windows, "the figure is their median")
      ->capture_default_str();
  command->add_option("--seconds", options->bench.seconds, "of each window")->capture_default_str();
  command->add_option("--data", options->data, "fashion-mnist, or a folder with four IDX files")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  command->add_flag("--json", options->json, "print one JSON object a line");
  return [options] { return bench(*options); };
}

}  // namespace engine::cli
