// bench: how fast this machine trains and classifies (session/bench.hpp).
#include <cmath>
#include <cstdio>

#include "engine/cli/common.hpp"
#include "engine/session/bench.hpp"
#include "engine/session/micro.hpp"
#include "engine/session/profile.hpp"
#include "engine/session/workloads.hpp"

namespace engine::cli {
namespace {

struct Options {
  session::BenchOptions bench;
  std::string data = "fashion-mnist";
  u32 images = 0;  // all
  int threads = 0;
  bool json = false;
  bool profile = false;
  bool kernels = false;
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

void print(const session::Profile& profile, bool json) {
  if (json) {
    std::printf("%s\n", session::to_json(profile).c_str());
    return;
  }
  std::printf("%s: %.3f ms a step; a product of 512 reaches %.1f GFLOP/s\n",
              profile.workload.c_str(), profile.milliseconds, profile.limit);
  std::printf("%-12s %-12s %-16s %9s %7s %9s %9s\n", "layer", "type", "part", "ms", "share",
              "GFLOP/s", "of limit");
  for (const session::ProfileRow& row : profile.rows) {
    std::printf("%-12s %-12s %-16s %9.4f %5.1f %%", row.layer.c_str(), row.type.c_str(),
                row.part.c_str(), row.milliseconds, row.share * 100);
    if (row.gflops > 0)
      std::printf(" %9.2f %7.1f %%", row.gflops, row.gflops / profile.limit * 100);
    std::printf("\n");
  }
  std::printf("\n");
}

void print(const session::MicroFigure& figure, bool json) {
  if (json) {
    std::printf("%s\n", session::to_json(figure).c_str());
  } else {
    std::printf("%-28s %-34s %9.4f ms %8.2f %-8s %6.1f %%\n", figure.kernel.c_str(),
                figure.shape.c_str(), figure.milliseconds, figure.rate, figure.unit,
                figure.share * 100);
  }
  std::fflush(stdout);
}

Outcome profile(const Options& options, const data::Dataset& data, Pool& pool) {
  std::vector<std::string> names(session::kWorkloads.begin(), session::kWorkloads.end());
  if (!options.bench.workload.empty()) names = {options.bench.workload};
  for (const std::string& name : names) {
    const auto measured = session::profile(name, options.bench.seconds, data, pool);
    if (!measured.ok()) return measured.problem();
    print(*measured, options.json);
  }
  return 0;
}

void keep_first(u32 count, data::Images& images) {
  if (count == 0 || count >= images.count()) return;
  images.labels.resize(count);
  images.pixels.resize(count * images.area());
}

Outcome bench(const Options& options) {
  if (options.kernels) {
    Pool pool(thread_count(options.threads));
    session::run_micro(options.bench.seconds, pool,
                       [&](const session::MicroFigure& figure) { print(figure, options.json); });
    return 0;
  }
  data::Dataset data;
  if (options.bench.workload != "gemm") {
    Result<data::Dataset> loaded = load_data(options.data);
    if (!loaded.ok()) return loaded.problem();
    data = std::move(loaded).value();
    keep_first(options.images, data.train);
  }
  Pool pool(thread_count(options.threads));
  if (options.profile) return profile(options, data, pool);
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
                      "W1, W2, W3, W4, my_net or gemm; default: all");
  CLI::Option* metric =
      command->add_option("--metric", options->bench.metric,
                          "train, infer1, infer256 or time-to-accuracy; default: the first three");
  command->add_option("--windows", options->bench.windows, "the figure is their median")
      ->capture_default_str();
  command->add_option("--seconds", options->bench.seconds, "of each window")
      ->capture_default_str()
      ->check(between(0.01, 600.0));
  command->add_option("--data", options->data, "fashion-mnist, or a folder with four IDX files")
      ->capture_default_str();
  command
      ->add_option("--images", options->images,
                   "only the first so many of its training images: a sample should cost the same")
      ->check(CLI::Range(100, 60000));
  command->add_option("--threads", options->threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 64));
  command->add_flag("--json", options->json, "print one JSON object a line");
  command
      ->add_flag("--profile", options->profile,
                 "the time of each layer's forward, weight gradient and input gradient")
      ->excludes(metric);
  command
      ->add_flag("--kernels", options->kernels,
                 "each kernel alone, and its share of what the machine can do")
      ->excludes(metric)
      ->excludes("--profile")
      ->excludes("--workload");
  return [options] { return bench(*options); };
}

}  // namespace engine::cli
