#include "engine/session/workloads.hpp"

#include <algorithm>
#include <array>

#include "engine/spec/catalogue.hpp"
#include "engine/train/fit.hpp"

namespace engine::session {
namespace {

constexpr std::array<std::string_view, 4> kMetrics{"train", "infer1", "infer256",
                                                   "time-to-accuracy"};

template <std::size_t N>
bool known(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

spec::Network small_network(std::string_view name, std::vector<spec::NamedLayer> layers) {
  layers.push_back({"log_softmax", spec::LogSoftmax{}});
  return {std::string(name), {1, 28, 28}, std::move(layers)};
}

}  // namespace

Workload workload_of(std::string_view name) {
  Workload w;
  w.train.fraction = 1;
  w.train.validation = 0.01f;
  w.train.epochs = 1000;
  w.train.optimizer = spec::OptimizerKind::sgd;
  w.train.learning_rate = 0.05f;
  w.train.momentum = name == "W1" ? 0.0f : 0.9f;
  const spec::NamedLayer flatten{"flatten", spec::Flatten{}}, relu{"relu", spec::ReLU{}};
  const auto linear = [](std::string layer, int out) {
    return spec::NamedLayer{std::move(layer), spec::Linear{.out = out}};
  };
  if (name == "W1") {
    w.network = small_network(name, {flatten, linear("fc", 10)});
  } else if (name == "W2") {
    w.network = small_network(name, {flatten, linear("fc1", 1000), relu, linear("fc2", 10)});
  } else if (name == "W3") {
    w.network = small_network(
        name, {{"conv", spec::Conv2d{.out = 32, .kernel = 3, .stride = 2, .padding = 1}},
               relu,
               flatten,
               linear("fc", 10)});
  } else {
    w.network = *spec::find_in_zoo(name == "W4" ? "lab_cnn" : name);
    w.train.optimizer = spec::OptimizerKind::adam;
    w.train.learning_rate = 1e-3f;
  }
  return w;
}

Status check(const BenchOptions& options, const data::Dataset& dataset) {
  if (!options.workload.empty() && options.workload != "gemm" &&
      !known(kWorkloads, options.workload)) {
    return Problem{Code::bad_config, "There is no workload '" + options.workload +
                                         "'. Choose W1, W2, W3, W4, my_net or gemm."};
  }
  if (!options.metric.empty() && !known(kMetrics, options.metric)) {
    return Problem{Code::bad_config, "There is no metric '" + options.metric +
                                         "'. Choose train, infer1, infer256 or time-to-accuracy."};
  }
  if (options.windows < 1 || options.windows > 100 ||
      !(options.seconds >= 0.01 && options.seconds <= 600)) {
    return Problem{Code::bad_config, "A bench has 1 to 100 windows of 0.01 to 600 seconds."};
  }
  if (options.workload == "gemm") return Done{};
  if (dataset.train.count() < 100 || dataset.test.count() == 0) {
    return Problem{Code::wrong_state,
                   "The workloads need training and test images. Load a data set first."};
  }
  const Workload first = workload_of(kWorkloads[0]);  // all take the same images and labels
  return train::check_fit(first.network, first.train, dataset.train);
}

}  // namespace engine::session
